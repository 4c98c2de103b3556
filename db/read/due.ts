import type { Sql } from "../sql.ts";

/** Most personas that are woken at one look. */
const AT_ONCE = 200;

/**
 * Personas for whom something is due by `now` (ISO), the longest due first. What a paused one may not begin is left out, and
 * so are those in `without`: woken a moment ago, they would keep the others from their turn.
 */
export async function personasWithDue(sql: Sql, now: string, without: string[]): Promise<string[]> {
  const rows = await sql.query<{ stream: string }>(
    `select due.stream from due join persona on persona.id = due.stream
      where due.at <= $1 and (persona.life = 'active' or due.reason not in ('slot', 'publish'))
        and due.stream <> all ($3::text[])
      group by due.stream order by min(due.at) limit $2`,
    [now, AT_ONCE, without],
  );
  return rows.map((row) => row.stream);
}

/** Every persona that has something open which goes outward. */
export async function personasWithOutward(sql: Sql): Promise<string[]> {
  const rows = await sql.query<{ stream: string }>(
    `select distinct stream from due where reason in ('slot', 'publish', 'interrupted') order by stream`,
  );
  return rows.map((row) => row.stream);
}
