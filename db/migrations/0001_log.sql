-- The event log. One writer, fenced by `epoch`; positions contiguous from 1, assigned by that writer.

create table writer (
  one boolean primary key default true check (one),
  -- Raised by every start, takeover and recovery: whoever holds an older one can write nothing more.
  epoch bigint not null default 0,
  -- Position of the last event.
  head bigint not null default 0,
  -- Who holds the epoch: the process's own id, the machine, and its connection here.
  instance uuid,
  -- What `instance` raised the epoch to: where they differ, somebody else has raised it since.
  held bigint,
  host text,
  backend integer,
  backend_start timestamptz,
  since timestamptz
) with (fillfactor = 10);

insert into writer default values;

create table event (
  position bigint primary key,
  version integer not null check (version > 0),
  schema smallint not null check (schema > 0),
  id uuid not null unique,
  at timestamptz not null,
  stream text not null,
  type text not null,
  cause text,
  correlation text,
  by text not null,
  data jsonb not null,
  unique (stream, version)
);

-- Which caller has given which command: a redelivered one is answered from here, a refused one too.
create table command (
  scope text not null,
  id text not null,
  body_hash text not null,
  stream text not null,
  first bigint,
  last bigint,
  refusal jsonb,
  at timestamptz not null,
  primary key (scope, id)
);

create table snapshot (
  stream text primary key,
  version integer not null,
  schema integer not null,
  state jsonb not null
);

-- Text of people outside and whatever quotes it. `content` and `author` go when a rule says so; the row stays and says when and why.
create table foreign_words (
  id uuid primary key,
  stream text not null,
  kind text not null,
  platform text not null,
  author text,
  content jsonb,
  created_at timestamptz not null,
  purge_at timestamptz,
  removed_at timestamptz,
  rule text,
  check ((removed_at is null) = (rule is null)),
  check (removed_at is null or content is null)
);

create index foreign_words_purge_at on foreign_words (purge_at) where removed_at is null and purge_at is not null;
create index foreign_words_author on foreign_words (platform, author) where author is not null;
