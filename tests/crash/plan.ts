/** What is crashed, in which order: everything follows from a seed. */
import type { CrashPoint } from "../../actors/crash_point.ts";

export type PlatformName = "sandbox" | "bluesky";
/** Whose process ends. */
export type Victim = "main" | "cell" | "database";
export type Point = CrashPoint | "database-killed";

/** One kind of crash on one platform. */
export interface Aim {
  point: Point;
  who: Victim;
  platform: PlatformName;
}

/** Points in the log are main's own; those around a publish are passed in the worker, which ends its cell or main. */
const CRASHES: { point: Point; who: Victim }[] = [
  { point: "before-commit-sent", who: "main" },
  { point: "after-commit-sent", who: "main" },
  { point: "before-answer", who: "main" },
  { point: "after-permit", who: "main" },
  { point: "after-platform-accepted", who: "main" },
  { point: "before-outcome", who: "main" },
  { point: "after-permit", who: "cell" },
  { point: "after-platform-accepted", who: "cell" },
  { point: "before-outcome", who: "cell" },
  { point: "database-killed", who: "database" },
];

export const nameOf = ({ point, who, platform }: Aim): string => `${point}:${who}:${platform}`;

/** All aims whose name holds each part of `only` (parts apart by colons), or all. */
export function aims(platform: PlatformName, only: string | null = null): Aim[] {
  const wanted = only === null ? [] : only.split(":");
  return CRASHES.map((crash) => ({ ...crash, platform }))
    .filter((aim) => wanted.every((part) => nameOf(aim).split(":").includes(part)));
}

/** The line that plays an aim's crashes again. */
export function replayLine(aim: Aim, seed: number, rounds: number): string {
  return `deno task crash --only ${nameOf(aim)} --seed ${seed} --rounds ${rounds}`;
}

/** How often the armed point is passed before it ends the process. */
export function passOf(point: CrashPoint, random: () => number): number {
  const inLog = point === "before-commit-sent" || point === "after-commit-sent" || point === "before-answer";
  return 1 + Math.floor(random() * (inLog ? 20 : 4));
}

/** Numbers from 0 up to 1 that follow from `seed` and `name` (mulberry32 over FNV-1a). */
export function randomOf(seed: number, name: string): () => number {
  let state = 2_166_136_261 ^ seed;
  for (const char of name) state = Math.imul(state ^ char.charCodeAt(0), 16_777_619);
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
