/** What a step of the contract stands in: one adapter, an account of its own, a clock; and what steps do with them. */
import assert from "node:assert/strict";
import { freeze } from "../../actors/persona/platforms/freeze.ts";
import type {
  AdapterContext,
  Looked,
  MediaRef,
  Noted,
  Payload,
  PlatformAdapter,
  Sent,
} from "../../actors/persona/platforms/port.ts";
import { tidSource } from "../../actors/persona/platforms/bluesky/tid_source.ts";
import { SimRandom } from "../simulation/random.ts";
import { CAPABILITIES, type Capabilities } from "./capabilities.ts";
import { Pictures } from "./pictures.ts";
import type { Link, Stage, StagePlay } from "./stage.ts";

/** Past every lag, and past what two looks have to be apart. */
export const LATER_MS = 500_000;
/** Nothing hangs here, so only a machine with much to do is ever slow. */
const DEADLINE_MS = 20_000;
/** Asks for what is said to be heard, before it is said not to be. */
const MOST_POLLS = 100;

export interface Scene {
  stage: Stage;
  adapter: PlatformAdapter;
  can: Capabilities;
  link: Link;
  context: AdapterContext;
  pictures: Pictures;
  noted: Noted[];
  now(): number;
  pass(ms: number): void;
}

export type Step = (scene: Scene) => Promise<void>;

/** Runs a step in a world of its own, and asks that no secret was noted. */
export async function holds(play: StagePlay, step: Step): Promise<void> {
  let now = Date.UTC(2026, 0, 5, 8);
  const pictures = new Pictures();
  const pass = (ms: number) => void (now += ms);
  const stage = await play.open({
    now: () => now,
    wait: (ms) => Promise.resolve(pass(ms)),
    random: new SimRandom(++worlds, play.name),
    run: worlds,
    pictures,
    deadlineMs: DEADLINE_MS,
  });
  try {
    const link = await stage.link("c1");
    const noted: Noted[] = [];
    const { connectionId, platform, accountId, handle, service } = link.connection;
    const context: AdapterContext = {
      account: { connectionId, platform, accountId, handle, service },
      secret: link.secret,
      keepSecret: (value) => Promise.resolve(void (context.secret = value)),
      signal: new AbortController().signal,
      leave: () => Promise.resolve(null),
      media: (sha256) => {
        const bytes = pictures.get(sha256);
        return bytes === null ? Promise.reject(new Error("not kept any more")) : Promise.resolve(bytes);
      },
      noted: (one) => void noted.push(one),
    };
    const can = CAPABILITIES[play.name];
    const adapter = stage.newAdapter();
    await step({ stage, adapter, can, link, context, pictures, noted, now: () => now, pass });
    const told = JSON.stringify(noted);
    for (const secret of stage.secrets()) assert.ok(!told.includes(secret), "no secret is noted");
  } finally {
    await stage.close();
  }
}

let keys = 0;
let worlds = 0;

export function frozen(
  { link: { connection }, now }: Scene,
  parts: { text: string; media?: MediaRef[] }[],
  replyTarget: { interactionId: string; id: string; cid?: string } | null = null,
): Payload {
  const { connectionId, platform, accountId, disclosure } = connection;
  return freeze(platform, {
    connectionId,
    accountId,
    parts: parts.map((part) => ({ ...part, facets: [] })),
    replyTarget,
    labels: [],
    disclosure,
    language: "en",
  }, {
    now: now(),
    approval: { by: "user:ann", via: "session" },
    newId: () => `key-${++keys}-${crypto.randomUUID().slice(0, 8)}`,
    newTid: tidSource(() => Date.now() + ++keys, Math.random),
  });
}

export const cut = ({ keys, records }: Payload, parts: number): Payload => ({
  keys: keys.slice(0, parts),
  records: records.slice(0, parts),
});

export const looked = (before: Sent[] = []): Looked => ({ before, absentSince: null, others: new Set() });

/** Part by part, as the core does it. */
export async function publish({ adapter, context }: Scene, payload: Payload): Promise<Sent[]> {
  let sent: Sent[] = [];
  while (sent.length < payload.keys.length) {
    const outcome = await adapter.publish(context, cut(payload, sent.length + 1), sent);
    if (outcome.kind !== "sent") throw new Error(JSON.stringify(outcome));
    assert.equal(outcome.sent.length, sent.length + 1);
    assert.deepEqual(outcome.sent.slice(0, sent.length), sent);
    sent = outcome.sent;
  }
  return sent;
}

export async function looks(
  scene: Scene,
  payload: Payload,
  kind: "found" | "absent",
  sent?: Sent[],
): Promise<void> {
  const { adapter, context, can } = scene;
  scene.pass(LATER_MS * 10);
  const seen = await adapter.reconcile(context, payload, looked());
  if (!can.readsBack) return void assert.ok(seen.kind === "unknown" && seen.reason !== "");
  assert.equal(seen.kind, kind, JSON.stringify(seen));
  if (seen.kind === "found") assert.deepEqual(seen.sent, sent);
  if (seen.kind !== "absent") return;
  assert.equal(seen.safeToRepeat, can.keyed, "without keys, one look proves nothing");
  const since = { ...looked(), absentSince: scene.now() - LATER_MS };
  const again = await adapter.reconcile(context, payload, since);
  assert.ok(again.kind === "absent" && again.safeToRepeat, JSON.stringify(again));
}

export async function listen({ adapter, context }: Scene, from: string | null) {
  let cursor = from;
  for (let poll = 0; poll < MOST_POLLS; poll++) {
    const page = await adapter.poll(context, cursor);
    const [heard] = page.interactions;
    cursor = page.cursor;
    if (heard !== undefined) {
      assert.equal(page.interactions.length, 1);
      return { ...heard, cursor };
    }
  }
  throw new Error("it was not heard");
}
