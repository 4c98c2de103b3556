/** Shared by the tests of this folder: a stand-in with a clock that the adapter shares, and a linked connection. */
import { createHash } from "node:crypto";
import { type Fault } from "../../../../tests/stand_ins/linkedin/faults.ts";
import {
  type LinkedInStandIn,
  type LinkedInStandInOptions,
  startLinkedInStandIn,
} from "../../../../tests/stand_ins/linkedin/stand_in.ts";
import type {
  AdapterContext,
  MediaRef,
  Noted,
  Outcome,
  Payload,
  PlatformAdapter,
  Reconciled,
  Sent,
} from "../port.ts";
import { createLinkedInAdapter, type LinkedInOptions } from "./adapter.ts";
import { findFacets } from "./facets.ts";
import { freezeLinkedIn, type FreezeOptions } from "./freeze.ts";
import { writeSecret } from "./secret.ts";

export const NOW = Date.UTC(2026, 10, 22, 12);
export const MEMBER = "urn:li:person:mAr1s0l-Q";
export const OTHER = "urn:li:person:t0m_Visit";
export const PAGE = "urn:li:organization:77001";
export const VERSION = "202610";

export interface TestContext extends AdapterContext {
  /** Every secret that was kept, in order. */
  kept: string[];
  /** All that was noted, in order. */
  notes: Noted[];
}

export interface World {
  linkedin: LinkedInStandIn;
  readonly adapter: PlatformAdapter;
  /** The adapter forgets all that no event and no secret holds. */
  restart(): void;
  now(): number;
  advance(ms: number): void;
  /** A new leave by the member, linked as `author`. */
  link(author?: string, scopes?: string[]): TestContext;
  /** `on`: the URN that it is a comment on. `pictures`: their alt texts. */
  payload(
    text: string,
    options?: Partial<Omit<FreezeOptions, "replyTarget">> & { on?: string | null; pictures?: string[] },
  ): Payload;
  /** Looks with nothing known but what is said. */
  look(
    context: AdapterContext,
    payload: Payload,
    known?: { absentSince?: number | null; others?: string[] },
  ): Promise<Reconciled>;
  fail(fault: Fault, on?: string, times?: number): void;
  /** `METHOD /path` without its query, of every request since the last time. */
  asked(): string[];
}

export async function withLinkedIn(
  use: (world: World) => Promise<void>,
  { deadlineMs = 2_000, callsADay, memberAnalytics, ...options }:
    & LinkedInStandInOptions
    & Pick<LinkedInOptions, "deadlineMs" | "callsADay" | "memberAnalytics"> = {},
): Promise<void> {
  const limits = { application: 1_000_000, member: 1_000_000 };
  const linkedin = await startLinkedInStandIn({ now: () => NOW, slowMs: 5, limits, ...options });
  let ahead = 0;
  const now = () => NOW + ahead;
  let key = 0;
  const create = () =>
    createLinkedInAdapter({
      version: VERSION,
      webOrigin: linkedin.webOrigin,
      now,
      deadlineMs,
      callsADay,
      memberAnalytics,
    });
  let adapter = create();
  try {
    await use({
      linkedin,
      get adapter() {
        return adapter;
      },
      restart: () => {
        adapter = create();
      },
      now,
      advance: (ms) => {
        ahead += ms;
        linkedin.control.advance({ ms });
      },
      link: (author = PAGE, scopes) => {
        const granted = linkedin.control.grant({ member: "mAr1s0l-Q", scopes });
        const { clientId, clientSecret } = linkedin.application;
        const kept: string[] = [];
        const notes: Noted[] = [];
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
            platform: "linkedin",
            accountId: author,
            handle: "tide",
            service: linkedin.origin,
          },
          secret,
          kept,
          notes,
          noted: (noted) => void notes.push(noted),
          leave: () => Promise.resolve(null),
          media: (sha256) => {
            const bytes = PICTURES.get(sha256);
            return bytes === undefined
              ? Promise.reject(new RangeError(`no picture ${sha256}`))
              : Promise.resolve(bytes);
          },
          keepSecret: (value) => {
            kept.push(value);
            return Promise.resolve();
          },
          signal: new AbortController().signal,
        };
      },
      payload: (text, { on = null, pictures = [], ...change } = {}) => {
        const part = {
          ...findFacets(text),
          ...(pictures.length === 0 ? {} : { media: pictures.map(pictureOf) }),
        };
        return freezeLinkedIn([part], {
          key: `key-${++key}`,
          author: PAGE,
          frozenAt: now(),
          approval: { by: "user:ada", via: "session" },
          replyTarget: on === null ? null : { interactionId: "interaction-1", id: on },
          ...change,
        });
      },
      look: (context, frozen, { absentSince = null, others = [] } = {}) =>
        adapter.reconcile(context, frozen, { before: [], absentSince, others: new Set(others) }),
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

/** The smallest pictures that a stand-in can measure, by their hash. */
export const PICTURES = new Map<string, Uint8Array<ArrayBuffer>>();

/** A PNG's head, told apart by the alt text. */
export function pictureOf(alt: string): MediaRef {
  const words = new TextEncoder().encode(alt);
  const bytes = new Uint8Array(24 + words.length);
  bytes.set([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const view = new DataView(bytes.buffer);
  view.setUint32(16, WIDTH);
  view.setUint32(20, HEIGHT);
  bytes.set(words, 24);
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  PICTURES.set(sha256, bytes);
  return { sha256, mime: "image/png", width: WIDTH, height: HEIGHT, bytes: bytes.length, alt };
}

const WIDTH = 640;
const HEIGHT = 480;

/** The id of the only part of a post that is known to be out. */
export function idOf(outcome: Outcome | Reconciled): string {
  if (outcome.kind !== "sent" && outcome.kind !== "found") throw new Error(JSON.stringify(outcome));
  const [sent]: Sent[] = outcome.sent;
  return sent?.id ?? "";
}
