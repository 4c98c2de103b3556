/**
 * Named places where the crash campaign ends a process with SIGKILL. Armed by `DIGI_PERSONA_CRASH=NAME:PASS:WHO`
 * (`WHO` is `main` or `cell`); not armed, a pass costs a comparison.
 */

export const CRASH_POINTS = [
  "before-commit-sent",
  "after-commit-sent",
  "before-answer",
  "after-permit",
  "after-platform-accepted",
  "before-outcome",
] as const;

export type CrashPoint = (typeof CRASH_POINTS)[number];

export interface ArmedCrash {
  point: CrashPoint;
  /** 1 for the first time that the point is passed. */
  pass: number;
  who: "main" | "cell";
}

/** Reads `NAME:PASS:WHO`; null when not set. Throws for what it does not know. */
export function parseCrash(text: string | undefined): ArmedCrash | null {
  if (text === undefined || text === "") return null;
  const [name, pass, who, ...rest] = text.split(":");
  const point = CRASH_POINTS.find((one) => one === name);
  if (
    rest.length > 0 || point === undefined || !/^[1-9]\d{0,5}$/.test(pass ?? "") ||
    (who !== "main" && who !== "cell")
  ) {
    throw new Error(
      `must be NAME:PASS:main|cell with NAME one of ${CRASH_POINTS.join(", ")}`,
    );
  }
  return { point, pass: Number(pass), who };
}

/** Counts the passes through the armed point; true at the one that it is armed for, once. */
export function passCounter(armed: ArmedCrash | null): (name: string) => boolean {
  let passes = 0;
  return (name) => armed !== null && armed.point === name && ++passes === armed.pass;
}
