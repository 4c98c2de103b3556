import { PlatformFailed } from "../port.ts";

/** What a connection keeps in the vault: the app password, and the session that it was last exchanged for. */
export interface BlueskySecret {
  identifier: string;
  password: string;
  session: Tokens;
}

export interface Tokens {
  accessJwt: string;
  refreshJwt: string;
}

/** Throws `PlatformFailed` where the text was not made by `writeSecret`; never quotes it. */
export function readSecret(text: string): BlueskySecret {
  const value = parse(text);
  const tokens = readTokens(value.session);
  if (typeof value.identifier !== "string" || typeof value.password !== "string" || tokens === null) {
    const reason = "the stored secret of this connection is not readable; link the account again";
    throw new PlatformFailed({ kind: "auth_dead", reason });
  }
  return { identifier: value.identifier, password: value.password, session: tokens };
}

/** Refuses to make a secret with anything missing, so that a good one is never overwritten by an empty one. */
export function writeSecret({ identifier, password, session }: BlueskySecret): string {
  for (const part of [identifier, password, session.accessJwt, session.refreshJwt]) {
    if (part === "") throw new Error("a secret must not be empty");
  }
  return JSON.stringify({ identifier, password, session });
}

/** The tokens in a server's answer, or null unless both are there. */
export function readTokens(value: unknown): Tokens | null {
  if (typeof value !== "object" || value === null) return null;
  const { accessJwt, refreshJwt } = value as Record<string, unknown>;
  if (typeof accessJwt !== "string" || typeof refreshJwt !== "string") return null;
  return accessJwt === "" || refreshJwt === "" ? null : { accessJwt, refreshJwt };
}

function parse(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null) return value as Record<string, unknown>;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  return {};
}
