import type { PersonaRow } from "../projections/personas.ts";
import type { Sql } from "../sql.ts";

/** Since when (ISO) nothing runs for a persona, who said so, and why; null where it is not parked, or not there. */
export async function parkedPersona(
  sql: Sql,
  personaId: string,
): Promise<{ at: string; by: string; reason: string } | null> {
  const text = "select parked from persona where id = $1";
  const [row] = await sql.query<Pick<PersonaRow, "parked">>(text, [personaId]);
  return row?.parked ?? null;
}

/** All that are parked, the newest first. */
export async function parkedPersonas(
  sql: Sql,
  limit: number,
): Promise<{ personaId: string; at: string; by: string; reason: string }[]> {
  const text = `select id, parked from persona where parked is not null order by parked->>'at' desc limit $1`;
  const rows = await sql.query<{ id: string; parked: NonNullable<PersonaRow["parked"]> }>(text, [limit]);
  return rows.map(({ id, parked }) => ({ personaId: id, ...parked }));
}
