-- What posts say and on what, made from events: for rules that look at all personas. A row has a position from when its post
-- began to be sent, until it is known not to have gone out.
create table said (
  id text primary key,
  stream text not null,
  platform text not null,
  position bigint,
  at timestamptz,
  out boolean not null,
  bands int[] not null,
  subjects text[] not null,
  interaction_id text,
  target text,
  check ((position is null) = (at is null))
);
-- Without the list of pending entries, which every look would go through.
create index said_bands on said using gin (bands) with (fastupdate = off) where position is not null;
create index said_subjects on said using gin (subjects) with (fastupdate = off) where position is not null;
create index said_interaction on said (interaction_id) where interaction_id is not null;
create index said_target on said (target) where target is not null;

create index interaction_author on interaction (author_hash) where author_hash is not null;
-- Whose post a link or an answer leads to.
create index post_sent on post using gin (sent jsonb_path_ops) with (fastupdate = off) where sent <> '[]';

-- Identities of before this field was there; their events are folded in the same way.
update persona set identity = identity || '{"mayMention": []}' where not identity ? 'mayMention';
