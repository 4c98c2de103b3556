/** Results for people. */
import type { CampaignResult } from "./campaign.ts";
import { SHOWN } from "./plan.ts";

const HEAD = [
  "fault",
  "rounds",
  "charged",
  "fell",
  "their wait p50/max",
  "others' wait p50/max",
  "end → all answer p50/max",
  "guilty back p50/max",
  "violations",
];

/** Waits and times in ms. */
export function tableOf({ rounds, worlds, posts, commands, violations }: CampaignResult): string {
  const rows = SHOWN.flatMap((shown) => {
    const own = rounds.filter(({ round }) => round.shown === shown);
    if (own.length === 0) return [];
    return [[
      shown,
      own.length,
      own.filter(({ charged }) => charged).length,
      own.reduce((sum, { fallenWaits }) => sum + fallenWaits.length, 0),
      spread(own.flatMap(({ fallenWaits }) => fallenWaits)),
      spread(own.flatMap(({ otherWaits }) => otherWaits)),
      spread(own.flatMap(({ recoveries }) => recoveries)),
      spread(own.flatMap(({ guiltyBack }) => guiltyBack ?? [])),
      own.reduce((sum, { violations }) => sum + violations.length, 0),
    ].map(String)];
  });
  const lines = [HEAD, ...rows];
  const widths = HEAD.map((_, column) => Math.max(...lines.map((line) => (line[column] ?? "").length)));
  const table = lines.map((line) =>
    line.map((cell, column) =>
      column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)
    )
      .join("  ")
  ).join("\n");
  return `${table}\n${rounds.length} rounds in ${worlds} worlds, ${posts} posts approved, ` +
    `${commands} commands acknowledged, ${violations.length} violations`;
}

function spread(values: number[]): string {
  if (values.length === 0) return "–";
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
  return `${Math.round(middle)} / ${Math.round(sorted.at(-1) ?? 0)}`;
}
