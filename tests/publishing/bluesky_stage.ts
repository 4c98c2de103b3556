import { createBlueskyAdapter } from "../../actors/persona/platforms/bluesky/adapter.ts";
import { connectBluesky } from "../../actors/persona/platforms/bluesky/connect.ts";
import { eventually, newAccount } from "../../actors/persona/platforms/bluesky/testing.ts";
import { startFaultProxy } from "../bluesky_network/fault_proxy.ts";
import { FAULTS, nameOf } from "../bluesky_network/laid_faults.ts";
import { type BlueskyNetwork, startBlueskyNetwork } from "../bluesky_network/network.ts";
import { recordsOf } from "../bluesky_network/verdict.ts";
import { afterLate } from "./after_late.ts";
import { type Door, openDoor } from "./bluesky_door.ts";
import type { Stage, StageOptions, StagePlay } from "./stage.ts";

/** Real ms for one request: what hangs is given up after it. */
const DEADLINE_MS = 500;
const NAMES = [...new Set(FAULTS.map(({ name }) => name))];

/** An account as its owner has it, past the adapter. */
interface Owner {
  did: string;
  handle: string;
  call(method: string, input: Record<string, unknown>): Promise<Record<string, unknown>>;
  ask(method: string): Promise<Record<string, unknown>>;
}

interface Shared {
  network: BlueskyNetwork;
  door: Door;
  /** Who speaks to the others. */
  jo: Owner;
}

/** A real network, started once for all runs. */
export async function blueskyPlay(): Promise<StagePlay> {
  const network = await startBlueskyNetwork({ say: console.log });
  const door = openDoor(network.pdsUrl);
  const shared = { network, door, jo: await newOwner(network, "joanna.test") };
  let accounts = 0;
  return {
    name: "bluesky",
    faults: NAMES,
    maxParts: 4,
    replyImages: true,
    answers: false,
    open: (options) => openBluesky(options, shared, `ada-${++accounts}.test`),
    close: async () => {
      await door.stop();
      await network.stop();
    },
  };
}

async function openBluesky(options: StageOptions, shared: Shared, named: string): Promise<Stage> {
  const { now, random, run, deadlineMs = DEADLINE_MS } = options;
  const { network, door, jo } = shared;
  const ada = await newOwner(network, named);
  const { did, handle } = ada;
  const proxy = await startFaultProxy(door.url);
  const passwords: { name: string; password: string }[] = [];
  const lay = (name: string, pick: (laid: typeof FAULTS) => typeof FAULTS[number] | undefined) => {
    const laid = pick(FAULTS.filter((one) => one.name === name));
    if (laid !== undefined) proxy.inject(laid.method, laid.fault);
  };
  /** What was held until its client gave up is at the PDS. */
  const arrived = async () => {
    await proxy.settled();
    await door.quiet();
  };
  const there = async () => new Set((await recordsOf(network.pdsUrl, did)).map(({ uri }) => uri));
  return {
    newAdapter: () => afterLate(createBlueskyAdapter({ now, deadlineMs }), () => proxy.settled()),
    async link(connectionId) {
      const name = `link-${passwords.length}`;
      const made = await ada.call("com.atproto.server.createAppPassword", { name });
      const password = String(made.password);
      passwords.push({ name, password });
      const connected = await connectBluesky(
        { service: door.url, identifier: did, password },
        { allowedOrigins: [door.url] },
      );
      if (connected.kind !== "connected") throw new Error(`no link: ${connected.reason}`);
      return {
        connection: {
          connectionId,
          platform: "bluesky",
          accountId: did,
          handle,
          service: proxy.url,
          disclosure: "profile_label",
        },
        secret: connected.secret,
      };
    },
    secrets: () => [...passwords.map(({ password }) => password), ...door.tokens(did)],
    async speakTo(words) {
      const text = `@${handle} ${words}`;
      const mention = { $type: "app.bsky.richtext.facet#mention", did };
      const { uri } = await jo.call("com.atproto.repo.createRecord", {
        repo: jo.did,
        collection: "app.bsky.feed.post",
        record: {
          $type: "app.bsky.feed.post",
          text,
          facets: [{ index: { byteStart: 0, byteEnd: handle.length + 1 }, features: [mention] }],
          createdAt: new Date().toISOString(),
        },
      });
      await eventually(async () => {
        const { notifications } = await ada.ask("app.bsky.notification.listNotifications");
        return (notifications as { uri: string }[]).some((one) => one.uri === uri) ? true : null;
      });
    },
    // What an account does is taken in its order: once the AppView shows this, it has heard of all before.
    async caughtUp() {
      const { uri } = await ada.call("com.atproto.repo.createRecord", {
        repo: did,
        collection: "app.bsky.feed.post",
        record: {
          $type: "app.bsky.feed.post",
          text: "Up to here",
          createdAt: new Date().toISOString(),
        },
      });
      const query = new URLSearchParams({ uris: String(uri) });
      await eventually(async () => {
        const { posts } = await asked(`${network.appViewUrl}/xrpc/app.bsky.feed.getPosts?${query}`);
        return (posts as unknown[]).length > 0 ? true : null;
      });
    },
    async said(text) {
      await arrived();
      const visible = await there();
      return door.taken(did).filter((one) => one.text === text).map(({ uri, answers, alts }) => ({
        id: uri,
        visible: visible.has(uri),
        answers,
        alts,
      }));
    },
    trouble(_asked, first) {
      const name = first || random.chance(0.4) ? NAMES[run % NAMES.length] ?? "half" : random.pick(NAMES);
      // Access has to end before anybody renews it.
      if (name === "refresh dropped") lay("expired", ([one]) => one);
      lay(name, (laid) => first ? laid[0] : random.pick(laid));
    },
    outage: (begins) => proxy.setDown(begins),
    async kill() {
      for (const { name } of passwords) await ada.call("com.atproto.server.revokeAppPassword", { name });
      door.takeBack(did);
    },
    mend: () => proxy.clear(),
    struck: () => proxy.met().map(nameOf),
    blunders: () => [],
    lagsLong: false,
    close: () => proxy.stop(),
  };
}

async function newOwner(network: BlueskyNetwork, named: string): Promise<Owner> {
  const { did, handle, password } = await newAccount(network, named);
  const at = (method: string) => `${network.pdsUrl}/xrpc/${method}`;
  const { accessJwt } = await asked(at("com.atproto.server.createSession"), { identifier: did, password });
  const token = String(accessJwt);
  return {
    did,
    handle,
    call: (method, input) => asked(at(method), input, token),
    ask: (method) => asked(at(method), undefined, token),
  };
}

async function asked(url: string, input?: Record<string, unknown>, token?: string) {
  const answer = await fetch(url, {
    method: input === undefined ? "GET" : "POST",
    headers: {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(input === undefined ? {} : { "content-type": "application/json" }),
    },
    body: input === undefined ? undefined : JSON.stringify(input),
    signal: AbortSignal.timeout(20_000),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${new URL(url).pathname}: ${answer.status} ${text}`);
  return (text === "" ? {} : JSON.parse(text)) as Record<string, unknown>;
}
