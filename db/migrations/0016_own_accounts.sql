-- Each account that a persona has or had, made from events: a connection that leads to another one now leaves no other trace of it.
create table own_account (
  stream text not null,
  platform text not null,
  account_id text not null,
  -- As it was when it was connected last, in small letters.
  handle text not null,
  -- Of platform and id, see `authorHash`.
  hash text not null,
  primary key (stream, platform, account_id)
);
create index own_account_account on own_account (platform, (lower(account_id)));
create index own_account_handle on own_account (platform, handle);
create index own_account_hash on own_account (hash);

insert into own_account (stream, platform, account_id, handle, hash)
select distinct on (stream, platform, account_id) stream, platform, account_id, lower(handle),
  encode(sha256(convert_to('[' || to_json(platform)::text || ',' || to_json(account_id)::text || ']', 'UTF8')), 'hex')
from (
  select stream, position, data ->> 'platform' as platform, data ->> 'accountId' as account_id, data ->> 'handle' as handle
  from event where type = 'ConnectionLinked'
) linked
order by stream, platform, account_id, position desc;

-- What began to be sent and is neither out nor given up; and what is out, as links and answers name it.
alter table said add column going boolean not null default false, add column posted text[] not null default '{}';
alter table said alter column going drop default, alter column posted drop default;
update said s set going = true from post p
where p.id = s.id and s.position is not null and p.status in ('publishing', 'uncertain');
update said s set at = p.published_at from post p
where p.id = s.id and s.position is not null and p.published_at is not null;
update said s set posted = array(
  select distinct 'post ' || p.platform || ' ' || case p.platform
    when 'bluesky' then regexp_replace(one ->> 'id', '^at://.*/', '')
    when 'linkedin' then coalesce(substring(one ->> 'id' from '(?:activity|share|ugcPost):([0-9]+)'), one ->> 'id')
    else one ->> 'id' end
  from jsonb_array_elements(p.sent) one where one ->> 'id' !~ '^https?://'
) from post p where p.id = s.id and p.sent <> '[]';
create index said_posted on said using gin (posted) with (fastupdate = off) where posted <> '{}';
drop index post_sent;
