-- What can be answered and is not: listed first, and counted beside every page.
create index interaction_open on interaction (position) include (stream)
  where answered_by is null and summons and kind in ('mention', 'reply', 'quote');
