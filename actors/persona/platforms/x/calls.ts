/** Every kind of call to X that the adapter makes, and what its answer says for the books: limits and cost. Pure. */
import type { Failure, LimitWindow, Spent } from "../port.ts";
import { PRICES } from "./price_list.ts";
import { asObject } from "./request.ts";

/** What a call asks for. */
export type Asks = "post" | "deletion" | "upload" | "posts" | "timeline" | "mentions" | "account" | "names";

/** Those whose limit holds up posting, or reading, as a whole. Used up ones of the others speak for themselves: 429. */
const HELD: Partial<Record<Asks, { subject: string; holds: LimitWindow["holds"] }>> = {
  post: { subject: "posts", holds: "publish" },
  posts: { subject: "lookups of posts", holds: "read" },
  timeline: { subject: "readings of the own timeline", holds: "read" },
  mentions: { subject: "readings of mentions", holds: "read" },
};

/** X's headers, and the window that each speaks of. */
const WINDOWS = [
  ["x-rate-limit", "in 15 minutes"],
  ["x-user-limit-24hour", "of the account in 24 hours"],
  ["x-app-limit-24hour", "of the whole app in 24 hours"],
] as const;

/** Only those of which X says everything. */
export function windowsOf(asks: Asks, headers: Headers): LimitWindow[] {
  const held = HELD[asks];
  if (held === undefined) return [];
  return WINDOWS.flatMap(([prefix, span]) => {
    const [limit, remaining, resetS] = ["limit", "remaining", "reset"].map((name) =>
      wholeNumber(headers.get(`${prefix}-${name}`))
    );
    if (limit == null || remaining == null || resetS == null) return [];
    const { subject, holds } = held;
    return [{ name: `${subject} ${span}`, holds, limit, remaining, resetAt: resetS * 1000 }];
  });
}

/**
 * What X takes for what it gave to read: for each post, and for each account beside them. At most: where the persona owns
 * the app, its own timeline and its mentions cost less, and X does not say whose the app is.
 */
export function readingOf(asks: Asks, body: Record<string, unknown>): Spent[] {
  const { readPost, readUser } = PRICES.microUsd;
  const includes = asObject(body.includes) ?? {};
  const [data, asked] = [countOf(body.data), asks === "account" || asks === "names"];
  if (!asked && !["posts", "timeline", "mentions"].includes(asks)) return [];
  const users = countOf(includes.users) + (asked ? data : 0);
  const posts = countOf(includes.tweets) + countOf(includes.posts) + (asked ? 0 : data);
  if (users + posts === 0) return [];
  return [{ what: "read", count: posts + users, microUsd: posts * readPost + users * readUser }];
}

/** For people, and never in X's words, which may repeat what others wrote. */
export function plainly(failure: Failure): string {
  return failure.kind === "rejected" ? "X refused what was asked of it" : failure.reason;
}

function countOf(value: unknown): number {
  if (Array.isArray(value)) return value.length;
  return asObject(value) === null ? 0 : 1;
}

function wholeNumber(text: string | null): number | null {
  return text !== null && /^\s*\d{1,15}\s*$/.test(text) ? Number(text) : null;
}
