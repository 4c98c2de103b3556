/** Passes on a text that grows by many small steps at a bearable rate. */
import type { WriterPorts } from "./ports.ts";

/** Ten times a second: what the port allows. */
export const TEXT_INTERVAL_MS = 100;

export interface TextThrottle {
  /** The whole text so far. Passed on now, or with the next interval, or never when a newer one comes first. */
  push(text: string): void;
  /** Nothing is passed on after this. */
  stop(): void;
}

/** `onText` must not throw; what it throws out of a timer is handed to `onFailure`. */
export function throttleText(
  onText: (text: string) => void,
  onFailure: (error: unknown) => void,
  ports: Pick<WriterPorts, "now" | "after">,
): TextThrottle {
  let last: number | null = null;
  let lastText = "";
  let waiting: string | null = null;
  let cancel: (() => void) | null = null;
  let stopped = false;

  const pass = (text: string) => {
    last = ports.now();
    if (text === lastText) return;
    lastText = text;
    try {
      onText(text);
    } catch (error) {
      stopped = true;
      onFailure(error);
    }
  };

  return {
    push(text) {
      if (stopped) return;
      waiting = text;
      if (cancel !== null) return;
      const wait = last === null ? 0 : last + TEXT_INTERVAL_MS - ports.now();
      if (wait <= 0) {
        waiting = null;
        pass(text);
        return;
      }
      cancel = ports.after(wait, () => {
        cancel = null;
        if (stopped || waiting === null) return;
        const newest = waiting;
        waiting = null;
        pass(newest);
      });
    },
    stop() {
      stopped = true;
      cancel?.();
      cancel = null;
    },
  };
}
