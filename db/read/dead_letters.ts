/** Commands that made their persona stop twice, as pages and the API show them. */
import type { Command, CommandType } from "../../actors/persona/commands.ts";
import type { DeadLetterRow } from "../projections/dead_letters.ts";
import type { Sql } from "../sql.ts";
import { checkLimit, decodeCursor, encodeCursor, type Page, pageOf, type PageOptions } from "./page.ts";

export interface DeadLetterRead {
  id: string;
  persona: string;
  /** Null only where the persona could not even be created. */
  personaName: string | null;
  commandId: string;
  type: CommandType;
  /** When it was put aside last. */
  at: string;
  /** Who gave the command. */
  by: string;
  /** The error that it made last. */
  reason: string;
  crashes: number;
  status: DeadLetterRow["status"];
  /** Null where it was not kept. */
  command: Command | null;
  position: number;
}

// Those of a deleted persona are gone with it; one whose creation failed was never there.
const FROM = `from dead_letter d left join persona p on p.id = d.stream
  where (p.id is not null or d.type = 'create')`;
const COLUMNS =
  `d.id, d.stream as persona, p.name as "personaName", d.command_id as "commandId", d.type, d.at, d.by,
  d.reason, d.crashes, d.status, d.body as command, d.position`;

/** The newest first, of one persona or of all. Throws BadPage. */
export async function listDeadLetters(
  sql: Sql,
  options: PageOptions & { persona?: string; statuses?: readonly DeadLetterRow["status"][] } = {},
): Promise<Page<DeadLetterRead>> {
  const limit = checkLimit(options.limit);
  const rows = await sql.query<DeadLetterRead>(
    `select ${COLUMNS} ${FROM} and ($1::text is null or d.stream = $1) and ($2::bigint is null or d.position < $2)
       and ($3::text[] is null or d.status = any ($3))
     order by d.position desc limit $4`,
    [
      options.persona ?? null,
      decodeCursor("dead-letters", options.after),
      options.statuses ?? null,
      limit + 1,
    ],
  );
  return pageOf(rows, limit, (row) => row, (row) => encodeCursor("dead-letters", row.position));
}

export async function getDeadLetter(sql: Sql, persona: string, id: string): Promise<DeadLetterRead | null> {
  const [row] = await sql.query<DeadLetterRead>(
    `select ${COLUMNS} ${FROM} and d.stream = $1 and d.id = $2`,
    [persona, id],
  );
  return row ?? null;
}
