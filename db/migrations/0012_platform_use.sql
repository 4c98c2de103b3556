-- What platforms say of their limits, what calls cost, how the last one went. Not made from events: losing it costs a refused call.
create table platform_window (
  connection_id text not null,
  name text not null,
  stream text not null,
  holds text not null,
  max bigint not null,
  remaining bigint not null,
  reset_at timestamptz not null,
  primary key (connection_id, name)
);
create index platform_window_stream on platform_window (stream);

create table platform_spend (
  connection_id text not null,
  day date not null,
  what text not null,
  stream text not null,
  count bigint not null,
  micro_usd bigint not null,
  primary key (connection_id, day, what)
);
create index platform_spend_day on platform_spend (day);

create table platform_call (
  connection_id text primary key,
  stream text not null,
  last_at timestamptz not null,
  last_ok_at timestamptz,
  error text,
  error_at timestamptz
);
create index platform_call_stream on platform_call (stream);

alter table post add column set_id text;
alter table post add column answering jsonb;
alter table post add column evidence jsonb not null default '[]';
alter table post add column measured jsonb;
alter table post add column measured_at timestamptz;
alter table post add column removing boolean not null default false;
create index post_set on post (set_id) where set_id is not null;

alter table interaction add column author_hash text;
alter table interaction add column summons boolean not null default true;
alter table interaction add column by_bot boolean not null default false;
alter table interaction add column answered_by text;

alter table connection add column words_to_model boolean;
alter table connection add column checked_at timestamptz;
alter table connection add column checking boolean not null default false;
