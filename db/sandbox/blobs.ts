/** Pictures of the sandbox, each under the hash of its bytes. */
import type { Sql } from "../sql.ts";

/** ms after which a picture that no post shows is swept away. */
const UNUSED_MS = 24 * 3_600_000;

export interface SandboxBlob {
  mime: string;
  bytes: Uint8Array<ArrayBuffer>;
}

/** Again is harmless, and keeps it for another day. Pictures that nobody used are swept away on the occasion. */
export async function putSandboxBlob(
  sql: Sql,
  sha256: string,
  { mime, bytes }: SandboxBlob,
  now: number,
): Promise<void> {
  await sql.transaction(async (tx) => {
    await tx.query(
      `insert into sandbox_blob (sha256, mime, bytes, created_at) values ($1, $2, $3, $4)
        on conflict (sha256) do update set created_at = $4`,
      [sha256, mime, bytes, new Date(now).toISOString()],
    );
    await tx.query(
      `delete from sandbox_blob where sha256 in (
        select sha256 from sandbox_blob b where created_at < $1
           and not exists (select from sandbox_media m where m.sha256 = b.sha256)
         order by sha256 limit 100 for update skip locked)`,
      [new Date(now - UNUSED_MS).toISOString()],
    );
  });
}

export async function sandboxBlob(sql: Sql, sha256: string): Promise<SandboxBlob | null> {
  const [blob] = await sql.query<SandboxBlob>(`select mime, bytes from sandbox_blob where sha256 = $1`, [
    sha256,
  ]);
  return blob === undefined ? null : { mime: blob.mime, bytes: new Uint8Array(blob.bytes) };
}
