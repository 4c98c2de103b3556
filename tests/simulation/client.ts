/** A program that speaks for people: it gives commands, again where no answer came, and keeps who waits for what. */
import type { PersonaCommand } from "../../actors/persona/commands.ts";
import type { CommandAnswer } from "../../actors/supervisor/supervisor_port.ts";
import type { Supervisor } from "../../actors/supervisor/supervisor.ts";
import type { Main, Program } from "./program.ts";
import type { SimRandom } from "./random.ts";
import type { Witness } from "./witness.ts";
import type { World } from "./world.ts";

/** Times that somebody tries again before giving up. */
export const TRIES = 12;

/** A main that is up. */
export type Up = Main & { supervisor: Supervisor };

export class Client {
  /** Commands that were given to a main that is still there and has not answered. */
  readonly open = new Map<string, { main: Main; personaId: string; type: string }>();
  /** How many of them each persona has. */
  readonly waiting = new Map<string, number>();
  /** Answers by kind. */
  readonly answers = new Map<string, number>();
  #world: World;
  #program: Program;
  #witness: Witness;
  #random: SimRandom;
  #sends = 0;
  #busy = new Set<Promise<unknown>>();

  constructor(world: World, program: Program, witness: Witness) {
    this.#world = world;
    this.#program = program;
    this.#witness = witness;
    this.#random = world.random("client");
  }

  /** What somebody still waits for; null where nobody does. */
  unanswered(): string | null {
    for (const { personaId, type } of this.open.values()) return `${type} of ${personaId} is not answered`;
    return this.#busy.size > 0 ? "somebody is still at work" : null;
  }

  /** Until it is answered, or given up. */
  async send(personaId: string, command: PersonaCommand, tries = TRIES): Promise<CommandAnswer | null> {
    const id = this.#random.uuid();
    for (let attempt = 0; attempt < tries; attempt++) {
      const main = this.#program.current;
      if (main?.supervisor == null || main.closing) {
        await this.#waits(this.#random.between(200, 1_000));
        continue;
      }
      const answer = await this.#sendOnce(main, personaId, command, id);
      if (answer?.kind === "committed" || answer?.kind === "refused") return answer;
      if (answer?.kind === "id_reused") this.#world.violate("an id is that of one command", id);
      await this.#waits(this.#random.between(100, 2_000));
    }
    return null;
  }

  async #sendOnce(
    main: Main,
    personaId: string,
    command: PersonaCommand,
    id: string,
  ): Promise<CommandAnswer | null> {
    const key = `${++this.#sends} ${command.type}`;
    this.open.set(key, { main, personaId, type: command.type });
    this.waiting.set(personaId, (this.waiting.get(personaId) ?? 0) + 1);
    this.#world.trace.say(`${personaId} is told ${command.type} ${id}`);
    const sender = { by: "user:ann", id, mayBeRepeated: true };
    // Somebody who does not like to wait asks twice.
    if (this.#random.chance(0.1)) this.do(() => this.#sendAgain(main, personaId, command, id));
    const sent = reached(main, (supervisor) => supervisor.send(personaId, command, sender)).catch((error) => {
      this.#world.trace.say(
        `${command.type} ${id} failed: ${error instanceof Error ? error.message : error}`,
      );
      return null;
    });
    const answer = await Promise.race([sent, main.gone.promise]) ?? null;
    this.open.delete(key);
    const others = (this.waiting.get(personaId) ?? 1) - 1;
    if (others === 0) this.waiting.delete(personaId);
    else this.waiting.set(personaId, others);
    this.#note(id, answer);
    return answer;
  }

  async #sendAgain(main: Main, personaId: string, command: PersonaCommand, id: string): Promise<void> {
    await this.#waits(this.#random.between(0, 50));
    const sender = { by: "user:ann", id, mayBeRepeated: true };
    const sent = reached(main, (supervisor) => supervisor.send(personaId, command, sender)).catch(() => null);
    this.#note(id, await Promise.race([sent, main.gone.promise]) ?? null);
  }

  #note(id: string, answer: CommandAnswer | null): void {
    const kind = answer?.kind ?? "nothing";
    this.answers.set(kind, (this.answers.get(kind) ?? 0) + 1);
    this.#world.trace.say(`${id} is answered ${kind}`);
    if (answer !== null) this.#witness.answered(id, answer);
  }

  /** With the main that is up; as long as it is. What fails is told: people try again another time. */
  async withMain(act: (main: Up) => Promise<void>): Promise<void> {
    const main = this.#program.current;
    if (main?.supervisor == null || main.closing) return;
    const done = reached(main, (supervisor) => act({ ...main, supervisor })).catch((error) =>
      this.#world.trace.say(`refused: ${error instanceof Error ? error.message : error}`)
    );
    await Promise.race([done, main.gone.promise]);
  }

  /** Goes on beside everything else; that it comes to its end is waited for. */
  do(work: () => Promise<unknown>): void {
    const busy = work().finally(() => this.#busy.delete(busy));
    this.#busy.add(busy);
  }

  #waits(ms: number): Promise<void> {
    return new Promise((resolve) => void this.#world.clock.after(ms, resolve));
  }
}

/** What is asked of a main that is stuck waits until it is not. */
function reached<T>(main: Main, act: (supervisor: Supervisor) => Promise<T>): Promise<T> {
  const { supervisor } = main;
  if (supervisor === null) return Promise.reject(new Error("it is not up"));
  return new Promise((resolve) => main.process.run(() => resolve(act(supervisor))));
}
