-- When a sleeping persona is to look at its platforms. Not made from events: looking is no fact, and losing this costs a look.
create table listening (
  stream text primary key,
  at timestamptz not null
);
create index listening_at on listening (at);
