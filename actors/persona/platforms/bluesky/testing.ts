/** Shared by the tests of this folder: the network, started once a file, and what is asked of it. */
import assert from "node:assert/strict";
import { type FaultProxy, startFaultProxy } from "../../../../tests/bluesky_network/fault_proxy.ts";
import {
  type BlueskyNetwork,
  missing,
  startBlueskyNetwork,
} from "../../../../tests/bluesky_network/network.ts";
import type { AdapterContext, Payload } from "../port.ts";
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
}

/** Runs `use` with a network, an account and a proxy before the PDS; skips where it cannot be installed. */
export async function withWorld(test: Deno.TestContext, use: (world: World) => Promise<void>): Promise<void> {
  const lacking = await missing();
  if (lacking !== null) {
    if (Deno.env.get("CI") === "true") throw new Error(lacking);
    console.log(`skipped "${test.name}": ${lacking}`);
    return;
  }
  const network = await startBlueskyNetwork({ say: console.log });
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
  return { account: linked, secret, keepSecret, kept, signal: new AbortController().signal };
}

let micros = Date.UTC(2026, 10, 22) * 1000;

export function payload(...texts: string[]): Payload {
  return freezeBluesky(texts.map((text) => ({ text, facets: [] })), {
    createdAt: "2026-11-22T10:00:00.000Z",
    language: "en",
    tids: texts.map(() => tid(micros++, 5)),
  });
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
