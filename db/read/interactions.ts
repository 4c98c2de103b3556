/** What others said to personas, with their words as far as they are still kept. */
import type { Interaction, Platform } from "../../actors/persona/platforms/port.ts";
import type { Sql } from "../sql.ts";
import { checkLimit, decodeCursor, encodeCursor, type Page, pageOf, type PageOptions } from "./page.ts";
import { type Removed, said, type SaidWords, WORDS_COLUMNS, type WordsColumns } from "./words.ts";

export interface InteractionRead {
  id: string;
  persona: string;
  connectionId: string;
  /** Null only when the connection's row is gone. */
  platform: Platform | null;
  kind: Interaction["kind"];
  /** Which of our posts it is about, when it is one of ours. */
  postId: string | null;
  /** False where the platform takes no answer of a program to it. */
  summons: boolean;
  /** Its author says that it is a machine: it is not answered. */
  byBot: boolean;
  /** The post that answers it. */
  answeredBy: string | null;
  /** Null when nothing is kept and nothing is known of why. */
  words: SaidWords | Removed | null;
  saidAt: string;
  receivedAt: string;
  position: number;
}

type Row = Omit<InteractionRead, "words"> & WordsColumns;

/** The newest first, of one persona or of all. Throws BadPage. */
export async function listInteractions(
  sql: Sql,
  options: PageOptions & { persona?: string } = {},
): Promise<Page<InteractionRead>> {
  const limit = checkLimit(options.limit);
  const rows = await sql.query<Row>(
    `select i.id, i.stream as persona, i.connection_id as "connectionId", c.platform, i.kind, i.post_id as "postId",
       i.summons, i.by_bot as "byBot", i.answered_by as "answeredBy",
       i.said_at as "saidAt", i.received_at as "receivedAt", i.position, ${WORDS_COLUMNS}
     from (
       select * from interaction where ($1::text is null or stream = $1) and ($2::bigint is null or position < $2)
       order by position desc limit $3
     ) i
     left join connection c on c.id = i.connection_id
     left join foreign_words w on w.id = case when i.words_ref ~ '^[0-9a-f-]{36}$' then i.words_ref::uuid end
     order by i.position desc`,
    [options.persona ?? null, decodeCursor("interactions", options.after), limit + 1],
  );
  return pageOf(rows, limit, toInteraction, (row) => encodeCursor("interactions", row.position));
}

function toInteraction(row: Row): InteractionRead {
  const {
    words: _content,
    words_removed_at: _at,
    words_rule: _rule,
    profile_removed_at: _profile,
    ...rest
  } = row;
  return { ...rest, words: said(row) };
}
