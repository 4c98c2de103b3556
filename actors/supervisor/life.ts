/** One life of an actor: a worker in a cell, from its start to its end, and the conversation with it. */
import { Link, LinkBroken } from "../link.ts";
import type { Down, Up, WorkerBeat } from "../persona/protocol.ts";
import type { Clock } from "../ports.ts";
import type { Cell, Occupant } from "./cells.ts";

export interface LifeOptions {
  address: string;
  personaId: string;
  clock: Clock;
  said(life: Life, message: Up): void;
  /** It cannot go on. `lost`: a frame was lost on the way, which is nobody's fault. */
  broken(life: Life, reason: string, lost: boolean): void;
  /** The worker ended by an error of its own. */
  crashed(life: Life, reason: string, stack: string): void;
}

export class Life implements Occupant {
  readonly address: string;
  readonly personaId: string;
  cell: Cell | null = null;
  heapBytes: number | null = null;
  externalBytes: number | null = null;
  #options: LifeOptions;
  #link: Link;
  #over = false;

  constructor(options: LifeOptions) {
    this.#options = options;
    this.address = options.address;
    this.personaId = options.personaId;
    this.#link = new Link(
      (frame) => this.cell?.link.toWorker(this.address, frame),
      () => options.clock.now(),
    );
  }

  /** Since when (ms) it has not taken what it was told; null where it has taken everything. */
  get unheardSince(): number | null {
    return this.#link.unheardSince;
  }

  tell(message: Down): void {
    if (this.#over) return;
    this.#orBreak(() => this.#link.send(JSON.stringify(message)));
  }

  /** Resolves when there is room for more. */
  room(): Promise<void> {
    return this.#link.room();
  }

  heard(frame: string): void {
    if (this.#over) return;
    this.#orBreak(() => {
      const json = this.#link.take(frame);
      if (json !== null) this.#options.said(this, parsed(json));
    });
  }

  beat({ heapBytes, externalBytes, sent, taken }: WorkerBeat): void {
    if (this.#over) return;
    this.heapBytes = heapBytes;
    this.externalBytes = externalBytes;
    this.#orBreak(() => {
      this.#link.acknowledge(taken);
      // Its frames came before this: what is not here yet does not come any more.
      if (sent > this.#link.taken) throw new LinkBroken(`${sent - this.#link.taken} frames were lost`, true);
    });
  }

  crashed(reason: string, stack: string): void {
    if (!this.#over) this.#options.crashed(this, reason, stack);
  }

  /** Nothing more is heard or told. */
  end(): void {
    this.#over = true;
  }

  #orBreak(act: () => void): void {
    try {
      act();
    } catch (error) {
      if (!(error instanceof LinkBroken)) throw error;
      this.#options.broken(this, error.message, error.lost);
    }
  }
}

function parsed(json: string): Up {
  let message: unknown;
  try {
    message = JSON.parse(json);
  } catch {
    throw new LinkBroken("a frame that is no JSON");
  }
  if (!isUp(message)) throw new LinkBroken("a frame that says nothing");
  return message;
}

/** Latest time that a date can hold, in ms since the epoch. */
const LAST_MS = 8.64e15;

const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && Number(value) >= 0;
const isTime = (value: unknown): boolean =>
  value === null || (typeof value === "number" && value >= 0 && value <= LAST_MS);
const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null;

/** Whether it has the shape that is relied upon later, when nobody could say any more whose frame it was. */
function isUp(message: unknown): message is Up {
  if (!isObject(message)) return false;
  switch (message.t) {
    case "load":
      return isCount(message.running) && isTime(message.nextAt) && isTime(message.listenAt);
    case "decided":
      return isCount(message.seq) && Array.isArray(message.events);
    case "refused":
      return isCount(message.seq) && isObject(message.refusal);
    case "submit":
      return isObject(message.command) && Array.isArray(message.words);
    case "live":
    case "snapshot":
      return isCount(message.version);
    default:
      return typeof message.t === "string";
  }
}
