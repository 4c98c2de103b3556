/** Mistakes that one could make, each planted by hand: the simulation is worth something where it finds every one. */
import { Link, parts } from "../../actors/link.ts";
import { Limits } from "../../actors/persona/effects/limits.ts";
import type { PlatformAdapter } from "../../actors/persona/platforms/port.ts";
import { Mailbox } from "../../actors/supervisor/mailbox.ts";
import { Stops } from "../../actors/supervisor/stops.ts";
import type { StoredEvent } from "../../db/log/log.ts";
import type { ReadStore, WriteStore } from "../../db/log/store.ts";

type Store = WriteStore & ReadStore;

export interface Mutant {
  /** What is wrong, in words. */
  what: string;
  /** Between the log and its database. */
  store?(store: Store): Partial<Store>;
  /** The database takes what anybody sends. */
  unfenced?: boolean;
  /** A cell counts as gone when it is told to go. */
  reportsAtKill?: boolean;
  /** A new main does not wait for the cells of an earlier one. */
  waitsForNobody?: boolean;
  /** Mailboxes take everything. */
  boundless?: boolean;
  /** Between an effect and its platform. */
  adapter?(adapter: PlatformAdapter): PlatformAdapter;
  /** A worker gives itself leave to send. */
  sendsUnasked?: boolean;
  /** A worker that had leave for a post gives it itself from then on. */
  asksOnce?: boolean;
  /** How a worker listens. */
  link?: typeof Link;
  /** Changes a part of the program for the run; what it gives back undoes it. */
  install?(): () => void;
}

/** In a mutant: so many letters leave no room for an outcome. */
const MANY_LETTERS = 2;

export const NO_MUTANT: Mutant = { what: "the program as it is" };

/** A link that takes in what it has heard before. */
class Credulous extends Link {
  override take(frame: string): string | null {
    const { number, json } = parts(frame);
    return number <= this.taken && json !== "" ? json : super.take(frame);
  }
}

const PLANTED = {
  "acknowledge-before-commit": {
    what: "a command is acknowledged when its events are sent, not when they are committed",
    store: (store) => ({
      commit: (batch) => {
        void store.commit(batch);
        return Promise.resolve();
      },
    }),
  },
  "retry-without-dedup": {
    what: "nobody looks whether a command was seen before",
    store: (store) => ({
      findCommand: () => Promise.resolve(null),
      lookUp: async (streams) => await store.lookUp(streams, []),
      commit: (batch) => store.commit({ ...batch, commands: [] }),
    }),
  },
  "no-fence": {
    what: "the database takes batches of a writer that was taken over",
    unfenced: true,
  },
  "restart-before-death": {
    what: "actors are started again when their cell is told to go, not when it is gone",
    reportsAtKill: true,
  },
  "take-over-at-once": {
    what: "a new main begins while cells of the earlier one may still be sending",
    waitsForNobody: true,
  },
  "no-reconcile": {
    what: "an attempt in doubt is repeated without a look at the platform",
    adapter: (adapter) => ({
      ...adapter,
      reconcile: () => Promise.resolve({ kind: "absent", safeToRepeat: true }),
    }),
  },
  "one-look-is-enough": {
    what: "what one look does not find counts as absent, where lists lag",
    adapter: (adapter) => ({
      ...adapter,
      reconcile: async (context, payload, looked) => {
        const found = await adapter.reconcile(context, payload, looked);
        return found.kind === "absent" ? { ...found, safeToRepeat: true } : found;
      },
    }),
  },
  "doubt-counts-as-sent": {
    what: "an attempt in doubt counts as sent",
    adapter: (adapter) => ({
      ...adapter,
      publish: async (context, payload, before) => {
        const outcome = await adapter.publish(context, payload, before);
        const sent = payload.keys.map((key) => ({ id: `at://${key}`, url: `https://example.com/${key}` }));
        return outcome.kind === "uncertain" ? { kind: "sent", sent } : outcome;
      },
    }),
  },
  "doubt-counts-as-unsent": {
    what: "an attempt in doubt counts as one that did not leave",
    adapter: (adapter) => ({
      ...adapter,
      publish: async (context, payload, before) => {
        const outcome = await adapter.publish(context, payload, before);
        return outcome.kind === "uncertain" ? { ...outcome, kind: "not_sent" } : outcome;
      },
    }),
  },
  "parts-forgotten": {
    what: "what is out of a thread that was cut short is not kept",
    store: (store) => ({
      commit: (batch) => store.commit({ ...batch, events: batch.events.map(withoutParts) }),
    }),
  },
  "leave-once-a-thread": {
    what: "only the first part of a thread is sent with leave",
    asksOnce: true,
  },
  "window-not-heeded": {
    what: "what a platform says of its windows is forgotten",
    install: () => replaced(Limits.prototype, "mayAt", () => 0),
  },
  "heard-again": {
    what: "what was said is told apart by its hash, and the hash is not kept",
    store: (store) => ({
      commit: (batch) => store.commit({ ...batch, events: batch.events.map(withoutHash) }),
    }),
  },
  "deletion-believed": {
    what: "a deletion in doubt counts as done",
    adapter: (adapter) => ({
      ...adapter,
      remove: async (context, id) => {
        const removed = await adapter.remove(context, id);
        return removed.kind === "uncertain" ? { kind: "removed" } : removed;
      },
    }),
  },
  "send-without-permit": {
    what: "a worker sends without leave",
    sendsUnasked: true,
  },
  "stop-not-heeded": {
    what: "leave is given for what is stopped",
    install: () => replaced(Stops.prototype, "list", () => []),
  },
  "hear-twice": {
    what: "a worker acts on a repeated frame as on a new one",
    link: Credulous,
  },
  "boundless-mailbox": {
    what: "a mailbox takes whatever comes",
    boundless: true,
  },
  "letter-lost-in-crash": {
    what: "the command in hand is forgotten when its actor crashes",
    install: () => replaced(Mailbox.prototype, "putBack", () => {}),
  },
  "outcome-turned-away": {
    what: "an outcome has no room in a mailbox where others wait",
    install: () => {
      const { offer } = Mailbox.prototype;
      return replaced(Mailbox.prototype, "offer", function (this: Mailbox, letter) {
        return this.depth < MANY_LETTERS && offer.call(this, letter);
      });
    },
  },
  "snapshot-too-new": {
    what: "a snapshot claims one event more than it holds",
    store: (store) => ({
      saveSnapshot: (snapshot) => store.saveSnapshot({ ...snapshot, version: snapshot.version + 1 }),
    }),
  },
} satisfies Record<string, Mutant>;

export type MutantName = keyof typeof PLANTED;
export const MUTANTS: Record<MutantName, Mutant> = PLANTED;

export function isMutant(name: string): name is MutantName {
  return Object.hasOwn(MUTANTS, name);
}

function withoutParts(event: StoredEvent): StoredEvent {
  if (!event.type.startsWith("Publish")) return event;
  const { sent: _, ...data } = event.data;
  return { ...event, data };
}

function withoutHash(event: StoredEvent): StoredEvent {
  if (event.type !== "InteractionReceived") return event;
  return { ...event, data: { ...event.data, sourceHash: event.id } };
}

/** Until it is undone, `object` does something else. */
function replaced<T extends object, K extends keyof T>(object: T, key: K, by: T[K]): () => void {
  const before = object[key];
  object[key] = by;
  return () => void (object[key] = before);
}
