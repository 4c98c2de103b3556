import type { Sql } from "../sql.ts";

/** Most personas that are woken at one look. */
const AT_ONCE = 200;

/** What may not go out: everything, or what these name. */
export interface HeldBack {
  all: boolean;
  platforms: string[];
  personas: string[];
  posts: string[];
}

const NOTHING_HELD: HeldBack = { all: false, platforms: [], personas: [], posts: [] };

/**
 * Personas for whom something is due by `now` (ISO), the longest due first. Left out are what a paused one may not begin, what
 * needs an account that cannot be reached or was replaced by another one, posts that are `held` back, parked personas, and those in `without`: woken a moment
 * ago, they would keep the others from their turn.
 */
export async function personasWithDue(
  sql: Sql,
  now: string,
  without: string[],
  held: HeldBack = NOTHING_HELD,
): Promise<string[]> {
  const rows = await sql.query<{ stream: string }>(
    `select due.stream from due join persona on persona.id = due.stream
        left join post on post.id = due.ref left join connection on connection.id = post.connection_id
      where due.at <= $1 and persona.parked is null
        and (due.reason <> 'measure' or persona.life = 'active')
        and (due.reason not in ('slot', 'publish', 'remove')
          or (persona.life = 'active' or due.reason = 'remove') and not $4
          and coalesce(post.platform, '') <> all ($5::text[]) and due.stream <> all ($6::text[])
          and due.ref <> all ($7::text[]))
        and (due.reason not in ('prepare', 'publish', 'reconcile', 'remove', 'measure') or connection.linked and connection.health = 'ok')
        and (due.reason not in ('publish', 'reconcile', 'remove', 'measure')
          or post.content ->> 'accountId' is not distinct from connection.account_id)
        and due.stream <> all ($3::text[])
      group by due.stream order by min(due.at) limit $2`,
    [now, AT_ONCE, without, held.all, held.platforms, held.personas, held.posts],
  );
  return rows.map((row) => row.stream);
}

/** Every persona that has something open which goes outward. */
export async function personasWithOutward(sql: Sql): Promise<string[]> {
  const rows = await sql.query<{ stream: string }>(
    `select distinct stream from due where reason in ('slot', 'publish', 'interrupted', 'remove') order by stream`,
  );
  return rows.map((row) => row.stream);
}
