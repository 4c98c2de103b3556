/**
 * Posts, threads, replies and pictures on a real PDS, with seeded faults in their way and processes that end in the middle.
 * In the end the account is read past the adapter, and everything that was said is held against it.
 */
import type { Found, Part, PlatformAdapter } from "../../actors/persona/platforms/port.ts";
import { createBlueskyAdapter } from "../../actors/persona/platforms/bluesky/adapter.ts";
import {
  eventually,
  frozen,
  link,
  newAccount,
  payload,
  picture,
  type TestContext,
} from "../../actors/persona/platforms/bluesky/testing.ts";
import { randomOf } from "../crash/plan.ts";
import { carryOut, type Ended } from "./carry_out.ts";
import { type FaultProxy, startFaultProxy } from "./fault_proxy.ts";
import { layFault, nameOf } from "./laid_faults.ts";
import { type BlueskyNetwork, startBlueskyNetwork } from "./network.ts";
import { recordsOf, type Run, violationsOf } from "./verdict.ts";

export interface CampaignOptions {
  runs: number;
  /** What every run follows from, with its number. */
  seed: number;
  /** The adapter under test; another one shows that a campaign can fail. @default createBlueskyAdapter */
  newAdapter?: (options: { deadlineMs: number }) => PlatformAdapter;
  /** Told how far it is. */
  say?: (line: string) => void;
}

export interface CampaignResult {
  seed: number;
  ended: Record<Ended["kind"], number>;
  /** Parts of all posts, and how many of them are out in the end: one that is out twice counts twice. */
  parts: number;
  partsOut: number;
  attempts: number;
  looks: number;
  crashes: number;
  /** Requests that met a fault, by its name. */
  faults: Record<string, number>;
  /** Why a post is not known to be out, as a person is told. */
  reasons: string[];
  violations: string[];
  ms: number;
}

/** Runs at once: each waits for answers that are slow on purpose. */
const LANES = 4;
/** Of a request; a stalled one is given up after it. */
const DEADLINE_MS = 500;
const MAX_PARTS = 5;
const SAY_EVERY = 50;
/** Then the trouble is over: whatever is still under way has to come to its end. */
const TROUBLED_CALLS = 30;

interface Lane {
  proxy: FaultProxy;
  linked: TestContext;
  runs: Run[];
}

export async function runCampaign(options: CampaignOptions): Promise<CampaignResult> {
  const { runs, seed, newAdapter = createBlueskyAdapter, say = () => {} } = options;
  const network = await startBlueskyNetwork({ say });
  const lanes: Lane[] = [];
  try {
    for (let lane = 0; lane < LANES; lane++) {
      const account = await newAccount(network, `lane${lane}.test`);
      const proxy = await startFaultProxy(network.pdsUrl);
      lanes.push({ proxy, linked: await link(network, account, proxy.url), runs: [] });
    }
    const targets = await talk(network);
    const began = performance.now();
    const result: CampaignResult = {
      seed,
      ended: { sent: 0, uncertain: 0, rejected: 0, waiting: 0 },
      parts: 0,
      partsOut: 0,
      attempts: 0,
      looks: 0,
      crashes: 0,
      faults: {},
      reasons: [],
      violations: [],
      ms: 0,
    };
    let next = 0;
    await Promise.all(lanes.map(async (lane) => {
      for (let run = next++; run < runs; run = next++) {
        const random = randomOf(seed, `run ${run}`);
        await oneRun(lane, run, { random, targets, newAdapter, result });
        if ((run + 1) % SAY_EVERY === 0) say(`${run + 1} of ${runs} runs`);
      }
    }));
    for (const { proxy, linked, runs } of lanes) {
      await proxy.settled();
      const stored = await recordsOf(network.pdsUrl, linked.account.accountId);
      result.partsOut += stored.length;
      for (const fault of proxy.met()) {
        const name = nameOf(fault);
        result.faults[name] = (result.faults[name] ?? 0) + 1;
      }
      result.violations.push(...runs.flatMap((run) => violationsOf(run, stored, linked.account)));
    }
    return { ...result, ms: performance.now() - began };
  } finally {
    for (const { proxy } of lanes) await proxy.stop();
    await network.stop();
  }
}

/** Posts of somebody else, deep in each other, that can be answered. */
async function talk(network: BlueskyNetwork): Promise<Found[]> {
  const fan = await link(network, await newAccount(network, "fan.test"));
  const adapter = createBlueskyAdapter();
  const outcome = await adapter.publish(fan, payload("talk 1", "talk 2", "talk 3"), []);
  if (outcome.kind !== "sent") throw new Error(JSON.stringify(outcome));
  return await Promise.all(outcome.sent.map(({ id }) => eventually(() => adapter.findTarget(fan, id))));
}

interface Chance {
  random: () => number;
  targets: Found[];
  newAdapter: NonNullable<CampaignOptions["newAdapter"]>;
  result: CampaignResult;
}

async function oneRun(lane: Lane, number: number, { random, targets, newAdapter, result }: Chance) {
  const { proxy, linked } = lane;
  const target = random() < 0.4 ? targets[Math.floor(random() * targets.length)] ?? null : null;
  const intent = frozen(partsOf(linked, number, random), target);
  let adapter = newAdapter({ deadlineMs: DEADLINE_MS });
  const [troubled, cut, deadly] = [random() * 0.7, random() < 0.7, random() * 0.2];
  let [down, calls] = [false, 0];
  const ended = await carryOut({
    payload: intent,
    cut,
    adapter: () => adapter,
    context: () => ({ ...linked, secret: linked.kept.at(-1) ?? linked.secret }),
    async beforeCall() {
      proxy.clear();
      if (down) await proxy.setDown(false);
      const over = ++calls > TROUBLED_CALLS;
      down = !over && random() < 0.02;
      if (down) await proxy.setDown(true);
      while (!over && random() < troubled) layFault(proxy, random);
    },
    crashes() {
      if (random() >= deadly) return false;
      result.crashes++;
      adapter = newAdapter({ deadlineMs: DEADLINE_MS });
      return true;
    },
  });
  if (down) await proxy.setDown(false);
  proxy.clear();
  lane.runs.push({ number, intent, ended });
  result.ended[ended.kind]++;
  if (ended.kind !== "sent") result.reasons.push(`run ${number}, ${ended.kind}: ${ended.reason}`);
  result.parts += intent.keys.length;
  result.attempts += ended.attempts;
  result.looks += ended.looks;
}

function partsOf(linked: TestContext, run: number, random: () => number): Part[] {
  const count = random() < 0.4 ? 1 : 1 + Math.floor(random() * MAX_PARTS);
  return Array.from({ length: count }, (_, part) => {
    const pictures = random() < 0.3 ? 1 + Math.floor(random() * 2) : 0;
    const media = Array.from({ length: pictures }, (_, one) => picture(linked, `${run} ${part} ${one}`));
    return { text: `run ${run}, part ${part}`, facets: [], ...(pictures > 0 ? { media } : {}) };
  });
}
