/** What personas themselves have published that names or answers one person: it is theirs, and stays when that person's words are erased. */
import type { Platform } from "../../actors/persona/platforms/port.ts";
import { whoKey } from "../../actors/persona/policy/subjects.ts";
import type { Sql } from "../sql.ts";

/** That are named by their ids; all are counted. */
const MAX_NAMED = 100;

export interface OwnPosts {
  /** Posts that are out, or on their way, and name or answer the person. */
  ownPosts: number;
  /** Of the newest 100 of them. */
  ownPostIds: string[];
}

/** `hashes` of the person's accounts, see `authorHash` of posts; `handles` as `handleKey` gives them. */
export async function ownPostsAbout(
  sql: Sql,
  platform: Platform,
  hashes: string[],
  handles: string[],
): Promise<OwnPosts> {
  const keys = [...hashes.map(whoKey), ...handles.map((handle) => `who @${handle}`)];
  const rows = await sql.query<{ id: string; of: number }>(
    `select id, count(*) over ()::int as of from (
       select id, position from said where position is not null and platform = $1 and subjects && $2::text[]
       union
       select s.id, s.position from interaction i join said s on s.interaction_id = i.id
       where i.author_hash = any ($3::text[]) and s.position is not null
     ) own order by position desc limit $4`,
    [platform, keys, hashes, MAX_NAMED],
  );
  return { ownPosts: rows[0]?.of ?? 0, ownPostIds: rows.map(({ id }) => id) };
}
