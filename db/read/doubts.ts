/** What is known of posts that may have gone out: how often, and what happened when they were sent and looked for. */
import { lift } from "../log/upcast.ts";
import { UPCASTERS } from "../log/upcasters.ts";
import type { StoredEvent } from "../log/log.ts";
import type { Sql } from "../sql.ts";

/** Events of one post, the newest; a post that is looked for every hour has more. */
const MAX_STEPS = 100;

const STEPS = [
  "PublishRequested",
  "PublishAttempted",
  "PublishUncertain",
  "PublishFoundAbsent",
  "PublishDeferred",
  "PostPublished",
];

/** How many posts of all personas may have gone out. */
export async function doubtCount(sql: Sql): Promise<number> {
  const [row] = await sql.query<{ count: number }>(
    "select count(*) as count from post where status = 'uncertain'",
  );
  return row?.count ?? 0;
}

/** What sending and looking for each of these posts came to, in order; at most 100 events a post. */
export async function doubtSteps(sql: Sql, postIds: string[]): Promise<Map<string, StoredEvent[]>> {
  if (postIds.length === 0) return new Map();
  // Between a post's first and last event of its own stream: by the index over (stream, version).
  const rows = await sql.query<StoredEvent & { postId: string }>(
    `select s.*, p.id as "postId" from post p, lateral (
       select e.position, e.id, e.stream, e.version, e.type, e.schema, e.at, e.by, e.cause, e.correlation, e.data
       from event e where e.stream = p.stream and e.data->>'postId' = p.id and e.type = any($2::text[])
         and e.version >= (select version from event where position = p.created_position)
         and e.version <= (select version from event where position = p.updated_position)
       order by e.version desc limit ${MAX_STEPS}
     ) s where p.id = any($1::text[]) order by s.position`,
    [postIds, STEPS],
  );
  const steps = rows.map(({ postId, ...event }) => ({ postId, event: lift(event, UPCASTERS) }));
  const byPost = Map.groupBy(steps, ({ postId }) => postId);
  return new Map([...byPost].map(([postId, all]) => [postId, all.map(({ event }) => event)]));
}

/** How each persona lives, by id: what follows when one of its posts did not go out hangs on that. */
export async function livesOf(sql: Sql, personaIds: string[]): Promise<Map<string, string>> {
  const rows = await sql.query<{ id: string; life: string }>(
    "select id, life from persona where id = any($1::text[])",
    [[...new Set(personaIds)]],
  );
  return new Map(rows.map(({ id, life }) => [id, life]));
}
