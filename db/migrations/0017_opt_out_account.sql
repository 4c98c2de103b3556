-- Somebody who asked to be left alone and is known by a handle alone is heard: from then on their account is, which keeps its id
-- when it takes another handle, and when what it said is erased.
create or replace function keep_opted_out_account() returns trigger language plpgsql as $$
declare
  entry opt_out;
begin
  delete from opt_out
  where platform = new.platform and account_id = '@' || ltrim(lower(new.content ->> 'authorHandle'), '@')
  returning * into entry;
  if found then
    entry.account_id := new.author;
    insert into opt_out overriding system value select entry.*
    on conflict do nothing;
  end if;
  return null;
end $$;

create trigger keep_opted_out_account after insert on foreign_words
for each row when (new.author is not null and new.content ->> 'authorHandle' <> '')
execute function keep_opted_out_account();
