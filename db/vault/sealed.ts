import { type VaultKey, VaultRefused } from "./key.ts";

export interface Sealed {
  nonce: Uint8Array;
  ciphertext: Uint8Array;
}

const NONCE_BYTES = 12;

/** `context` is what the value belongs to: sealed under one, it does not open under another. */
export async function seal(
  key: VaultKey,
  context: string,
  value: string,
  randomBytes: (count: number) => Uint8Array,
): Promise<Sealed> {
  const nonce = new Uint8Array(randomBytes(NONCE_BYTES));
  const ciphertext = await crypto.subtle.encrypt(
    { name: "AES-GCM", iv: nonce, additionalData: new TextEncoder().encode(context) },
    key.cipher,
    new TextEncoder().encode(value),
  );
  return { nonce, ciphertext: new Uint8Array(ciphertext) };
}

/** Throws VaultRefused, which names only `context`, when the key, the context or the bytes are not those it was sealed with. */
export async function unseal(key: VaultKey, context: string, sealed: Sealed): Promise<string> {
  try {
    const bytes = await crypto.subtle.decrypt(
      {
        name: "AES-GCM",
        iv: new Uint8Array(sealed.nonce),
        additionalData: new TextEncoder().encode(context),
      },
      key.cipher,
      new Uint8Array(sealed.ciphertext),
    );
    return new TextDecoder().decode(bytes);
  } catch {
    throw new VaultRefused(
      `A row of the vault (${context}) does not open: it was changed, or made with another key.`,
    );
  }
}
