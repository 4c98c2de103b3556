/** Shared by the tests of this folder: a stand-in with a clock that the adapter shares, and a linked connection. */
import { type Fault } from "../../../../tests/stand_ins/linkedin/faults.ts";
import {
  type LinkedInStandIn,
  type LinkedInStandInOptions,
  startLinkedInStandIn,
} from "../../../../tests/stand_ins/linkedin/stand_in.ts";
import type { Payload } from "../port.ts";
import { createLinkedInAdapter, type LinkedInAdapter } from "./adapter.ts";
import { findFacets } from "./facets.ts";
import { freezeLinkedIn, type FreezeOptions } from "./freeze.ts";
import { writeSecret } from "./secret.ts";
import type { LinkedInContext } from "./session.ts";

export const NOW = Date.UTC(2026, 10, 22, 12);
export const MEMBER = "urn:li:person:mAr1s0l-Q";
export const OTHER = "urn:li:person:t0m_Visit";
export const PAGE = "urn:li:organization:77001";
export const VERSION = "202610";

export interface TestContext extends LinkedInContext {
  /** Every secret that was kept, in order. */
  kept: string[];
}

export interface World {
  linkedin: LinkedInStandIn;
  adapter: LinkedInAdapter;
  now(): number;
  advance(ms: number): void;
  /** A new leave by the member, linked as `author`. */
  link(author?: string, scopes?: string[]): TestContext;
  payload(text: string, options?: Partial<FreezeOptions>): Payload;
  fail(fault: Fault, on?: string, times?: number): void;
  /** `METHOD /path` without its query, of every request since the last time. */
  asked(): string[];
}

export async function withLinkedIn(
  use: (world: World) => Promise<void>,
  { deadlineMs = 2_000, ...options }: LinkedInStandInOptions & { deadlineMs?: number } = {},
): Promise<void> {
  const limits = { application: 1_000_000, member: 1_000_000 };
  const linkedin = await startLinkedInStandIn({ now: () => NOW, slowMs: 5, limits, ...options });
  let ahead = 0;
  const now = () => NOW + ahead;
  let key = 0;
  const adapter = createLinkedInAdapter({
    version: VERSION,
    webOrigin: linkedin.webOrigin,
    now,
    deadlineMs,
  });
  try {
    await use({
      linkedin,
      adapter,
      now,
      advance: (ms) => {
        ahead += ms;
        linkedin.control.advance({ ms });
      },
      link: (author = PAGE, scopes) => {
        const granted = linkedin.control.grant({ member: "mAr1s0l-Q", scopes });
        const { clientId, clientSecret } = linkedin.application;
        const kept: string[] = [];
        const refresh = granted.refreshToken === null
          ? null
          : { token: granted.refreshToken, until: now() + 365 * 86_400_000 };
        const secret = writeSecret({
          clientId,
          clientSecret,
          author,
          grant: {
            access: granted.accessToken,
            accessUntil: granted.expiresAt,
            refresh,
            scopes: scopes ?? linkedin.application.scopes,
          },
        });
        return {
          account: {
            connectionId: crypto.randomUUID(),
            accountId: author,
            handle: "tide",
            service: linkedin.origin,
          },
          secret,
          kept,
          keepSecret: (value) => {
            kept.push(value);
            return Promise.resolve();
          },
          signal: new AbortController().signal,
        };
      },
      payload: (text, change = {}) =>
        freezeLinkedIn([findFacets(text)], {
          key: `key-${++key}`,
          author: PAGE,
          frozenAt: now(),
          approval: { by: "user:ada", via: "session" },
          ...change,
        }),
      fail: (fault, on = "", times = 1) => linkedin.control.fail({ fault, on, times }),
      asked: () => {
        const seen = linkedin.control.requests().map(({ method, path }) => `${method} ${path.split("?")[0]}`);
        linkedin.control.forgetRequests();
        return seen;
      },
    });
  } finally {
    await linkedin.stop();
  }
}
