-- The sandbox: a small social network of our own, so that the whole loop runs without an account. Not part of the log.
create table sandbox_account (
  id text primary key,
  handle text not null unique,
  name text not null,
  token_hash text,
  created_at timestamptz not null
);

create table sandbox_post (
  id text primary key,
  account_id text not null references sandbox_account (id),
  key text not null,
  text text not null,
  language text not null,
  reply_to text references sandbox_post (id),
  created_at timestamptz not null,
  seq bigint generated always as identity,
  unique (account_id, key)
);
create index sandbox_post_order on sandbox_post (created_at);
create index sandbox_post_replies on sandbox_post (reply_to);
