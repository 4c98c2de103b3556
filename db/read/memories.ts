/** What a persona remembers having said. */
import type { Sql } from "../sql.ts";
import { checkLimit, decodeCursor, encodeCursor, type Page, pageOf, type PageOptions } from "./page.ts";

export interface MemoryRead {
  id: string;
  persona: string;
  kind: "said";
  postId: string | null;
  text: string;
  at: string;
  position: number;
}

/** The newest first; drafts are no memories yet. Throws BadPage. */
export async function listMemories(
  sql: Sql,
  persona: string,
  options: PageOptions = {},
): Promise<Page<MemoryRead>> {
  const limit = checkLimit(options.limit);
  const rows = await sql.query<MemoryRead>(
    `select id, stream as persona, kind, post_id as "postId", text, at, position from memory
     where stream = $1 and kind = 'said' and ($2::bigint is null or position < $2)
     order by position desc limit $3`,
    [persona, decodeCursor("memories", options.after), limit + 1],
  );
  return pageOf(rows, limit, (row) => row, (row) => encodeCursor("memories", row.position));
}
