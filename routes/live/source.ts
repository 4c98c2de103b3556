/** What the live hub shows: made by the console, sent by the hub. */
import type { StoredEvent } from "../../db/log/log.ts";

/** A piece of a page for everybody who looks at `topic`: no token and nothing per user in it. */
export interface LiveFragment {
  topic: string;
  html: string;
}

export interface LiveSource {
  /** What these topics look like now and what was missed after `after`, with the position at which it was read. */
  state(topics: string[], after: number): Promise<{ position: number; html: string }>;
  /** A committed batch, rendered once for everybody: the topics in `wanted` that it changes, and no others. */
  render(events: StoredEvent[], wanted: ReadonlySet<string>): Promise<LiveFragment[]>;
  /** A draft while it is written; not in the log. */
  progress(progress: { personaId: string; postId: string; text: string }): LiveFragment[];
  /** Topics that show what is in no event (`PACED`), as they look now. */
  paced(topics: ReadonlySet<string>): Promise<LiveFragment[]>;
  /** How an actor is doing, changed: the topics in `wanted` that show it. */
  status(personaId: string, wanted: ReadonlySet<string>): Promise<LiveFragment[]>;
}

/** Topics whose page is drawn anew at a pace, while somebody looks: `runtime:…`. */
export const PACED = /^runtime(:|$)/;
