/** What happened how often. */
import type { StoredEvent } from "../../db/log/log.ts";

export type Counts = Record<string, number>;

export function count(counts: Counts, what: string): void {
  counts[what] = (counts[what] ?? 0) + 1;
}

export function counted(all: string[]): Counts {
  const counts: Counts = {};
  for (const what of all) count(counts, what);
  return counts;
}

/** The most frequent one first. */
export function told(counts: Counts): string {
  const sorted = Object.entries(counts).sort(([, a], [, b]) => b - a);
  return sorted.length === 0 ? "none" : sorted.map(([what, count]) => `${count} ${what}`).join(", ");
}

const HOW: Record<string, string> = {
  sent: "answered",
  reconciled: "found by a look",
  said_by_person: "said by a person",
};

/** How a `PostPublished` knows that it is out. */
export function howOf({ data }: StoredEvent): string {
  return HOW[String(data.how)] ?? String(data.how);
}

/** Attempts to send a post, and after how many of them nobody knew at first what had come of it. */
export function attemptsIn(events: StoredEvent[]): { attempts: number; doubts: number } {
  const attempts = events.filter(({ type }) => type === "PublishAttempted").length;
  // Later ones tell of looks in vain.
  const doubts = events.filter(({ type, data }) => type === "PublishUncertain" && data.checks === 0).length;
  return { attempts, doubts };
}
