-- The sandbox as a network: conversations, quotes, pictures, what people do with posts, what each is told, and what its audience is about to do.
alter table sandbox_account
  add column bio text not null default '',
  -- Of the cast that answers personas.
  add column audience boolean not null default false,
  -- Says of itself that it is a program.
  add column bot boolean not null default false;
create index sandbox_account_token on sandbox_account (token_hash);
update sandbox_account set audience = true where id like 'audience-%';

alter table sandbox_post
  add column quote_of text references sandbox_post (id) deferrable initially deferred,
  -- The first post of its conversation; null for that one itself.
  add column root text references sandbox_post (id) deferrable initially deferred,
  -- Its key stays taken; its words are gone.
  add column deleted_at timestamptz,
  -- A backup has posts in the order of their ids: an answer may stand before what it answers.
  alter constraint sandbox_post_reply_to_fkey deferrable initially deferred;
create index sandbox_post_quotes on sandbox_post (quote_of);
create index sandbox_post_root on sandbox_post (root, seq);
create index sandbox_post_account on sandbox_post (account_id, seq);
create index sandbox_post_begin on sandbox_post (seq) where root is null;

with recursive conversation as (
  select id, id as root from sandbox_post where reply_to is null
  union all
  select answer.id, conversation.root from sandbox_post answer join conversation on answer.reply_to = conversation.id
)
update sandbox_post set root = conversation.root from conversation
 where conversation.id = sandbox_post.id and sandbox_post.reply_to is not null;

create table sandbox_blob (
  -- SHA-256 (hex) of the bytes.
  sha256 text primary key,
  mime text not null,
  bytes bytea not null,
  created_at timestamptz not null
);
create index sandbox_blob_age on sandbox_blob (created_at);

create table sandbox_media (
  post_id text not null references sandbox_post (id),
  place smallint not null,
  sha256 text not null references sandbox_blob (sha256),
  alt text not null,
  primary key (post_id, place)
);
create index sandbox_media_blob on sandbox_media (sha256);

create table sandbox_mark (
  post_id text not null references sandbox_post (id),
  kind text not null check (kind in ('like', 'repost')),
  account_id text not null references sandbox_account (id),
  created_at timestamptz not null,
  primary key (post_id, kind, account_id)
);

create table sandbox_follow (
  account_id text not null references sandbox_account (id),
  subject_id text not null references sandbox_account (id),
  created_at timestamptz not null,
  primary key (subject_id, account_id)
);

-- What an account is told. `id` says the same thing the same way for ever, so that nothing is told twice.
create table sandbox_notice (
  account_id text not null references sandbox_account (id),
  id text not null,
  kind text not null check (kind in ('mention', 'reply', 'quote', 'like', 'repost', 'follow')),
  actor_id text not null references sandbox_account (id),
  -- What was said, where something was.
  post_id text references sandbox_post (id),
  about text references sandbox_post (id),
  created_at timestamptz not null,
  seq bigint generated always as identity,
  primary key (account_id, id)
);
create index sandbox_notice_order on sandbox_notice (account_id, seq);
create index sandbox_notice_post on sandbox_notice (post_id);

-- Answers of before keep their number: whoever has read up to one goes on behind it.
insert into sandbox_notice (account_id, id, kind, actor_id, post_id, about, created_at, seq) overriding system value
  select mine.account_id, answer.id, 'reply', answer.account_id, answer.id, mine.id, answer.created_at, answer.seq
    from sandbox_post answer join sandbox_post mine on mine.id = answer.reply_to and mine.account_id <> answer.account_id;
select setval(pg_get_serial_sequence('sandbox_notice', 'seq'), coalesce(max(seq), 0) + 1, false) from sandbox_post;

-- What the audience is about to do; kept for an hour when it is done, to be counted.
create table sandbox_act (
  id text primary key,
  account_id text not null references sandbox_account (id),
  kind text not null check (kind in ('reply', 'quote', 'mention', 'like', 'repost', 'follow')),
  about text not null references sandbox_post (id),
  text text not null,
  due_at timestamptz not null,
  planned_at timestamptz not null,
  done_at timestamptz
);
create index sandbox_act_due on sandbox_act (due_at, id) where done_at is null;
create index sandbox_act_planned on sandbox_act (planned_at);
create index sandbox_act_about on sandbox_act (about);
