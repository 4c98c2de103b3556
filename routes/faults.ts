/** Faults that no route foresaw, told to the program's log: an outage once in a while, everything else with its stack. */
import { isDatabaseAway } from "../db/read/away.ts";

/** ms between two lines about the database being away. */
const OUTAGE_LINE_MS = 10_000;

export type FaultReport = (where: string, error: unknown) => void;

export function faultReport(report: (line: string) => void, now: () => number = Date.now): FaultReport {
  let toldAt = -Infinity;
  let untold = 0;
  return (where, error) => {
    if (!isDatabaseAway(error)) {
      return report(`${where}: ${error instanceof Error ? error.stack ?? error.message : String(error)}`);
    }
    if (now() - toldAt < OUTAGE_LINE_MS) {
      untold++;
      return;
    }
    const more = untold === 0 ? "" : ` (and ${untold} requests since the last line)`;
    toldAt = now();
    untold = 0;
    report(`${where}: the database cannot be reached${more}`);
  };
}
