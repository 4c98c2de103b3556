-- Projections: made from events, for reading. Dropped and replayed by `deno task rebuild`.
create table persona (
  id text primary key,
  name text not null,
  life text not null,
  identity jsonb not null,
  origin text not null,
  format text,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  created_position bigint not null,
  version bigint not null
);
create index persona_order on persona (created_position);

create table connection (
  id text primary key,
  stream text not null,
  platform text not null,
  account_id text not null,
  handle text not null,
  service text not null,
  disclosure text not null,
  linked boolean not null,
  health text not null,
  reason text,
  linked_at timestamptz not null
);
create index connection_stream on connection (stream);
create unique index connection_account on connection (platform, account_id) where linked;

create table post (
  id text primary key,
  stream text not null,
  connection_id text not null,
  platform text not null,
  brief text not null,
  status text not null,
  writing text not null,
  trouble text,
  content jsonb,
  content_hash text,
  prepared boolean not null,
  verdicts jsonb not null,
  provenance jsonb,
  approval jsonb,
  slot_at timestamptz,
  slot_zone text,
  url text,
  sent jsonb not null,
  attempts bigint not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  published_at timestamptz,
  created_position bigint not null,
  updated_position bigint not null
);
create index post_stream on post (stream, created_position);
create index post_counts on post (stream) include (status, writing, updated_at);
create index post_status on post (status, updated_position);
create index post_order on post (created_position);

create table interaction (
  id text primary key,
  stream text not null,
  connection_id text not null,
  kind text not null,
  post_id text,
  words_ref text not null,
  said_at timestamptz not null,
  received_at timestamptz not null,
  position bigint not null
);
create index interaction_order on interaction (position);
create index interaction_stream on interaction (stream, position);

create table memory (
  id text primary key,
  stream text not null,
  kind text not null,
  post_id text,
  text text not null,
  at timestamptz not null,
  position bigint not null
);
create index memory_stream on memory (stream, position);

-- What has to happen and when: the supervisor wakes personas from this table alone.
create table due (
  stream text not null,
  reason text not null,
  ref text not null,
  at timestamptz not null,
  primary key (stream, reason, ref)
);
create index due_at on due (at);
