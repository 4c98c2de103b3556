/** What LinkedIn's answer to one attempt means. Pure. */
import type { Failure } from "../port.ts";
import type { Refusal } from "./call.ts";
import type { Called } from "./session.ts";
import { nextMidnight } from "./day.ts";

export type Judged =
  /** `id` is what the header says: a URN for a post, a number for a comment. */
  | { kind: "created"; id: string }
  /** LinkedIn has this content already, or had it: the post that it names may be dead, or older than the intent. */
  | { kind: "duplicate"; urn: string | null; reason: string }
  | Failure;

const DAY_MS = 86_400_000;

/** @param now ms since the epoch */
export function judge(called: Called, now: number): Judged {
  if (called.kind === "ok") {
    if (called.status !== 201) return { kind: "uncertain", reason: `LinkedIn answered ${called.status}` };
    return called.id === null || called.id === ""
      ? { kind: "uncertain", reason: "LinkedIn's answer does not name the post" }
      : { kind: "created", id: called.id };
  }
  if (called.kind === "refused" && called.refusal.code === "DUPLICATE_POST") {
    return { kind: "duplicate", urn: called.refusal.duplicateOf, reason: words(called.refusal) };
  }
  return failureOf(called, now);
}

/** A call that did not succeed, as an outcome of a post. */
export function failureOf(called: Exclude<Called, { kind: "ok" }>, now: number): Failure {
  switch (called.kind) {
    case "unreachable":
      return { kind: "not_sent", reason: called.reason };
    case "unclear":
      return { kind: "uncertain", reason: called.reason };
    case "dead":
      return { kind: "auth_dead", reason: called.reason };
    case "refused":
      return refused(called.refusal, now);
    default:
      return called satisfies never;
  }
}

function refused(refusal: Refusal, now: number): Failure {
  const reason = words(refusal);
  const { status, code, message } = refusal;
  if (isVersionGone(refusal)) {
    return {
      kind: "not_sent",
      reason: "LinkedIn has retired the version of its API that is set: set a newer one",
    };
  }
  if (code === "MEDIA_ASSET_WAITING_UPLOAD") {
    return { kind: "not_sent", reason: "LinkedIn does not have the picture yet" };
  }
  switch (status) {
    case 401:
      return { kind: "auth_dead", reason };
    case 403:
      return { kind: isAboutLeave(message) ? "auth_dead" : "rejected", reason };
    case 409:
      return { kind: "not_sent", reason: "LinkedIn asks to try again (409)" };
    case 429:
      return {
        kind: "rate_limited",
        until: limitedUntil(refusal.retryAfter, now),
        reason: message === "" ? "LinkedIn's limit of calls is reached" : message,
      };
    // These speak of the connection, not of what was asked.
    case 408:
    case 425:
      return { kind: "uncertain", reason: `LinkedIn answered ${status}` };
    default:
      return status >= 400 && status < 500
        ? { kind: "rejected", reason }
        : { kind: "uncertain", reason: `LinkedIn answered ${status}` };
  }
}

export function isVersionGone({ status, code }: Refusal): boolean {
  return status === 426 || code === "VERSION_MISSING";
}

/** The scopes or the role on the page are lacking: a person can mend that, and the post can wait for it. */
function isAboutLeave(message: string): boolean {
  return message.startsWith("Not enough permissions to access") ||
    (message.startsWith("Field Value validation failed") && /\[\/(author|actor|owner)\]/.test(message));
}

/** LinkedIn rarely says so. */
export function limitedUntil(retryAfter: string | null, now: number): number {
  const midnight = nextMidnight(now);
  if (retryAfter === null) return midnight;
  const until = /^\d+$/.test(retryAfter) ? now + Number(retryAfter) * 1000 : Date.parse(retryAfter);
  return until > now ? Math.min(until, now + DAY_MS) : midnight;
}

function words({ status, code, message }: Refusal): string {
  const said = message === "" ? code : message;
  return said === "" ? `LinkedIn refused it (${status})` : `LinkedIn refused it: ${said}`;
}
