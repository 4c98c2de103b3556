/** What a token says of itself. It is not proven: only the server that made it takes it as true. */

/** Null where it cannot be read. */
export function claimsOf(token: string): Record<string, unknown> | null {
  const [, claims] = token.split(".");
  if (claims === undefined) return null;
  try {
    const bytes = Uint8Array.from(
      atob(claims.replaceAll("-", "+").replaceAll("_", "/")),
      (letter) => letter.charCodeAt(0),
    );
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return typeof value === "object" && value !== null ? value as Record<string, unknown> : null;
  } catch (error) {
    // Not base 64, or no JSON: some servers' tokens are opaque.
    if (error instanceof DOMException || error instanceof SyntaxError) return null;
    throw error;
  }
}

/** When it ends, in ms since the epoch; null where it does not say. */
export function endOf(token: string): number | null {
  const end = claimsOf(token)?.exp;
  return typeof end === "number" && Number.isFinite(end) && end > 0 ? end * 1000 : null;
}
