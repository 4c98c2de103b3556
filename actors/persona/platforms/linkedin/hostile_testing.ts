/** Shared by the tests of hostile answers: a connection to whatever answers, and what is asked of it. */
import type { Anything } from "../../../../tests/stand_ins/anything.ts";
import type { AdapterContext, Noted, Payload } from "../port.ts";
import { createLinkedInAdapter } from "./adapter.ts";
import { findFacets } from "./facets.ts";
import { freezeLinkedIn } from "./freeze.ts";
import { ANALYTICS_SCOPE, MEMBER_SCOPES, PAGE_SCOPES } from "./oauth.ts";
import { writeSecret } from "./secret.ts";
import { NOW, PAGE, VERSION } from "./testing.ts";

export const DAY = 86_400_000;
export const SHARE = "urn:li:share:7400000000000000001";
export const COMMENT = `urn:li:comment:(${SHARE},12)`;
export const SCOPES = [...MEMBER_SCOPES, ...PAGE_SCOPES, ANALYTICS_SCOPE];

export interface Asking extends AdapterContext {
  noteds: Noted[];
  kept: string[];
}

/** `until`: of the access token. */
export function contextOf(
  { origin }: Anything,
  { author = PAGE, until = NOW + DAY }: { author?: string; until?: number } = {},
): Asking {
  const [noteds, kept]: [Noted[], string[]] = [[], []];
  return {
    // Each has a session of its own.
    account: {
      connectionId: crypto.randomUUID(),
      platform: "linkedin",
      accountId: author,
      handle: "tide",
      service: origin,
    },
    secret: writeSecret({
      clientId: "client",
      clientSecret: "client-secret",
      author,
      grant: {
        access: "old-access",
        accessUntil: until,
        refresh: { token: "old-refresh", until: NOW + 100 * DAY },
        scopes: SCOPES,
      },
    }),
    noteds,
    kept,
    keepSecret: (value) => Promise.resolve(void kept.push(value)),
    signal: new AbortController().signal,
    leave: () => Promise.resolve(null),
    media: () => Promise.reject(new Error("no picture")),
    noted: (one) => void noteds.push(one),
  };
}

export const adapterAt = ({ origin }: Anything) =>
  createLinkedInAdapter({ version: VERSION, webOrigin: origin, now: () => NOW, deadlineMs: 300 });

export function frozen(author = PAGE, on: string | null = null): Payload {
  return freezeLinkedIn([findFacets("Hello")], {
    key: "key",
    author,
    frozenAt: NOW,
    approval: { by: "user:ada", via: "session" },
    replyTarget: on === null ? null : { interactionId: "interaction-1", id: on },
  });
}

export const lost = { before: [], absentSince: NOW - 3_600_000, others: new Set<string>() };
