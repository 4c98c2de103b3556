-- The file that a persona was imported from, byte for byte unless it held secrets. Foreign words: not part of the log.
create index event_deleted on event (stream) where type = 'PersonaDeleted';

create table persona_file (
  stream text primary key,
  bytes bytea not null,
  media_type text not null,
  redacted boolean not null,
  kept_at timestamptz not null default now()
);
