import type { Json } from "../log/log.ts";
import type { Sql } from "../sql.ts";

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Foreign words of one persona by their ids, in order; null for what is not there (any more). */
export async function wordsOf(sql: Sql, personaId: string, refs: string[]): Promise<(Json | null)[]> {
  const ids = refs.filter((ref) => UUID.test(ref));
  const rows = await sql.query<{ id: string; content: Json }>(
    `select id, content from foreign_words where stream = $1 and id = any($2::uuid[]) and removed_at is null`,
    [personaId, ids],
  );
  const found = new Map(rows.map((row) => [row.id, row.content]));
  return refs.map((ref) => found.get(ref) ?? null);
}
