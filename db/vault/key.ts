import { createHash } from "node:crypto";
import { join } from "node:path";

/** The vault cannot be opened; the message names the setting, never a key or a value. */
export class VaultRefused extends Error {
  override name = "VaultRefused";
}

/** AES-256-GCM, ready for use. The raw bytes are not kept. */
export interface VaultKey {
  /** Tells keys apart; says nothing about the key. */
  id: string;
  cipher: CryptoKey;
}

export interface KeySource {
  /** `DIGI_PERSONA_KEY` (or what `DIGI_PERSONA_KEY_FILE` holds): 32 bytes in base64. Null when not set. */
  key: string | null;
  dataDir: string;
}

export const KEY_BYTES = 32;
const FILE = "vault.key";

/** Throws VaultRefused unless `text` is 32 bytes in base64 (or base64url). */
export async function importKey(text: string, name: string): Promise<VaultKey> {
  let bytes: Uint8Array<ArrayBuffer>;
  try {
    bytes = Uint8Array.fromBase64(text.trim().replaceAll("-", "+").replaceAll("_", "/"));
  } catch {
    // The cause is left out: it may quote the key.
    throw new VaultRefused(`${name} is not base64: make one with "openssl rand -base64 32".`);
  }
  if (bytes.length !== KEY_BYTES) {
    throw new VaultRefused(
      `${name} holds ${bytes.length} bytes instead of ${KEY_BYTES}: make one with "openssl rand -base64 32".`,
    );
  }
  const id = createHash("sha256").update("digi-persona vault key\0").update(bytes).digest("hex").slice(0, 16);
  const cipher = await crypto.subtle.importKey("raw", bytes, "AES-GCM", false, ["encrypt", "decrypt"]);
  bytes.fill(0);
  return { id, cipher };
}

/** The key that was set, else the one in `DATA_DIR/vault.key`, else null. */
export async function findKey(source: KeySource): Promise<VaultKey | null> {
  if (source.key !== null) return await importKey(source.key, "DIGI_PERSONA_KEY");
  const path = join(source.dataDir, FILE);
  try {
    return await importKey(await Deno.readTextFile(path), path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

/** A new key in `DATA_DIR/vault.key`, for this user alone. Under another name first: a key file is whole or absent. */
export async function makeKey(
  dataDir: string,
  randomBytes: (count: number) => Uint8Array,
): Promise<VaultKey> {
  const text = randomBytes(KEY_BYTES).toBase64();
  const path = join(dataDir, FILE);
  const unfinished = `${path}.new`;
  const file = await Deno.open(unfinished, { write: true, create: true, truncate: true, mode: 0o600 });
  try {
    await file.write(new TextEncoder().encode(`${text}\n`));
    await file.sync();
  } finally {
    file.close();
  }
  await Deno.rename(unfinished, path);
  return await importKey(text, path);
}
