/** Results for people. */
import type { ChainResult } from "./chain.ts";
import { nameOf } from "./plan.ts";

/** What was violated and how to play it again, or null. */
export function failureOf({ aim, violations, replay }: ChainResult): string | null {
  if (violations.length === 0) return null;
  return [`${nameOf(aim)}: violated`, ...violations.map((one) => `  - ${one}`), `  again: ${replay}`].join(
    "\n",
  );
}

export function tableOf(results: ChainResult[]): string {
  const head = [
    "point",
    "who",
    "platform",
    "rounds",
    "missed",
    "posts",
    "commands",
    "events",
    "s",
    "violations",
  ];
  const rows = results.map(({ aim, ...result }) =>
    [
      aim.point,
      aim.who,
      aim.platform,
      result.rounds,
      result.misses,
      result.posts,
      result.commands,
      result.events,
      Math.round(result.seconds),
      result.violations.length,
    ].map(String)
  );
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => (row[column] ?? "").length))
  );
  return [head, ...rows].map((row) =>
    row.map((cell, column) =>
      column < 3 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)
    )
      .join("  ")
  ).join("\n");
}
