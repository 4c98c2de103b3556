import { sweepMedia } from "./media.ts";
import type { Sql } from "./sql.ts";
import { FORGOTTEN } from "./vault/vault.ts";

export interface KeptFile {
  bytes: Uint8Array;
  mediaType: string;
  /** Whether secrets in it were replaced. */
  redacted: boolean;
}

export async function keepPersonaFile(sql: Sql, personaId: string, file: KeptFile): Promise<void> {
  await sql.query(
    `insert into persona_file (stream, bytes, media_type, redacted) values ($1, $2, $3, $4)
      on conflict (stream) do update set bytes = excluded.bytes, media_type = excluded.media_type, redacted = excluded.redacted`,
    [personaId, file.bytes, file.mediaType, file.redacted],
  );
}

export async function readPersonaFileKept(sql: Sql, personaId: string): Promise<KeptFile | null> {
  const rows = await sql.query<{ bytes: Uint8Array; media_type: string; redacted: boolean }>(
    `select bytes, media_type, redacted from persona_file where stream = $1`,
    [personaId],
  );
  const row = rows[0];
  return row === undefined
    ? null
    : { bytes: new Uint8Array(row.bytes), mediaType: row.media_type, redacted: row.redacted };
}

/**
 * Removes what nobody refers to any more: credentials of unlinked connections, files and words of deleted personas,
 * pictures that no post has.
 * Idempotent, so that a crash between an event and its cleaning does no harm. Credentials that were written a moment ago
 * are left: their account is being linked.
 */
export async function sweep(sql: Sql): Promise<void> {
  await sql.transaction(async (tx) => {
    await tx.query(
      `update vault set ${FORGOTTEN}
        where ciphertext is not null and id like 'connection:%' and updated_at < now() - interval '10 minutes'
        and not exists (select from connection where linked and 'connection:' || connection.id = vault.id)
        and exists (select from connection where 'connection:' || connection.id = vault.id)`,
    );
    await tx.query(
      `delete from persona_file where not exists (select from persona where persona.id = persona_file.stream)
      and exists (select from event where event.stream = persona_file.stream and event.type = 'PersonaDeleted')`,
    );
    await tx.query(
      `update foreign_words set content = null, author = null, removed_at = now(), rule = 'the persona was deleted'
        where removed_at is null and stream in (select stream from event where type = 'PersonaDeleted')`,
    );
    await sweepMedia(tx);
  });
}
