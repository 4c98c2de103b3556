/** Shared by the tests of this folder: the network, started once a file, and what is asked of it. */
import assert from "node:assert/strict";
import { type FaultProxy, startFaultProxy } from "../../../../tests/bluesky_network/fault_proxy.ts";
import {
  type BlueskyNetwork,
  missing,
  type NetworkOptions,
  startBlueskyNetwork,
} from "../../../../tests/bluesky_network/network.ts";
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import type { AdapterContext, Found, Looked, MediaRef, Noted, Part, Payload, Sent } from "../port.ts";
import { connectBluesky } from "./connect.ts";
import { freezeBluesky } from "./freeze.ts";
import { tid } from "./tid.ts";

export interface World {
  network: BlueskyNetwork;
  proxy: FaultProxy;
  did: string;
  handle: string;
  password: string;
}

export interface TestContext extends AdapterContext {
  /** Every secret that was kept, in order. */
  kept: string[];
  /** Everything that was noted, in order. */
  told: Noted[];
  /** What `media` hands out. */
  pictures: Map<string, Uint8Array>;
}

/** By their names, run one after the other in one world; `linked` goes through its proxy. */
export type Steps = Record<string, (world: World, linked: TestContext) => Promise<void>>;

/** Runs `use` with a network, an account and a proxy before the PDS; skips where it cannot be installed. */
export async function withWorld(
  test: Deno.TestContext,
  use: (world: World) => Promise<void>,
  options: Pick<NetworkOptions, "rateLimits"> = {},
): Promise<void> {
  const lacking = await missing();
  if (lacking !== null) {
    if (Deno.env.get("CI") === "true") throw new Error(lacking);
    console.log(`skipped "${test.name}": ${lacking}`);
    return;
  }
  const network = await startBlueskyNetwork({ ...options, say: console.log });
  const proxy = await startFaultProxy(network.pdsUrl);
  try {
    await use({ network, proxy, ...await newAccount(network, "ada.test") });
  } finally {
    await proxy.stop();
    await network.stop();
  }
}

export async function newAccount(network: BlueskyNetwork, handle: string) {
  const password = `${handle}-password`;
  const { did } = await network.createAccount({ handle, password, email: `${handle}@example.com` });
  return { did, handle, password };
}

/** A linked connection, spoken to through `service` (the proxy, say). */
export async function link(
  network: BlueskyNetwork,
  account: { handle: string; password: string },
  service = network.pdsUrl,
): Promise<TestContext> {
  const rules = { allowedOrigins: [network.pdsUrl] };
  const connected = await connectBluesky({
    service: network.pdsUrl,
    identifier: account.handle,
    password: account.password,
  }, rules);
  assert.equal(connected.kind, "connected", JSON.stringify(connected));
  if (connected.kind !== "connected") throw new Error("unreachable");
  const { accountId, handle, secret } = connected;
  const kept: string[] = [];
  const keepSecret = (value: string) => {
    kept.push(value);
    return Promise.resolve();
  };
  const connectionId = crypto.randomUUID();
  const linked = { connectionId, platform: "bluesky" as const, accountId, handle, service };
  const [told, pictures] = [[] as Noted[], new Map<string, Uint8Array>()];
  return {
    account: linked,
    secret,
    keepSecret,
    kept,
    signal: new AbortController().signal,
    told,
    leave: () => Promise.resolve(null),
    noted: (one) => void told.push(one),
    pictures,
    media(hash) {
      const bytes = pictures.get(hash);
      return bytes === undefined ? Promise.reject(new Error("no such picture")) : Promise.resolve(bytes);
    },
  };
}

/** A look for a post of which nothing is known but `before`. */
export function looking(before: Sent[] = []): Looked {
  return { before, absentSince: null, others: new Set() };
}

/** A real PNG of one pixel; another `seed` makes other bytes of the same picture. */
const PNG =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

/** A picture that `context` hands out from now on. */
export function picture({ pictures }: TestContext, seed: string, alt = seed): MediaRef {
  const bytes = new Uint8Array([
    ...Uint8Array.from(atob(PNG), (letter) => letter.charCodeAt(0)),
    ...new TextEncoder().encode(seed),
  ]);
  const hash = bytesToHex(sha256(bytes));
  pictures.set(hash, bytes);
  return { sha256: hash, mime: "image/png", width: 1, height: 1, bytes: bytes.length, alt };
}

let micros = Date.UTC(2026, 10, 22) * 1000;

export function payload(...texts: string[]): Payload {
  return frozen(texts.map((text) => ({ text, facets: [] })));
}

/** Frozen as in an intent, under new keys. */
export function frozen(parts: Part[], found: Found | null = null): Payload {
  return freezeBluesky(parts, {
    createdAt: "2026-11-22T10:00:00.000Z",
    language: "en",
    tids: parts.map(() => tid(micros++, 5)),
    replyTarget: found === null ? null : { interactionId: "of-ours", ...found },
  });
}

/** What the core hands over for one more part than are out. */
export function cut({ keys, records }: Payload, before: Sent[]): Payload {
  const end = before.length + 1;
  return { keys: keys.slice(0, end), records: records.slice(0, end) };
}

/** A call of the account's own, past the adapter: what its owner does with another app. */
export async function callAs(
  { account, secret }: TestContext,
  pdsUrl: string,
  method: string,
  input: Record<string, unknown>,
): Promise<void> {
  const answer = await fetch(`${pdsUrl}/xrpc/${method}`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${JSON.parse(secret).session.accessJwt}`,
      "content-type": "application/json",
    },
    body: JSON.stringify({ repo: account.accountId, ...input }),
  });
  const said = await answer.text();
  assert.equal(answer.status, 200, said);
}

/** The account's posts with this text, as the PDS itself lists them. */
export async function postsSaying({ network, did }: Pick<World, "network" | "did">, text: string) {
  const query = new URLSearchParams({ repo: did, collection: "app.bsky.feed.post", limit: "100" });
  const answer = await fetch(`${network.pdsUrl}/xrpc/com.atproto.repo.listRecords?${query}`);
  const { records } = await answer.json() as {
    records: { uri: string; cid: string; value: Record<string, unknown> }[];
  };
  return records.filter(({ value }) => value.text === text);
}

/** Asks again until `look` answers, at most for 15 s. */
export async function eventually<T>(look: () => Promise<T | null>): Promise<T> {
  const deadline = Date.now() + 15_000;
  while (Date.now() < deadline) {
    const found = await look();
    if (found !== null) return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error("it did not come to be within 15 s");
}
