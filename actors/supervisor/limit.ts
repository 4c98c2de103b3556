/** A time within which something has to be heard. As long as this process stood still it could hear nothing: that does not count. */
import { BEAT_MS } from "../persona/protocol.ts";
import type { Clock, Timer } from "../ports.ts";

/** A turn that comes later than this was not waited for: the process stood still. */
const LATE_MS = 2 * BEAT_MS;

/** Calls `over` when `ms` have been waited for, unless it is cancelled before. */
export function limit(clock: Clock, ms: number, over: () => void): Timer {
  let leftMs = ms;
  let timer = turn();
  function turn(): Timer {
    const turnMs = Math.min(leftMs, BEAT_MS);
    const due = clock.now() + turnMs;
    return clock.after(turnMs, () => {
      if (clock.now() - due <= LATE_MS) leftMs -= turnMs;
      if (leftMs <= 0) over();
      else timer = turn();
    });
  }
  return { cancel: () => timer.cancel() };
}
