import type { Sql } from "../sql.ts";
import { findKey, type KeySource, makeKey, type VaultKey, VaultRefused } from "./key.ts";
import { seal, type Sealed, unseal } from "./sealed.ts";

export { importKey, type VaultKey, VaultRefused } from "./key.ts";

/** Secrets by the id of their connection, encrypted at rest. Values are never in errors. */
export interface Vault {
  get(id: string): Promise<{ version: number; value: string } | null>;
  /**
   * Compare-and-set: written only when the secret's version is `expectedVersion` (0: there is none). Otherwise `version` is the real
   * one. An id never has the same version twice, also after `delete`. Throws VaultRefused for an empty value.
   */
  put(
    id: string,
    expectedVersion: number,
    value: string,
  ): Promise<{ ok: true; version: number } | { ok: false; version: number }>;
  delete(id: string): Promise<void>;
}

/** What becomes of a row whose secret is deleted: the version stays. */
export const FORGOTTEN = "key_id = null, nonce = null, ciphertext = null, updated_at = now()";

type RandomBytes = (count: number) => Uint8Array;
type Row = Sealed & { id: string; version: number };

const systemRandom: RandomBytes = (count) => crypto.getRandomValues(new Uint8Array(count));
const CHECK_CONTEXT = "digi-persona vault key check";
const CHECK_VALUE = "this key opens this vault";
const contextOf = (id: string, version: number): string => `vault ${id} version ${version}`;

/**
 * The key of this database's vault. Made, in `DATA_DIR/vault.key`, only while the vault is empty. Throws VaultRefused when the
 * vault is filled and the key is missing or another one.
 */
export async function loadVaultKey(
  sql: Sql,
  source: KeySource,
  randomBytes: RandomBytes = systemRandom,
): Promise<VaultKey> {
  const found = await findKey(source);
  const [state] = await sql.query<{ filled: boolean }>(
    "select exists (select from vault where ciphertext is not null) as filled",
  );
  if (state?.filled !== true) {
    const key = found ?? await makeKey(source.dataDir, randomBytes);
    if (!await opensCheck(sql, key)) await sql.transaction((tx) => writeCheck(tx, key, randomBytes));
    return key;
  }
  const name = source.key === null ? `${source.dataDir}/vault.key` : "DIGI_PERSONA_KEY";
  if (found === null) {
    throw new VaultRefused(
      `The vault holds secrets, and its key is missing: put it back into ${name}, or set DIGI_PERSONA_KEY.`,
    );
  }
  if (!await opensCheck(sql, found)) {
    throw new VaultRefused(
      `The vault holds secrets that were made with another key than the one in ${name}: set the right one.`,
    );
  }
  return found;
}

export function openVault(sql: Sql, key: VaultKey, randomBytes: RandomBytes = systemRandom): Vault {
  /** `version` is that of the secret, 0 where there is none; `last` the last that any had. */
  const state = async (id: string): Promise<{ version: number; last: number }> => {
    const [row] = await sql.query<{ last: number; held: boolean }>(
      "select version as last, ciphertext is not null as held from vault where id = $1",
      [id],
    );
    const last = row?.last ?? 0;
    return { version: row?.held ? last : 0, last };
  };
  return {
    async get(id) {
      const [row] = await sql.query<Row>(
        "select id, version, nonce, ciphertext from vault where id = $1 and ciphertext is not null",
        [id],
      );
      return row ? { version: row.version, value: await unseal(key, contextOf(id, row.version), row) } : null;
    },
    async put(id, expectedVersion, value) {
      if (value === "") throw new VaultRefused(`An empty value is not kept (${id}).`);
      const before = expectedVersion === 0 ? (await state(id)).last : expectedVersion;
      const version = before + 1;
      const { nonce, ciphertext } = await seal(key, contextOf(id, version), value, randomBytes);
      const written = expectedVersion === 0
        ? await sql.query(
          `insert into vault as v (id, version, key_id, nonce, ciphertext) values ($1, $2, $3, $4, $5)
           on conflict (id) do update set version = $2, key_id = $3, nonce = $4, ciphertext = $5, updated_at = now()
           where v.ciphertext is null and v.version = $6 returning version`,
          [id, version, key.id, nonce, ciphertext, before],
        )
        : await sql.query(
          `update vault set version = $2, key_id = $3, nonce = $4, ciphertext = $5, updated_at = now()
           where id = $1 and version = $6 and ciphertext is not null returning version`,
          [id, version, key.id, nonce, ciphertext, before],
        );
      return written.length === 1 ? { ok: true, version } : { ok: false, version: (await state(id)).version };
    },
    async delete(id) {
      await sql.query(`update vault set ${FORGOTTEN} where id = $1 and ciphertext is not null`, [id]);
    },
  };
}

/** Seals every secret anew, in one transaction; answers how many. The caller then keeps `to` where `from` was. */
export function rotateKey(
  sql: Sql,
  from: VaultKey,
  to: VaultKey,
  randomBytes: RandomBytes = systemRandom,
): Promise<number> {
  return sql.transaction(async (tx) => {
    await tx.query("lock table vault, vault_key_check in exclusive mode");
    const rows = await tx.query<Row>(
      "select id, version, nonce, ciphertext from vault where ciphertext is not null order by id",
    );
    for (const row of rows) {
      const context = contextOf(row.id, row.version);
      const { nonce, ciphertext } = await seal(to, context, await unseal(from, context, row), randomBytes);
      await tx.query("update vault set key_id = $2, nonce = $3, ciphertext = $4 where id = $1", [
        row.id,
        to.id,
        nonce,
        ciphertext,
      ]);
    }
    await writeCheck(tx, to, randomBytes);
    return rows.length;
  });
}

async function opensCheck(sql: Sql, key: VaultKey): Promise<boolean> {
  const [check] = await sql.query<Sealed & { key_id: string }>(
    "select key_id, nonce, ciphertext from vault_key_check",
  );
  if (check === undefined || check.key_id !== key.id) return false;
  try {
    return await unseal(key, CHECK_CONTEXT, check) === CHECK_VALUE;
  } catch (error) {
    if (error instanceof VaultRefused) return false;
    throw error;
  }
}

async function writeCheck(tx: Sql, key: VaultKey, randomBytes: RandomBytes): Promise<void> {
  const { nonce, ciphertext } = await seal(key, CHECK_CONTEXT, CHECK_VALUE, randomBytes);
  await tx.query("delete from vault_key_check");
  await tx.query("insert into vault_key_check (key_id, nonce, ciphertext) values ($1, $2, $3)", [
    key.id,
    nonce,
    ciphertext,
  ]);
}
