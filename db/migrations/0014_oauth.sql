-- Connections that are being made: what was asked of a platform, then who answered, until a person confirms it. Ten minutes each, and
-- sealed as the vault's rows are: bound to the stage, the hash and the session that began it.
create table oauth_state (
  -- SHA-256 (hex) of what the platform sends back, or of what names the answer to the person.
  hash text primary key,
  stage text not null check (stage in ('asked', 'answered')),
  -- Of the session; see access_session.
  session_key text not null,
  key_id text not null,
  nonce bytea not null check (octet_length(nonce) = 12),
  ciphertext bytea not null,
  expires_at timestamptz not null
);
create index oauth_state_session on oauth_state (session_key, expires_at);
create index oauth_state_expires on oauth_state (expires_at);
