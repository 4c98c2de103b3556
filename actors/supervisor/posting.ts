/** The one switch over everything outward: durable, set by anybody who may, lifted by a person only. */
import type { EventLog } from "../../db/log/log.ts";
import type { PostingState } from "./supervisor_port.ts";

export const POSTING_STREAM = "posting";

export class Posting {
  #log: EventLog;
  #state: PostingState = { stopped: false, by: null, why: null, since: null };
  #version = 0;
  #turn: Promise<unknown> = Promise.resolve();
  /** Stops that are not yet written: what is written before them lifts nothing any more. */
  #stopping = 0;
  #changed: (state: PostingState) => void;

  private constructor(log: EventLog, changed: (state: PostingState) => void) {
    this.#log = log;
    this.#changed = changed;
  }

  static async open(log: EventLog, changed: (state: PostingState) => void): Promise<Posting> {
    const posting = new Posting(log, changed);
    for (;;) {
      const events = await log.readStream(POSTING_STREAM, posting.#version, 1_000);
      for (const event of events) posting.#fold(event);
      if (events.length < 1_000) return posting;
    }
  }

  state(): PostingState {
    return this.#state;
  }

  /** From the call on no permit is given, even before the event is committed. */
  stop(by: string, why: string): Promise<void> {
    if (!this.#state.stopped) {
      this.#state = { stopped: true, by, why, since: new Date().toISOString() };
      this.#changed(this.#state);
    }
    this.#stopping++;
    return this.#append("PostingStopped", by, { why }, () => this.#stopping--);
  }

  lift(by: string): Promise<void> {
    return this.#state.stopped ? this.#append("PostingAllowed", by, {}) : Promise.resolve();
  }

  #append(type: string, by: string, data: Record<string, string>, over = () => {}): Promise<void> {
    const next = this.#turn.then(async () => {
      const result = await this.#log.append({
        stream: POSTING_STREAM,
        expectedVersion: this.#version,
        by,
        events: [{ type, schema: 1, data }],
      });
      if (result.kind !== "committed") throw new Error(`the switch could not be written: ${result.kind}`);
      for (const event of result.events) this.#fold(event);
      this.#changed(this.#state);
    }).finally(over);
    this.#turn = next.catch(() => {});
    return next;
  }

  #fold(
    event: { type: string; version: number; by: string; at: string; data: Record<string, unknown> },
  ): void {
    this.#version = event.version;
    if (event.type === "PostingStopped") {
      this.#state = { stopped: true, by: event.by, why: String(event.data.why), since: event.at };
    } else if (event.type === "PostingAllowed" && this.#stopping === 0) {
      this.#state = { stopped: false, by: event.by, why: null, since: event.at };
    }
  }
}
