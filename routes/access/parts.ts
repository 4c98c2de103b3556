import type { Context } from "hono";
import { z } from "zod";
import type { Sql } from "../../db/sql.ts";
import { setSessionCookie } from "./cookie.ts";
import type { Links } from "./links.ts";
import { addressOf, seesHttps, sessionOf } from "./middleware.ts";
import type { AccessPages, Notice } from "./pages.ts";
import { MAX_PASSWORD_BYTES } from "./password_rules.ts";
import { type Passwords, PasswordsBusy } from "./password.ts";
import type { Sessions, ShownPassword } from "./sessions.ts";
import type { AccessPorts } from "./settings.ts";
import type { Throttle } from "./throttle.ts";
import type { Tokens } from "./tokens.ts";

/** What the routes of access work with. */
export interface AccessParts {
  sql: Sql;
  ports: AccessPorts;
  pages: AccessPages;
  passwords: Passwords;
  sessions: Sessions;
  tokens: Tokens;
  links: Links;
  throttle: Throttle;
}

/** Characters that nobody sees and that could make one name look like another; those that join letters are left. */
const SEEN = /^(?:[^\p{Cc}\p{Cf}\p{Cs}\p{Co}]|\u200c|\u200d)*$/u;

/** A name as it is typed; `missing` is what to say when there is none. */
export function nameField(missing: string) {
  return z.string(missing).trim().min(1, missing).max(64, "The name may have at most 64 characters.")
    .regex(SEEN, "The name holds characters that cannot be seen.");
}

/** A person's name. */
export const NameField = nameField("Tell your name.");

/** A password as it is typed; whether it is a good one, `passwordFault` says. */
export const PasswordField = z.string("Type the password.").min(1, "Type the password.")
  .max(MAX_PASSWORD_BYTES, `The password must have at most ${MAX_PASSWORD_BYTES} bytes.`);

/** The token of a one-time link. */
export const LinkTokenField = z.string("The link is not whole.").max(100, "The link is not whole.");

/**
 * Opens a session for a person who has just shown who they are; the one that the request came with is over. False when the password
 * was changed since it was checked.
 */
export async function logInAs(c: Context, parts: AccessParts, shown: ShownPassword): Promise<boolean> {
  const from = { address: addressOf(c), userAgent: c.req.header("user-agent") ?? "" };
  const id = await parts.sessions.open(shown, from);
  if (id === null) return false;
  const old = sessionOf(c);
  if (old) await parts.sessions.end(old.key, "replaced");
  setSessionCookie(c, seesHttps(c), id);
  return true;
}

/** A notice with the status and the wait that go with it. */
export interface Wait {
  status: 429 | 503;
  notice: Notice;
  retryAfterSeconds: number;
}

/** Says how long to wait; also as `Retry-After`. */
export function waitFor(c: Context, code: "wait" | "busy", retryAfterSeconds: number): Wait {
  c.header("retry-after", String(retryAfterSeconds));
  const unit = retryAfterSeconds === 1 ? "second" : "seconds";
  const message = code === "wait"
    ? `Too many wrong tries. Try again in ${retryAfterSeconds} ${unit}.`
    : `Many people are logging in at this moment. Try again in ${retryAfterSeconds} ${unit}.`;
  return { status: code === "wait" ? 429 : 503, notice: { code, message }, retryAfterSeconds };
}

/** Hashes a new password; a `Wait` when there is no room. */
export async function hashOrWait(c: Context, parts: AccessParts, password: string): Promise<string | Wait> {
  try {
    return await parts.passwords.hash(password);
  } catch (error) {
    if (!(error instanceof PasswordsBusy)) throw error;
    return waitFor(c, "busy", error.retryAfterSeconds);
  }
}

/** Is it this person's password? Throttled by `account` and the client's address; takes the same time when `stored` is null. */
export async function checkPassword(
  c: Context,
  parts: AccessParts,
  { account, password, stored }: { account: string; password: string; stored: () => Promise<string | null> },
): Promise<{ ok: boolean; rehash: boolean } | Wait> {
  const address = addressOf(c);
  const wait = parts.throttle.begin(account, address);
  if (wait !== null) return waitFor(c, "wait", wait);
  try {
    const verdict = await parts.passwords.verify(password, await stored());
    if (verdict.ok) parts.throttle.succeeded(account, address);
    return verdict;
  } catch (error) {
    parts.throttle.undone(account, address);
    if (!(error instanceof PasswordsBusy)) throw error;
    return waitFor(c, "busy", error.retryAfterSeconds);
  }
}
