/** Pictures of posts, kept under the hash of their bytes. */
import { createHash } from "node:crypto";
import type { Sql } from "./sql.ts";

export interface MediaInfo {
  /** Hex. */
  sha256: string;
  mime: string;
  width: number;
  height: number;
  bytes: number;
}

export interface Media extends MediaInfo {
  data: Uint8Array<ArrayBuffer>;
}

/** Days that a picture is kept which no post refers to. */
export const UNUSED_DAYS = 7;

const INFO = "sha256, mime, width, height, bytes";
/** Of the persona itself, or given by several. */
const ITS_OWN = "(persona is null or persona = $2)";

/** Keeps it. The same bytes are one row, whoever gives them; given again, the time that it is kept begins anew. */
export async function putMedia(
  sql: Sql,
  personaId: string,
  media: { mime: string; width: number; height: number; data: Uint8Array },
): Promise<MediaInfo> {
  const { mime, width, height, data } = media;
  const info = {
    sha256: createHash("sha256").update(data).digest("hex"),
    mime,
    width,
    height,
    bytes: data.length,
  };
  await sql.query(
    `insert into media (sha256, mime, width, height, bytes, data, persona) values ($1, $2, $3, $4, $5, $6, $7)
     on conflict (sha256) do update set created_at = now(),
       persona = case when media.persona = excluded.persona then media.persona end`,
    [info.sha256, mime, width, height, info.bytes, data, personaId],
  );
  return info;
}

/** Null when there is none. For whoever may see every persona's: an adapter that sends what was approved. */
export async function getMedia(sql: Sql, sha256: string): Promise<Media | null> {
  return own(await sql.query<Media>(`select ${INFO}, data from media where sha256 = $1`, [sha256]));
}

/** As `getMedia`; null, too, when it is another persona's. */
export async function getMediaOf(sql: Sql, personaId: string, sha256: string): Promise<Media | null> {
  return own(
    await sql.query<Media>(`select ${INFO}, data from media where sha256 = $1 and ${ITS_OWN}`, [
      sha256,
      personaId,
    ]),
  );
}

function own([row]: Media[]): Media | null {
  return row === undefined ? null : { ...row, data: new Uint8Array(row.data) };
}

/**
 * What is known of these, for a post that is about to refer to them: those that are gone, or another persona's, are not in it.
 * The time that they are kept begins anew.
 */
export async function useMedia(
  sql: Sql,
  personaId: string,
  sha256s: string[],
): Promise<Map<string, MediaInfo>> {
  const rows = await sql.query<MediaInfo>(
    `update media set created_at = now() where sha256 = any($1::text[]) and ${ITS_OWN} returning ${INFO}`,
    [sha256s, personaId],
  );
  return new Map(rows.map((row) => [row.sha256, row]));
}

/** Removes what no post refers to and nobody has touched for a while. Gives how many. */
export async function sweepMedia(sql: Sql): Promise<number> {
  const rows = await sql.query(
    `with used as (
       select hash #>> '{}' as sha256 from post, jsonb_path_query(content, '$.parts[*].media[*].sha256') as hash
       where jsonb_path_exists(content, '$.parts[*].media[*]')
     )
     delete from media where created_at < now() - make_interval(days => $1)
       and not exists (select from used where used.sha256 = media.sha256)
     returning sha256`,
    [UNUSED_DAYS],
  );
  return rows.length;
}
