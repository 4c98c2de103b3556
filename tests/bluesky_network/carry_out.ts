/** What the core does with an adapter, without the core: one part an attempt, a look after each that is not known to have ended. */
import type { AdapterContext, Payload, PlatformAdapter, Sent } from "../../actors/persona/platforms/port.ts";

/** As a person would see it in the end. `waiting`: proven not to be out in full, to be taken up again when the server allows it. */
export interface Ended {
  kind: "sent" | "uncertain" | "rejected" | "waiting";
  reason: string;
  /** Parts that are said to be out. */
  parts: Sent[];
  attempts: number;
  looks: number;
}

export interface CarryOutOptions {
  /** The adapter of the process that lives now. */
  adapter(): PlatformAdapter;
  context(): AdapterContext;
  payload: Payload;
  /** Before each call, so that faults can be laid in its way. */
  beforeCall(): Promise<void>;
  /** Whether the process ends before it has heard what came of the attempt; the next call is of another. */
  crashes(): boolean;
  /** Whether the core hands over one part more than are out, or all. */
  cut: boolean;
}

const MAX_CALLS = 60;
const MAX_LOOKS_IN_VAIN = 8;

export async function carryOut(options: CarryOutOptions): Promise<Ended> {
  const { payload, cut } = options;
  let [parts, attempts, looks, inVain, open] = [[] as Sent[], 0, 0, 0, false];
  let last = "";
  const ended = (kind: Ended["kind"], reason = ""): Ended => ({ kind, reason, parts, attempts, looks });
  for (let call = 0; call < MAX_CALLS; call++) {
    if (parts.length === payload.keys.length) return ended("sent");
    const end = cut ? parts.length + 1 : payload.keys.length;
    const asked = { keys: payload.keys.slice(0, end), records: payload.records.slice(0, end) };
    await options.beforeCall();
    if (open) {
      looks++;
      const looked = { before: parts, absentSince: null, others: new Set<string>() };
      const found = await options.adapter().reconcile(options.context(), asked, looked);
      if (found.kind === "unknown") {
        last = found.reason;
        if (++inVain === MAX_LOOKS_IN_VAIN) return ended("uncertain", last);
        continue;
      }
      if (found.kind === "absent" && !found.safeToRepeat) return ended("uncertain", "not safe to repeat");
      parts = found.kind === "found" ? found.sent : found.parts ?? parts;
      [open, inVain] = [false, 0];
      continue;
    }
    attempts++;
    const outcome = await options.adapter().publish(options.context(), asked, parts);
    if (options.crashes()) {
      open = true;
      continue;
    }
    if (outcome.kind === "sent") {
      parts = outcome.sent;
      continue;
    }
    parts = outcome.parts ?? parts;
    last = outcome.reason;
    if (outcome.kind === "rejected") return ended("rejected", last);
    open = outcome.kind === "uncertain";
  }
  return ended(open ? "uncertain" : "waiting", last);
}
