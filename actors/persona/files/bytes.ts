/** Bytes as text, one character a byte, so that patterns can be looked for in anything. */
export function latin1(bytes: Uint8Array): string {
  let text = "";
  for (let i = 0; i < bytes.length; i += 0x8000) {
    text += String.fromCharCode(...bytes.subarray(i, i + 0x8000));
  }
  return text;
}

export function fromLatin1(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

/** Base64 of UTF-8 text. */
export function toBase64(text: string): string {
  return btoa(latin1(new TextEncoder().encode(text)));
}

/** Bytes of base64 or base64url, white space allowed; null if it is neither. */
export function fromBase64(text: string): Uint8Array | null {
  try {
    return fromLatin1(atob(text.replaceAll("-", "+").replaceAll("_", "/")));
  } catch (error) {
    if (!(error instanceof DOMException)) throw error;
    return null;
  }
}

export function concat(parts: Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
