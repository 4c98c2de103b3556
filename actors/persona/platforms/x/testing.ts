/** Shared by the tests of this folder: the stand-in under a clock of its own, and a connection to it. */
import assert from "node:assert/strict";
import { loadContracts } from "../../../../tests/stand_ins/x/contracts.ts";
import {
  startXStandIn,
  type XStandIn,
  type XStandInOptions,
} from "../../../../tests/stand_ins/x/stand_in.ts";
import type { AdapterContext, Noted, Part, Payload, PlatformAdapter } from "../port.ts";
import { createXAdapter } from "./adapter.ts";
import { freezeX } from "./freeze.ts";
import { confidential, readSecret, writeSecret } from "./secret.ts";
import { Session } from "./session.ts";

/** Tuesday, 3 November 2026, noon UTC. */
export const NOON = Date.UTC(2026, 10, 3, 12);

export const contracts = await loadContracts();

export interface Linked {
  x: XStandIn;
  context: AdapterContext;
  session: Session;
  /** With a session of its own. */
  adapter: PlatformAdapter;
  now: () => number;
  /** Lets time pass on both sides. */
  pass(ms: number): void;
  /** A new session, and a new adapter, with what the vault holds, as after a crash. */
  restart(): void;
  /** What was kept, oldest first. */
  kept: string[];
  /** What the adapter told of its calls, oldest first. */
  noted: Noted[];
  /** Bytes of pictures by their hash: what `context.media` gives. */
  media: Map<string, Uint8Array>;
}

export interface LinkOptions extends XStandInOptions {
  auth?: "oauth1" | "oauth2";
  accessLifeMs?: number;
  scopes?: string[];
  /** For each request; the first one makes the judge read the specifications. @default 10_000 */
  deadlineMs?: number;
  keepSecret?: (value: string) => Promise<void>;
}

export async function withX(
  use: (linked: Linked) => Promise<void>,
  options: LinkOptions = {},
): Promise<void> {
  let passed = 0;
  const now = () => NOON + passed;
  const x = await startXStandIn({ clock: { now }, contracts, slowMs: 30, gapMs: 2, ...options });
  try {
    const linked = link(x, now, (ms) => void (passed += ms), options);
    await use(linked);
    assert.deepEqual(x.control.violations(), []);
    const told = JSON.stringify(linked.noted);
    for (
      const secret of [linked.context.secret, ...linked.kept].flatMap((text) =>
        confidential(readSecret(text))
      )
    ) {
      assert.ok(!told.includes(secret), "a secret was noted");
    }
  } finally {
    await x.stop();
  }
}

function link(x: XStandIn, now: () => number, pass: (ms: number) => void, options: LinkOptions): Linked {
  const { control, app } = x;
  const { auth = "oauth2", accessLifeMs, scopes, deadlineMs = 10_000 } = options;
  const tokens = control.grant("marisol_ink", { accessLifeMs, scopes });
  const secret = auth === "oauth1"
    ? writeSecret({ kind: "oauth1", ...control.userKeys("marisol_ink") })
    : writeSecret({ kind: "oauth2", clientId: app.clientId, clientSecret: app.clientSecret, ...tokens });
  const kept: string[] = [];
  const noted: Noted[] = [];
  const media = new Map<string, Uint8Array>();
  const context: AdapterContext = {
    account: {
      connectionId: "c1",
      platform: "x",
      accountId: control.account("marisol_ink").id,
      handle: "marisol_ink",
      service: x.origin,
    },
    secret,
    keepSecret: options.keepSecret ?? ((value) => {
      kept.push(value);
      return Promise.resolve();
    }),
    signal: new AbortController().signal,
    leave: () => Promise.resolve(null),
    media: (sha256) => {
      const bytes = media.get(sha256);
      return bytes === undefined ? Promise.reject(new Error("no such picture")) : Promise.resolve(bytes);
    },
    noted: (one) => void noted.push(one),
  };
  const wait = (ms: number) => Promise.resolve(pass(ms));
  const xOptions = { now, deadlineMs, wait };
  const linked: Linked = {
    x,
    context,
    now,
    pass,
    kept,
    noted,
    media,
    session: new Session(context, xOptions),
    adapter: createXAdapter(xOptions),
    restart: () => {
      linked.context = { ...linked.context, secret: kept.at(-1) ?? linked.context.secret };
      linked.session = new Session(linked.context, xOptions);
      linked.adapter = createXAdapter(xOptions);
    },
  };
  return linked;
}

/** A post with its texts alone, or whole parts. */
export function frozen(
  parts: (string | Pick<Part, "text" | "media">)[],
  { createdAt = NOON, replyTo = null, madeWithAi = false }: {
    createdAt?: number;
    replyTo?: string | null;
    madeWithAi?: boolean;
  } = {},
): Payload {
  return freezeX(parts.map((part) => typeof part === "string" ? { text: part } : part), {
    createdAt,
    replyTarget: replyTo === null ? null : { id: replyTo },
    madeWithAi,
  });
}

/** The beginning of a PNG of 3 × 2 px that differs by `seed`, of so many bytes, as a picture of a part. */
export function picture(media: Map<string, Uint8Array>, seed: number, alt = "", bytes = 60) {
  const content = new Uint8Array(bytes);
  content.set([
    0x89,
    0x50,
    0x4e,
    0x47,
    13,
    10,
    26,
    10,
    0,
    0,
    0,
    13,
    0x49,
    0x48,
    0x44,
    0x52,
    0,
    0,
    0,
    3,
    0,
    0,
    0,
    2,
  ]);
  content[bytes - 1] = seed & 0xff;
  content[bytes - 2] = seed >> 8;
  const sha256 = seed.toString(16).padStart(64, "0");
  media.set(sha256, content);
  return { sha256, mime: "image/png", width: 3, height: 2, bytes, alt };
}
