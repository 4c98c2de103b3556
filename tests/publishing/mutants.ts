/** Mistakes that one could make in publishing, each planted by hand: the campaign is worth something where it finds every one. */
import type { InternalCommand } from "../../actors/persona/commands.ts";
import type { Outcome, PlatformAdapter } from "../../actors/persona/platforms/port.ts";
import type { StageName } from "./stage.ts";

export interface Mutant {
  /** What is wrong, in words. */
  what: string;
  /** Where it shows soonest, and the first run that shows it there. */
  on: Partial<Record<StageName, number>>;
  /** Between the core and its platform. */
  adapter?(adapter: PlatformAdapter): PlatformAdapter;
  /** What an effect says to its persona. */
  command?(command: InternalCommand): InternalCommand;
}

export const NO_MUTANT: Mutant = { what: "the program as it is", on: {} };

const publishing =
  (change: (outcome: Outcome) => Outcome) => (adapter: PlatformAdapter): PlatformAdapter => ({
    ...adapter,
    publish: async (at, payload, before) => change(await adapter.publish(at, payload, before)),
  });

const PLANTED = {
  "retry-blindly": {
    what: "what is uncertain is sent again without a look",
    on: { "linkedin-page": 2, x: 1 },
    adapter: (adapter) => ({
      ...adapter,
      reconcile: () => Promise.resolve({ kind: "absent", safeToRepeat: true }),
    }),
  },
  "uncertain-as-not-sent": {
    what: "an answer that was lost counts as a post that did not leave",
    on: { x: 1, "linkedin-page": 2 },
    adapter: publishing((outcome) =>
      outcome.kind === "uncertain" ? { ...outcome, kind: "not_sent" } : outcome
    ),
  },
  "crash-as-not-sent": {
    what: "an attempt that a crash cut short counts as one that did not leave",
    on: { "linkedin-page": 3, x: 1 },
    command: (command) =>
      command.type === "outcome" && command.outcome.kind === "uncertain" &&
        command.outcome.reason.startsWith("The persona stopped")
        ? { ...command, outcome: { ...command.outcome, kind: "not_sent" } }
        : command,
  },
  "parts-forgotten": {
    what: "a thread is begun again from its first part",
    on: { x: 4 },
    adapter: (adapter) => ({
      ...adapter,
      publish: (at, payload) => adapter.publish(at, payload, []),
    }),
  },
  "parts-unsaid": {
    what: "nobody is told which parts of a thread are out already",
    on: { x: 16 },
    command: (command) => {
      if (command.type !== "outcome" || command.outcome.kind === "sent") return command;
      const { parts: _, ...outcome } = command.outcome;
      return { ...command, outcome };
    },
  },
  "duplicate-as-sent": {
    what: "“duplicate” counts as sent",
    on: { x: 35, "linkedin-page": 2 },
    adapter: publishing((outcome) =>
      outcome.kind === "uncertain" && /already/.test(outcome.reason)
        ? { kind: "sent", sent: outcome.evidence?.slice(0, 1) ?? [{ id: "1", url: "https://x.com/i/1" }] }
        : outcome
    ),
  },
  "one-look": {
    what: "absent once counts as absent",
    on: { "linkedin-page": 17, x: 1 },
    adapter: (adapter) => ({
      ...adapter,
      reconcile: (at, payload, looked) =>
        adapter.reconcile(at, payload, {
          ...looked,
          absentSince: looked.absentSince ?? Date.UTC(2026, 0, 1),
        }),
    }),
  },
  "found-unseen": {
    what: "a look that could not be made counts as one that found it",
    on: { x: 0, "linkedin-page": 1 },
    adapter: (adapter) => ({
      ...adapter,
      reconcile: async (at, payload, looked) => {
        const seen = await adapter.reconcile(at, payload, looked);
        const { keys } = payload;
        return seen.kind === "unknown"
          ? { kind: "found", sent: keys.map((key) => ({ id: key, url: "https://example.org" })) }
          : seen;
      },
    }),
  },
  "new-key-each-time": {
    what: "each attempt has a key of its own",
    on: { sandbox: 2, bluesky: 0 },
    adapter: (adapter) => ({
      ...adapter,
      publish: (at, { keys, records }, before) =>
        adapter.publish(at, { keys: keys.map((key) => anotherKey(key)), records }, before),
    }),
  },
  "secret-told": {
    what: "a reason repeats the credentials",
    on: { "linkedin-page": 0, x: 0 },
    adapter: (adapter) => ({
      ...adapter,
      publish: async (at, payload, before) => {
        const outcome = await adapter.publish(at, payload, before);
        return outcome.kind === "sent" ? outcome : { ...outcome, reason: `${outcome.reason} (${at.secret})` };
      },
    }),
  },
} satisfies Record<string, Mutant>;

export type MutantName = keyof typeof PLANTED;
export const MUTANTS: Record<MutantName, Mutant> = PLANTED;

let made = 0;

function anotherKey(key: string): string {
  const letters = "234567abcdefghijklmnopqrstuvwxyz";
  const count = ++made;
  return key.slice(0, -3) + [count >> 10, count >> 5, count].map((number) => letters[number & 31]).join("");
}

export function isMutant(name: string): name is MutantName {
  return Object.hasOwn(MUTANTS, name);
}
