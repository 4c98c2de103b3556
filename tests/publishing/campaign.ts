/**
 * Many runs, each a persona with an account on a platform that is faulty, and a program that crashes, on a virtual clock:
 * the real core and effects, the real adapter, a real server.
 */
import type { ActorSettings } from "../../actors/persona/protocol.ts";
import { SimClock } from "../simulation/clock.ts";
import { SimRandom } from "../simulation/random.ts";
import { ActorHost } from "./actor_host.ts";
import { Mishaps } from "./mishaps.ts";
import { type Mutant, NO_MUTANT } from "./mutants.ts";
import { Person } from "./person.ts";
import { Pictures } from "./pictures.ts";
import type { Stage, StagePlay } from "./stage.ts";
import { attemptsIn, count, type Counts, howOf } from "./tally.ts";
import { verdictOf } from "./verdict.ts";

/** More are no run but a circle. */
const MAX_STEPS = 1_500;
/** Virtual ms in which things go wrong; what is still under way after them comes to its end. */
const STORM_MS = 2 * 3_600_000;
const SAY_EVERY = 100;

export interface CampaignOptions {
  play: StagePlay;
  first: number;
  runs: number;
  mutant?: Mutant;
  /** Ends with the first run that breaks a promise. @default false */
  stopAtFirst?: boolean;
  /** Told of each run that broke a promise, as it is found. */
  failed?(run: number, violations: string[]): void;
  /** Told how far it is. */
  say?(line: string): void;
}

export interface CampaignResult {
  runs: number;
  /** Violations by run. */
  failures: Map<number, string[]>;
  /** Parts of all posts, and how many of them have been out: one that is out twice counts twice. */
  parts: number;
  partsOut: number;
  /** Posts by how they ended, and those that went out by how that is known. */
  ends: Counts;
  /** Requests that met a fault, by its name. */
  struck: Counts;
  /** What befell whole runs. */
  storms: Counts;
  /** Attempts to send a post, and after how many of them nobody knew at first what had come of it. */
  attempts: number;
  doubts: number;
  crashes: number;
  refusals: number;
  resolved: number;
  relinked: number;
  ms: number;
}

export async function runCampaign(options: CampaignOptions): Promise<CampaignResult> {
  const { play, first, runs, mutant = NO_MUTANT, stopAtFirst = false, failed = () => {}, say = () => {} } =
    options;
  const result: CampaignResult = {
    runs: 0,
    failures: new Map(),
    parts: 0,
    partsOut: 0,
    ends: {},
    struck: {},
    storms: {},
    attempts: 0,
    doubts: 0,
    crashes: 0,
    refusals: 0,
    resolved: 0,
    relinked: 0,
    ms: 0,
  };
  const began = performance.now();
  for (let run = first; run < first + runs; run++) {
    const violations = await oneRun(play, run, mutant, result);
    result.runs++;
    if (result.runs % SAY_EVERY === 0) say(`${play.name}: ${result.runs} of ${runs} runs`);
    if (violations.length === 0) continue;
    result.failures.set(run, violations);
    failed(run, violations);
    if (stopAtFirst) break;
  }
  result.ms = performance.now() - began;
  return result;
}

async function oneRun(
  play: StagePlay,
  run: number,
  mutant: Mutant,
  result: CampaignResult,
): Promise<string[]> {
  const random = (name: string) => new SimRandom(run, `${play.name} ${name}`);
  const clock = new SimClock(random("ties"));
  const pictures = new Pictures();
  const chance = random("storm");
  const troubled = chance.pick([0, 0.2, 0.4, 0.7]);
  let begun = false;
  const mishaps = new Mishaps(random("mishaps"));
  const stage = await play.open({
    now: () => clock.now(),
    wait: (ms) => host.wait(ms),
    random: random("stage"),
    run,
    pictures,
  });
  const host: ActorHost = new ActorHost({
    clock,
    random: random("actor"),
    personaId: random("persona").uuid(),
    pictures,
    mishaps,
    mutant,
    settings: SETTINGS,
    newAdapter: () => stage.newAdapter(),
    asking: (asked) => {
      // Polls are many, and nothing hangs on one.
      if (mishaps.over || (asked === "poll" && chance.chance(0.9))) return;
      // The first one of each run meets the fault whose turn it is.
      const first = asked === "publish" && !begun;
      if (first) {
        begun = true;
        stage.trouble(asked, true);
      }
      for (let left = 3; left > 0 && chance.chance(troubled); left--) stage.trouble(asked, false);
    },
  });
  try {
    const person = new Person({ host, stage, play, clock, random: random("person"), pictures, run });
    await person.begin();
    await person.speakTo();
    storm({ host, stage, person, clock, chance, befell: (what) => count(result.storms, what) });
    const ended = await untilDone({ host, stage, person, clock, mishaps });
    const { broken, partsOut } = await verdictOf(host, person, stage);
    if (!ended) broken.unshift("the run came to no end");
    for (const { postId, parts } of person.plans) {
      count(result.ends, endOf(host, postId));
      result.parts += parts.length;
    }
    result.partsOut += partsOut;
    for (const fault of stage.struck()) count(result.struck, fault);
    const { attempts, doubts } = attemptsIn(host.events);
    result.attempts += attempts;
    result.doubts += doubts;
    result.crashes += host.crashes;
    result.refusals += mishaps.refusals;
    result.resolved += person.resolved;
    result.relinked += person.relinked - 1;
    return broken;
  } finally {
    await stage.close();
  }
}

/** Its status, with how it is known to be out where it is or was. */
function endOf({ state, events }: ActorHost, postId: string): string {
  const status = state.posts[postId]?.status ?? "never written";
  const out = events.findLast(({ type, data }) => type === "PostPublished" && data.postId === postId);
  return out === undefined ? status : `${status} (${howOf(out)})`;
}

interface Cast {
  host: ActorHost;
  stage: Stage;
  person: Person;
  clock: SimClock;
}

/** What befalls the run at some time, whatever it is doing then. */
function storm(
  { host, stage, person, clock, chance, befell }: Omit<Cast, "mishaps"> & {
    chance: SimRandom;
    befell(what: string): void;
  },
): void {
  const at = (most: number, what: string, act: () => Promise<unknown>) =>
    void clock.after(chance.between(1, most) * 1_000, () => {
      befell(what);
      host.busy(act());
    });
  const { outage } = stage;
  if (outage !== null && chance.chance(0.2)) {
    at(120, "platform down", async () => {
      await outage(true);
      at(300, "platform up again", () => outage(false));
    });
  }
  if (chance.chance(0.2)) at(180, "access ended", () => stage.kill());
  if (chance.chance(0.1)) at(180, "linked again", () => person.link());
  if (chance.chance(0.1)) at(60, "paused", () => Promise.resolve(void host.send({ type: "pause" })));
}

async function untilDone(
  { host, stage, person, clock, mishaps }: Cast & { mishaps: Mishaps },
): Promise<boolean> {
  const began = clock.now();
  let idle = 0;
  for (let step = 0; step < MAX_STEPS; step++) {
    await host.settle();
    await person.look();
    await host.settle();
    if (person.done()) return true;
    if (!mishaps.over && clock.now() - began > STORM_MS) {
      mishaps.over = true;
      stage.mend();
      // What was said while nothing could be heard is too old by now.
      await person.speakTo();
    }
    // What the person has yet to see may be all that is left to go on with.
    idle = clock.fire() ? 0 : idle + 1;
    if (idle > 2) return false;
  }
  return false;
}

const SETTINGS: ActorSettings = {
  approvalMs: 7 * 86_400_000,
  slotGraceMs: 3_600_000,
  sandboxOrigin: "http://127.0.0.1:9",
  linkedIn: { version: "202511", webOrigin: "http://127.0.0.1:9" },
  requireAltText: true,
  writer: { kind: "offline" },
  crashPoint: null,
  fault: null,
};
