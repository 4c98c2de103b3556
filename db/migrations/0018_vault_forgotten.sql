-- Whose secret is gone keeps its version: the next one counts on, so that a late renewal of the old secret finds another version.
alter table vault
  alter column key_id drop not null,
  alter column nonce drop not null,
  alter column ciphertext drop not null,
  add check (num_nonnulls(key_id, nonce, ciphertext) in (0, 3));
