-- Secrets, encrypted: each row is bound to its id (and version) by the cipher's additional data.
create table vault (
  id text primary key,
  version integer not null check (version > 0),
  key_id text not null,
  nonce bytea not null check (octet_length(nonce) = 12),
  ciphertext bytea not null,
  updated_at timestamptz not null default now()
);

-- Tells the right key from a wrong one before anything is decrypted. One row.
create table vault_key_check (
  only_row boolean primary key default true check (only_row),
  key_id text not null,
  nonce bytea not null check (octet_length(nonce) = 12),
  ciphertext bytea not null
);

-- Which DATA_DIR and which server this database was last run with: when they differ, it was restored or copied. One row at most.
create table instance (
  only_row boolean primary key default true check (only_row),
  id uuid not null,
  -- Null where the server does not tell.
  system_identifier text,
  database_oid bigint not null,
  accepted_at timestamptz not null default now()
);
