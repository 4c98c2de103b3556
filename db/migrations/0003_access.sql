-- People, their sessions, bearer tokens and one-time links. Rows, never events. Secrets only as hashes.

create table access_user (
  id uuid primary key,
  name text not null,
  -- The name as it is compared at log-in: NFKC, small letters.
  name_key text not null unique,
  role text not null check (role in ('owner')),
  -- A PHC string.
  password_hash text not null,
  created_at timestamptz not null,
  password_changed_at timestamptz not null
);

create table access_session (
  -- SHA-256 (hex) of what the cookie holds.
  key text primary key,
  user_id uuid not null references access_user on delete cascade,
  created_at timestamptz not null,
  -- Written at most once a minute.
  last_seen_at timestamptz not null,
  -- Where and with what it was opened, to be recognised in a list.
  address text not null,
  user_agent text not null
);
create index access_session_user on access_session (user_id, last_seen_at);
create index access_session_last_seen on access_session (last_seen_at);
create index access_session_created on access_session (created_at);

create table access_token (
  id text primary key,
  name text not null,
  -- SHA-256 (hex) of the whole token.
  hash text not null,
  scopes text[] not null,
  -- Who made it; null when ADMIN_TOKEN did.
  user_id uuid references access_user on delete cascade,
  created_at timestamptz not null,
  expires_at timestamptz,
  -- Written at most once a minute.
  last_used_at timestamptz,
  -- A revoked token stays, so that what it once did keeps a name.
  revoked_at timestamptz
);

-- One link of each kind at a time; taking it deletes it.
create table access_link (
  kind text primary key check (kind in ('set_up', 'recovery')),
  hash text not null,
  expires_at timestamptz not null
);
