/** Gives commands to one persona, and keeps every answer with the time that it took. */
import type { PersonaCommand } from "../../actors/persona/commands.ts";
import type { SupervisorPort } from "../../actors/supervisor/supervisor_port.ts";
import type { StoredEvent } from "../../db/log/log.ts";

/** One command that was acknowledged. Times in ms, by `performance.now()`. */
export interface Answered {
  key: string;
  type: PersonaCommand["type"];
  events: StoredEvent[];
  sentAt: number;
  answeredAt: number;
}

export class Caller {
  readonly personaId: string;
  /** In the order of the answers. */
  readonly answered: Answered[] = [];
  #supervisor: SupervisorPort;
  #random: () => number;
  /** When those were sent that have no answer yet. */
  #open = new Set<number>();
  #edits = 0;

  constructor(supervisor: SupervisorPort, personaId: string, random: () => number) {
    this.#supervisor = supervisor;
    this.personaId = personaId;
    this.#random = random;
  }

  /** Edits given so far: the n-th sets the purpose `purposeOf(n)`. */
  get edits(): number {
    return this.#edits;
  }

  /** Resolves when it is acknowledged. Throws when it is not: nothing that is sent here may be refused. */
  async give(command: PersonaCommand): Promise<StoredEvent[]> {
    const key = crypto.randomUUID();
    const sentAt = performance.now();
    this.#open.add(sentAt);
    const answer = await this.#supervisor.send(this.personaId, command, {
      by: "token:faults",
      id: key,
      mayBeRepeated: this.#random() < 0.5,
    }).finally(() => this.#open.delete(sentAt));
    if (answer.kind !== "committed") {
      throw new Error(`${command.type} was answered ${JSON.stringify(answer)}`);
    }
    const { events } = answer;
    this.answered.push({ key, type: command.type, events, sentAt, answeredAt: performance.now() });
    return events;
  }

  /** A small command that changes something each time. */
  async edit(): Promise<void> {
    await this.give({ type: "edit", changes: { purpose: purposeOf(++this.#edits) } });
  }

  /** The longest that an answer was waited for, in ms, among those that were waited for after `since`. */
  longestWait(since: number): number {
    const now = performance.now();
    const waits = this.answered.filter(({ answeredAt }) => answeredAt > since)
      .map(({ sentAt, answeredAt }) => answeredAt - sentAt);
    return Math.max(0, ...waits, ...[...this.#open].map((sentAt) => now - sentAt));
  }
}

export function purposeOf(edit: number): string {
  return `Make people look up, ${edit}.`;
}
