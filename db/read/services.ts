import type { Platform } from "../../actors/persona/platforms/port.ts";
import type { Sql } from "../sql.ts";

/** The linked connections of a persona, with the server that each speaks to. */
export async function listLinkedServices(
  sql: Sql,
  personaId: string,
): Promise<{ id: string; service: string; platform: Platform }[]> {
  return await sql.query(
    `select id, service, platform from connection where stream = $1 and linked order by id`,
    [
      personaId,
    ],
  );
}

/** The persona that an account is linked to, or null. */
export async function ownerOfAccount(sql: Sql, platform: string, accountId: string): Promise<string | null> {
  const rows = await sql.query<{ stream: string }>(
    `select stream from connection where platform = $1 and account_id = $2 and linked`,
    [platform, accountId],
  );
  return rows[0]?.stream ?? null;
}

/** The newest connection of a persona on a platform, linked or not: linking again takes it up. */
export async function connectionOf(
  sql: Sql,
  personaId: string,
  platform: string,
): Promise<{ id: string; linked: boolean } | null> {
  const rows = await sql.query<{ id: string; linked: boolean }>(
    `select id, linked from connection where stream = $1 and platform = $2 order by linked desc, linked_at desc limit 1`,
    [personaId, platform],
  );
  return rows[0] ?? null;
}
