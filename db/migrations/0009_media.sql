-- Pictures of posts, exactly as they go out, under the hash of their bytes. They came from our people: no foreign words. Referred to
-- from events and posts by hash alone, so that neither carries the bytes.
create table media (
  sha256 text primary key check (sha256 ~ '^[0-9a-f]{64}$'),
  mime text not null,
  width int not null,
  height int not null,
  bytes int not null,
  data bytea not null,
  -- Whose it is; null once several have given the same.
  persona text,
  -- When it was last given or used: what no post refers to is kept from then on for a while.
  created_at timestamptz not null default now()
);
-- Compressed already.
alter table media alter column data set storage external;
create index media_created on media (created_at);

-- Which posts have a picture at all, so that looking for what is in use passes the others by.
create index post_media on post (id) where jsonb_path_exists(content, '$.parts[*].media[*]');
