/** Test equipment: lives of a persona by chance, for property tests. Whatever is asked, in any order, with any outcome. */
import fc from "fast-check";
import type { Command } from "./commands.ts";
import { decide } from "./decide.ts";
import { putAside } from "./decide/dead_letters.ts";
import { doubted } from "./decide/doubts.ts";
import type { PersonaEvent } from "./events.ts";
import { evolve, type Fact } from "./evolve.ts";
import { commandOf, effectOf, forwardOf } from "./random_commands.ts";
import { initialState, type PersonaState } from "./state.ts";
import { BLUESKY, DAY, HOUR, IDENTITY, NOW, SANDBOX, testContext } from "./testing.ts";

/** Number of runs of each property; more with `RUNS=…`. */
export const RUNS = Number(Deno.env.get("RUNS") ?? "100");

/** One thing that happens. Numbers choose among what there is at that moment. */
export type Step =
  | { kind: "wait"; ms: number }
  | { kind: "command"; pick: number; post: number; variant: number }
  /** What a person would do next with a post, so that lives get far. */
  | { kind: "forward"; post: number; variant: number }
  /** The next effect that the state wants, with an outcome by `variant`. */
  | { kind: "effect"; pick: number; variant: number }
  /** A command, of somebody or of an effect, that makes the persona stop twice. */
  | { kind: "crash"; of: "command" | "effect"; pick: number; post: number; variant: number }
  /** A copy of the database is started. */
  | { kind: "copy" };

const number = fc.nat(1_000);
const forward = fc.record({ kind: fc.constant("forward" as const), post: number, variant: number });
const stepArbitrary: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("wait" as const),
      ms: fc.constantFrom(1_000, 60_000, 60_000, HOUR, 2 * HOUR, DAY, 8 * DAY),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant("command" as const),
      pick: number,
      post: number,
      variant: number,
    }),
  },
  { weight: 6, arbitrary: forward },
  {
    weight: 8,
    arbitrary: fc.record({ kind: fc.constant("effect" as const), pick: number, variant: number }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("crash" as const),
      of: fc.constantFrom("command" as const, "effect" as const),
      pick: number,
      post: number,
      variant: number,
    }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: "copy" as const }) },
);
export const stepsArbitrary: fc.Arbitrary<Step[]> = fc.array(stepArbitrary, {
  minLength: 5,
  maxLength: 250,
  size: "max",
});

/** A fact with the time at which it was decided. */
export interface TimedFact extends Fact {
  atMs: number;
}

export interface Moment {
  before: PersonaState;
  after: PersonaState;
  fact: TimedFact;
  now: number;
}

/** Plays the steps; `see` is told of each event in order. Returns the state and every event. */
export function live(
  steps: Step[],
  see: (moment: Moment) => void = () => {},
): { state: PersonaState; facts: TimedFact[] } {
  let state = initialState("p1");
  let now = NOW;
  const facts: TimedFact[] = [];
  const context = testContext();
  const give = (command: Command, by = "user:ann") => {
    const decision = decide(state, command, { ...context, now, by });
    if (!("refused" in decision)) happen(decision.events, by);
  };
  const crash = (given: Command, by: string) => {
    const command = JSON.parse(JSON.stringify(given));
    const failed = { commandId: "c", command, by, cause: null, reason: "it threw", crashes: 2 };
    happen(putAside(state, failed, { ...context, now }), "system");
  };
  const happen = (events: PersonaEvent[], by: string) => {
    for (const { type, data } of events) {
      const version = state.version + 1;
      const fact: TimedFact = { id: `event-${version}`, type, version, by, data, atMs: now };
      const before = state;
      state = evolve(state, fact);
      facts.push(fact);
      see({ before, after: state, fact, now });
    }
  };
  give({ type: "create", identity: IDENTITY, origin: "form" });
  give({ type: "link", connection: SANDBOX });
  give({ type: "link", connection: BLUESKY });
  for (const step of steps) {
    if (step.kind === "wait") now += step.ms;
    else if (step.kind === "command") {
      give(commandOf(state, step, now), step.variant % 7 === 0 ? "token:t" : "user:ann");
    } else if (step.kind === "forward") give(forwardOf(state, step, now));
    else if (step.kind === "copy") happen(doubted(state, "a copy", now), "system");
    else if (step.kind === "crash") {
      const last = step.of === "command"
        ? commandOf(state, { ...step, kind: "command" }, now)
        : effectOf(state, { ...step, kind: "effect" }, now).at(-1);
      if (last !== undefined) crash(last, step.of === "command" ? "user:ann" : "actor:p1");
    } else for (const command of effectOf(state, step, now)) give(command, "actor:p1");
  }
  return { state, facts };
}
