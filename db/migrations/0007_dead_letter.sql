-- Commands that made their persona stop twice, and personas for which nothing runs until somebody says so: made from events.
create table dead_letter (
  stream text not null,
  id text not null,
  command_id text not null,
  type text not null,
  at timestamptz not null,
  by text not null,
  reason text not null,
  crashes bigint not null,
  status text not null,
  body jsonb,
  position bigint not null,
  primary key (stream, id)
);
create index dead_letter_order on dead_letter (position);
create index dead_letter_stream on dead_letter (stream, position);
create index dead_letter_open on dead_letter (stream) where status = 'open';

alter table persona add column parked jsonb;
create index persona_parked on persona (id) where parked is not null;
