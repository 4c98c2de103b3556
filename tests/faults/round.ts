/** One fault, shown by one persona while all are at work; and what becomes of it and of the others. */
import type { CellEnd, SupervisionEvent } from "../../actors/supervisor/supervisor_port.ts";
import { TooLate, until } from "../crash/wait.ts";
import type { Round } from "./plan.ts";
import { EXPECTED } from "./plan.ts";
import type { Inhabitant, World } from "./world.ts";
import { sharedCells, strays } from "./world.ts";

/** For a fault to be shown and noticed: the longest limit that notices one is 15 s, and it may have to be shown twice. */
const NOTICED_MS = 90_000;
/** For somebody to answer again: no backoff and no start takes as long. */
const BACK_MS = 90_000;

/** Times in ms. */
export interface RoundResult {
  round: Round;
  /** For each end of a cell: until every innocent has answered a command that was sent at that end. */
  recoveries: number[];
  /** The longest wait for an answer of each innocent that fell with the cell, and of each that did not. */
  fallenWaits: number[];
  otherWaits: number[];
  /** From its last fall until the guilty one has answered; null where nobody was. */
  guiltyBack: number | null;
  charged: boolean;
  violations: string[];
}

/** Null where nobody shares a cell any more: suspects and guilty ones live alone for a while. */
export async function playRound(world: World, round: Round): Promise<RoundResult | null> {
  const target = targetOf(world, round);
  return target === null ? null : await new Showing(world, round, target).play();
}

interface Target {
  guilty: Inhabitant;
  /** Of the cell that it is in now. */
  pid: number;
}

function targetOf(world: World, { pick }: Round): Target | null {
  const could = sharedCells(world).flatMap(({ pid, personas }) =>
    world.inhabitants.filter(({ personaId }) => personas.includes(personaId)).map((guilty) => ({
      guilty,
      pid,
    }))
  );
  return could[Math.floor(pick * could.length)] ?? null;
}

class Showing {
  #world: World;
  #round: Round;
  #guilty: Inhabitant;
  #pid: number;
  #innocents: Inhabitant[];
  #ends: CellEnd[] = [];
  #crashes: Extract<SupervisionEvent, { kind: "crash" }>[] = [];
  #fellAt = new Map<string, number>();
  #probes: Promise<number>[] = [];
  #violations: string[] = [];

  constructor(world: World, round: Round, { guilty, pid }: Target) {
    this.#world = world;
    this.#round = round;
    this.#guilty = guilty;
    this.#pid = pid;
    this.#innocents = world.inhabitants.filter((one) => one !== guilty);
  }

  async play(): Promise<RoundResult> {
    const { supervisor } = this.#world.running;
    const startedAt = performance.now();
    const stop = supervisor.onSupervision((event) => this.#happened(event));
    const result: RoundResult = {
      round: this.#round,
      recoveries: [],
      fallenWaits: [],
      otherWaits: [],
      guiltyBack: null,
      charged: false,
      violations: this.#violations,
    };
    try {
      await this.#show();
      await this.#noticed();
      const published = this.#published();
      result.recoveries = await this.#inTime("every innocent's answer", Promise.all(this.#probes));
      result.guiltyBack = await this.#guiltyBack();
      await until(
        "a further post of every innocent",
        BACK_MS,
        () => this.#published().every((posts, index) => posts > (published[index] ?? 0)),
      );
      for (const { personaId, caller } of this.#innocents) {
        const waits = this.#fellAt.has(personaId) ? result.fallenWaits : result.otherWaits;
        waits.push(caller.longestWait(startedAt));
      }
      result.charged = this.#chargedTimes(this.#guilty) > 0;
      await this.#look();
    } catch (error) {
      this.#violations.push(messageOf(error));
    } finally {
      this.#world.running.actor.fault = null;
      stop();
    }
    return result;
  }

  async #show(): Promise<void> {
    const { shown, atCommand } = this.#round;
    if (shown === "kill" || shown === "stop") {
      return Deno.kill(this.#pid, shown === "kill" ? "SIGKILL" : "SIGSTOP");
    }
    const { actor, supervisor } = this.#world.running;
    const { personaId } = this.#guilty;
    actor.fault = { fault: shown, personaId, atCommand };
    await until(
      "the start of a worker that shows it",
      BACK_MS,
      async () => (await supervisor.control(personaId, "restart", "user:faults")).ok,
    );
  }

  /** The fault is disarmed in here: no later worker starts with it. */
  #happened(event: SupervisionEvent): void {
    const { personaId } = this.#guilty;
    switch (event.kind) {
      case "cell_ended":
        // Nobody was in it: it was not needed any more.
        if (event.innocent === 0 && !event.guilty) return;
        this.#ends.push(event.end);
        return this.#probe();
      case "crash":
        this.#crashes.push(event);
        this.#fellAt.set(event.personaId, performance.now());
        if (event.personaId !== personaId || !event.charged) return;
        this.#world.running.actor.fault = null;
        if (event.cause === "error") this.#probe();
        return;
      case "parked":
        return void this.#violations.push(`${event.personaId} was parked`);
      case "dead_lettered":
        return void this.#violations.push(`${event.personaId}: ${event.type} was dead-lettered`);
      default:
    }
  }

  /** Asks every innocent once it is known who fell: an answer can only come from a worker that lives then. */
  #probe(): void {
    const from = performance.now();
    const asked = Promise.resolve().then(() =>
      Promise.all(this.#innocents.map(({ caller }) => caller.edit()))
    );
    this.#probes.push(asked.then(() => performance.now() - from, (error) => {
      this.#violations.push(`an innocent was asked: ${messageOf(error)}`);
      return NaN;
    }));
  }

  async #noticed(): Promise<void> {
    const { shown } = this.#round;
    const { charged } = EXPECTED[shown];
    await until(
      `the end of "${shown}"`,
      NOTICED_MS,
      () => charged === "nobody" ? this.#ends.length > 0 : this.#chargedTimes(this.#guilty) > 0,
    );
  }

  #published(): number[] {
    return this.#innocents.map(({ personaId }) => this.#world.commits.published(personaId));
  }

  async #guiltyBack(): Promise<number | null> {
    const { personaId, caller } = this.#guilty;
    await this.#inTime("an answer of the guilty one", caller.edit());
    const fellAt = this.#fellAt.get(personaId);
    return fellAt === undefined ? null : performance.now() - fellAt;
  }

  /** How it stands with everybody now. */
  async #look(): Promise<void> {
    const { charged, ends } = EXPECTED[this.#round.shown];
    const [world, guilty] = [this.#world, this.#guilty];
    const times = this.#chargedTimes(guilty);
    if (times !== (charged === "nobody" ? 0 : 1)) this.#violations.push(`it was charged ${times} times`);
    world.charged.set(guilty.personaId, (world.charged.get(guilty.personaId) ?? 0) + times);
    for (const { personaId, cause } of this.#crashes.filter((crash) => crash.charged)) {
      if (personaId !== guilty.personaId) {
        this.#violations.push(`${personaId}, innocent, was charged: ${cause}`);
      }
    }
    for (const { personaId } of world.inhabitants) {
      const { restarts, parked, state } = world.running.supervisor.status(personaId);
      const expected = world.charged.get(personaId) ?? 0;
      if (restarts !== expected) {
        this.#violations.push(`${personaId} has ${restarts} restarts, not ${expected}`);
      }
      if (parked !== null || state !== "running") this.#violations.push(`${personaId} is ${state}`);
    }
    const [least, most] = ends.length === 0 ? [0, 0] : [1, charged === "found" ? 2 : 1];
    const came = this.#ends;
    if (came.length < least || came.length > most || !came.every((one) => ends.includes(one))) {
      this.#violations.push(
        `cells ended: ${came.join(", ") || "none"}, not ${ends.join(" or ") || "none"}`,
      );
    }
    for (const one of await strays(world)) this.#violations.push(`still there: ${one}`);
  }

  #chargedTimes({ personaId }: Inhabitant): number {
    return this.#crashes.filter((crash) => crash.charged && crash.personaId === personaId).length;
  }

  async #inTime<T>(what: string, work: Promise<T>): Promise<T> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<never>((_, reject) =>
      timer = setTimeout(() => reject(new TooLate(`${what}: not within ${BACK_MS / 1_000} s`)), BACK_MS)
    );
    return await Promise.race([work, late]).finally(() => clearTimeout(timer));
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
