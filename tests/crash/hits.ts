/** Lets a life be hit: by its own armed point, or, where the database is aimed at, from here. */
import { join } from "node:path";
import type { Life } from "./life.ts";
import type { Aim } from "./plan.ts";
import { until, within } from "./wait.ts";

/** A cell that ends again and again is held back longer and longer: the program is started anew then. */
const CELL_HITS_A_LIFE = 2;
const DATABASE_HITS_A_LIFE = 3;
/** How long a killed database may keep clients waiting. */
const BACK_MS = 60_000;

export interface HitOptions {
  aim: Aim;
  dataDir: string;
  most: number;
  /** For the point to be passed. */
  withinMs: number;
  random: () => number;
  /** Whether the program reads from its database. */
  answers: () => Promise<boolean>;
}

/** Resolves with how often it was hit: 0 when the point was not passed in time. */
export function hitIn(life: Life, options: HitOptions): Promise<number> {
  switch (options.aim.who) {
    case "main":
      return mainHit(life, options);
    case "cell":
      return cellHits(life, options);
    case "database":
      return databaseHits(life, options);
    default:
      return options.aim.who satisfies never;
  }
}

async function mainHit(life: Life, { withinMs }: HitOptions): Promise<number> {
  const end = await within(withinMs, life.ended);
  if (end === null) return 0;
  if (end.signal === "SIGKILL") return 1;
  throw new Error(`the program ended by itself with ${end.signal ?? end.code}`);
}

async function cellHits(life: Life, { withinMs, most, random }: HitOptions): Promise<number> {
  for (let hits = 0; hits < Math.min(most, CELL_HITS_A_LIFE); hits++) {
    const line = await within(
      withinMs,
      Promise.race([life.line(/^cell \d+ ended \(/), life.ended.then(() => "the program ended")]),
    );
    if (line === null) return hits;
    if (!line.includes(": SIGKILL)")) throw new Error(line);
  }
  await pause(random, 600);
  return Math.min(most, CELL_HITS_A_LIFE);
}

async function databaseHits(life: Life, { dataDir, most, random, answers }: HitOptions): Promise<number> {
  const file = join(dataDir, "postgres", "cluster", "postmaster.pid");
  for (let hits = 0; hits < Math.min(most, DATABASE_HITS_A_LIFE); hits++) {
    await pause(random, 600);
    const noticed = life.line(/^the embedded PostgreSQL ended/);
    Deno.kill(Number((await Deno.readTextFile(file)).split("\n")[0]), "SIGKILL");
    if (await within(BACK_MS, noticed) === null) throw new Error("it did not notice the end of its database");
    await until("an answer after the database was killed", BACK_MS, answers);
  }
  return Math.min(most, DATABASE_HITS_A_LIFE);
}

function pause(random: () => number, mostMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.floor(random() * mostMs)));
}
