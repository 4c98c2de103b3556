/** The model: it writes, slowly at times, and at times it does not. */
import type { NotWritten, Writer, WritingRequest, Written } from "../../actors/persona/agent/port.ts";
import type { SimRandom } from "./random.ts";
import type { Witness } from "./witness.ts";
import type { SimWorker } from "./worker.ts";
import type { World } from "./world.ts";

export class SimWriters {
  #world: World;
  #witness: Witness;
  #random: SimRandom;

  constructor(world: World, witness: Witness) {
    this.#world = world;
    this.#witness = witness;
    this.#random = world.random("writers");
  }

  writer(worker: SimWorker): Writer {
    return { write: (request, signal) => this.#write(worker, request, signal) };
  }

  #write(worker: SimWorker, { brief }: WritingRequest, signal: AbortSignal): Promise<Written | NotWritten> {
    this.#witness.writing(worker, brief);
    const { faults } = this.#world;
    const ms = faults.strikes("writer_slow")
      ? this.#random.between(2_000, 40_000)
      : this.#random.between(20, 900);
    const about = { prompt: [], answer: "", model: "sim", templateVersion: "1", durationMs: ms };
    const failed: NotWritten = {
      kind: "not_written",
      reason: "server_error",
      detail: "It did not work.",
      retryable: true,
      retryAt: null,
      ...about,
    };
    const text = `On ${brief}, take ${this.#random.between(1, 1_000)}.`;
    const written: Written = {
      kind: "written",
      text,
      inputTokens: 1,
      outputTokens: 1,
      costMicroUsd: null,
      ...about,
      answer: text,
    };
    const result = faults.strikes("writer_failed") ? failed : written;
    return new Promise((resolve) => {
      worker.process.clock.after(ms, () => resolve(result));
      signal.addEventListener("abort", () => resolve(failed), { once: true });
    });
  }
}
