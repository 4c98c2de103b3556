import type { Sql } from "../sql.ts";

/** Active personas that are to look at their platforms by `now` (ISO), the longest due first. */
export async function personasToListen(sql: Sql, now: string, limit: number): Promise<string[]> {
  const rows = await sql.query<{ stream: string }>(
    `select listening.stream from listening join persona on persona.id = listening.stream
      where listening.at <= $1 and persona.life = 'active' and persona.parked is null
        and exists (select from connection where connection.stream = listening.stream and connection.linked
          and connection.health = 'ok')
      order by listening.at limit $2`,
    [now, limit],
  );
  return rows.map((row) => row.stream);
}

/** `unlessSet` leaves a time that is there already. */
export async function setListening(
  sql: Sql,
  personaId: string,
  at: string,
  unlessSet: boolean,
): Promise<void> {
  await sql.query(
    `insert into listening (stream, at) values ($1, $2)
      on conflict (stream) do update set at = excluded.at where not $3`,
    [personaId, at, unlessSet],
  );
}

/** Personas with an account that were never told when to look: after a restore, say. Spread over `overMs` from `now` on. */
export async function fillListening(sql: Sql, now: string, overMs: number): Promise<void> {
  await sql.query(
    `insert into listening (stream, at)
      select stream, $1::timestamptz + random() * $2 * interval '1 millisecond'
        from (select distinct stream from connection where linked) as persona
      on conflict (stream) do nothing`,
    [now, overMs],
  );
}
