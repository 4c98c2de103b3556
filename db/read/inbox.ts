/** What people said to all personas, as somebody who answers reads it: with our post and our answer beside it. */
import { fullText } from "../../actors/persona/content.ts";
import type { Content } from "../../actors/persona/content.ts";
import type { Platform } from "../../actors/persona/platforms/port.ts";
import type { PostStatus } from "../../actors/persona/state.ts";
import type { InteractionRow } from "../projections/interactions.ts";
import type { Sql } from "../sql.ts";
import { checkLimit, decodeCursor, encodeCursor, type Page, pageOf, type PageOptions } from "./page.ts";
import { type Removed, said, type SaidWords, WORDS_COLUMNS, type WordsColumns } from "./words.ts";

/** What one can answer; the others are signs that somebody likes, passes on or follows. */
export const ANSWERABLE_KINDS = ["mention", "reply", "quote"] as const;
export const SIGN_KINDS = ["like", "repost", "follow"] as const;

export interface OurPost {
  id: string;
  status: PostStatus;
  text: string;
  url: string | null;
  /** Some of it is out. */
  out: boolean;
}

export interface InboxRead {
  id: string;
  persona: string;
  /** Null when the persona was deleted. */
  personaName: string | null;
  zone: string;
  kind: InteractionRow["kind"];
  /** Null only when the connection's row is gone. */
  account: {
    connectionId: string;
    platform: Platform;
    handle: string;
    linked: boolean;
    wordsToModel: boolean | null;
  } | null;
  /** False where the platform takes no answer of a program to it. */
  summons: boolean;
  /** Null when nothing is kept and nothing is known of why. */
  words: SaidWords | Removed | null;
  /** The post of ours that it is about. */
  about: OurPost | null;
  /** The post that answers it; one that was dropped before it went out stands here too. */
  answer: OurPost | null;
  /** It was not there any more when it was to be answered. */
  gone: boolean;
  /** It can be answered, and nobody has begun to. */
  open: boolean;
  saidAt: string;
  position: number;
}

export interface InboxOptions extends PageOptions {
  persona?: string;
  /** @default "answerable" */
  what?: "answerable" | "signs";
}

/** As the index `interaction_open` has it, beside the kind. */
const UNANSWERED = "(i.answered_by is null and i.summons)";
const WORDS_ID = "case when i.words_ref ~ '^[0-9a-f-]{36}$' then i.words_ref::uuid end";
/** The words are there: without them nobody can answer, since nothing else says what on the platform is answered. */
const KEPT = `exists (select from foreign_words k where k.id = ${WORDS_ID} and k.removed_at is null)`;
const OPEN = `(${UNANSWERED} and ${KEPT})`;
/** The words went and the answer is over: nothing is left to read or to do here; the answer's own page stays. */
const ENDED = `(not ${KEPT} and exists (select from post e where e.id = i.answered_by and e.stream = i.stream
  and e.status in ('published', 'rejected', 'failed', 'withdrawn', 'deleted')))`;
/** Whoever prepares an answer drops it for one reason only: what it answers is gone. People's rejections are theirs. */
const GONE = `(a.status = 'rejected' and a.sent = '[]' and exists (select from event g
  where g.position = a.updated_position and g.type = 'PostRejected' and g.by like 'actor:%'))`;
/** More than a person answers; past it the number says "and more". */
export const MAX_COUNTED = 999;
/** So many of the newest are looked at to count them: words go by age, so those that lost theirs lie behind. */
const MAX_LOOKED_AT = 2 * MAX_COUNTED;

type Row = Omit<InboxRead, "account" | "words" | "about" | "answer"> & WordsColumns & {
  connection_id: string;
  platform: Platform | null;
  handle: string;
  linked: boolean;
  words_to_model: boolean | null;
  about: string | null;
  about_status: PostStatus;
  about_content: Content | null;
  about_url: string | null;
  about_out: boolean;
  answer: string | null;
  answer_status: PostStatus;
  answer_content: Content | null;
  answer_url: string | null;
  answer_out: boolean;
};

const SHOWN =
  `i.id, i.stream as persona, n.name as "personaName", coalesce(n.identity->>'zone', 'UTC') as zone, i.kind,
  i.connection_id, c.platform, c.handle, c.linked, c.words_to_model, i.summons, ${GONE} as gone, ${OPEN} as open, i.said_at as "saidAt", i.position,
  p.id as about, p.status as about_status, p.content as about_content, p.url as about_url,
  p.sent <> '[]' as about_out,
  a.id as answer, a.status as answer_status, a.content as answer_content, a.url as answer_url,
  a.sent <> '[]' as answer_out, ${WORDS_COLUMNS}`;
const JOINED = `left join post a on a.id = i.answered_by and a.stream = i.stream
  left join post p on p.id = i.post_id and p.stream = i.stream
  left join persona n on n.id = i.stream
  left join connection c on c.id = i.connection_id
  left join foreign_words w on w.id = ${WORDS_ID}`;

/** What is not answered first, then the rest but what has ended; the newest first in both. Throws BadPage. */
export async function listInbox(sql: Sql, options: InboxOptions = {}): Promise<Page<InboxRead>> {
  const limit = checkLimit(options.limit);
  const kinds = options.what === "signs" ? SIGN_KINDS : ANSWERABLE_KINDS;
  const { open, position } = cursorOf(options.after);
  // Each half goes by an index and ends at the page's length; only then is anything joined.
  const half = (which: string, behind: string) =>
    `(select * from interaction i where i.kind in ('${kinds.join("', '")}') and ${which}
      and ($1::text is null or i.stream = $1) and ($2::bigint is null or ${behind})
      order by i.position desc limit $4)`;
  const rows = await sql.query<Row>(
    `select ${SHOWN} from (
       ${half(OPEN, "($3::boolean and i.position < $2)")}
       union all
       ${half(`not ${OPEN} and not ${ENDED}`, "($3::boolean or i.position < $2)")}
     ) i ${JOINED}
     order by ${OPEN} desc, i.position desc limit $4`,
    [options.persona ?? null, position, open, limit + 1],
  );
  return pageOf(rows, limit, toInbox, (row) => encodeCursor(LIST, 2 * row.position + (row.open ? 1 : 0)));
}

/** Null where the persona heard no such thing. */
export async function getHeard(sql: Sql, persona: string, id: string): Promise<InboxRead | null> {
  const [row] = await sql.query<Row>(
    `select ${SHOWN} from interaction i ${JOINED} where i.stream = $1 and i.id = $2`,
    [persona, id],
  );
  return row === undefined ? null : toInbox(row);
}

/** What waits for an answer, of one persona or of all; counted up to one more than `MAX_COUNTED`. */
export async function openCount(sql: Sql, persona?: string): Promise<number> {
  const [row] = await sql.query<{ count: number }>(
    `select count(*) as count from (
       select 1 from (
         select i.words_ref from interaction i
         where ${UNANSWERED} and i.kind in ('mention', 'reply', 'quote') and ($1::text is null or i.stream = $1)
         order by i.position desc limit ${MAX_LOOKED_AT}
       ) i where ${KEPT} limit ${MAX_COUNTED + 1}
     ) open`,
    [persona ?? null],
  );
  return row?.count ?? 0;
}

const LIST = "inbox";

/** The cursor's number is twice the position, and one more while the list is at what is open. */
function cursorOf(after: string | null | undefined): { open: boolean; position: number | null } {
  const number = decodeCursor(LIST, after);
  return {
    open: number === null || number % 2 === 1,
    position: number === null ? null : Math.floor(number / 2),
  };
}

function toInbox(row: Row): InboxRead {
  const { id, persona, personaName, zone, kind, summons, gone, open, saidAt, position } = row;
  const post = (which: "about" | "answer"): OurPost | null => {
    const postId = row[which];
    return postId === null ? null : {
      id: postId,
      status: row[`${which}_status`],
      text: fullText(row[`${which}_content`]),
      url: row[`${which}_url`],
      out: row[`${which}_out`],
    };
  };
  return {
    ...{ id, persona, personaName, zone, kind, summons, gone: gone === true, open, saidAt, position },
    account: row.platform === null ? null : {
      connectionId: row.connection_id,
      platform: row.platform,
      handle: row.handle,
      linked: row.linked,
      wordsToModel: row.words_to_model,
    },
    words: said(row),
    about: post("about"),
    answer: post("answer"),
  };
}
