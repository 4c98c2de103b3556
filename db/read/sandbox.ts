/** The sandbox network as its public would see it. */
import type { Sql } from "../sql.ts";
import { checkLimit, decodeCursor, encodeCursor, type Page, pageOf, type PageOptions } from "./page.ts";

export interface SandboxPost {
  id: string;
  handle: string;
  name: string;
  text: string;
  language: string | null;
  createdAt: string;
  /** What it answers, when it is a reply. */
  replyTo: { id: string; handle: string; text: string } | null;
}

type Row = Omit<SandboxPost, "replyTo"> & {
  seq: number;
  reply_id: string | null;
  reply_handle: string | null;
  reply_text: string | null;
};

/** The newest first; `account` by its handle. Throws BadPage. */
export async function sandboxTimeline(
  sql: Sql,
  options: PageOptions & { handle?: string } = {},
): Promise<Page<SandboxPost>> {
  const limit = checkLimit(options.limit);
  const rows = await sql.query<Row>(
    `select p.id, a.handle, a.name, p.text, p.language, p.created_at as "createdAt",
       p.seq, r.id as reply_id, ra.handle as reply_handle, r.text as reply_text
     from sandbox_post p join sandbox_account a on a.id = p.account_id
       left join sandbox_post r on r.id = p.reply_to left join sandbox_account ra on ra.id = r.account_id
     where ($1::text is null or a.handle = $1)
       and ($2::bigint is null or p.seq < $2)
     order by p.seq desc limit $3`,
    [options.handle ?? null, decodeCursor("sandbox", options.after), limit + 1],
  );
  return pageOf(rows, limit, toPost, (row) => encodeCursor("sandbox", row.seq));
}

function toPost({ seq: _seq, reply_id, reply_handle, reply_text, ...post }: Row): SandboxPost {
  const replyTo = reply_id === null
    ? null
    : { id: reply_id, handle: reply_handle ?? "somebody", text: reply_text ?? "" };
  return { ...post, replyTo };
}
