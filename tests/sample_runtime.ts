/** Test equipment: a runtime with everything in it that the console can show, over personas that are there. */
import {
  type ActorStatus,
  type CellStatus,
  type Crash,
  type RuntimeStatus,
  withoutActor,
} from "../actors/supervisor/supervisor_port.ts";

export const STACK = `RangeError: Invalid time value
    at Date.toISOString (<anonymous>)
    at nextSlot (actors/persona/schedule/slots.ts:88:31)
    at decide (actors/persona/decide.ts:41:12)
    at Actor.#deliver (actors/persona/actor.ts:132:22)`;

export const HOSTS = ["api.openai.com:443", "bsky.social:443", "127.0.0.1:40123"];

/** Ten kinds of actors, in the order of `ids`; further ones run in cells of eight. `now` in ms since the epoch. */
export function sampleRuntime(
  ids: string[],
  now: number,
): Pick<RuntimeStatus, "cells" | "actors" | "maxLive"> {
  const at = (ms: number) => new Date(now + ms).toISOString();
  const crash = (ms: number, reason: string, charged = true, stack = STACK): Crash => ({
    at: at(ms),
    reason,
    stack,
    charged,
  });
  const running = { state: "running", heapBytes: 9_400_000, externalBytes: 210_000 } as const;
  const kinds: Partial<ActorStatus>[] = [
    {
      ...running,
      cell: 1,
      mailboxDepth: 3,
      inHand: { type: "compose", since: at(-640) },
      effects: 2,
      nextAt: at(720_000),
    },
    {
      ...running,
      cell: 1,
      heapBytes: 12_800_000,
      lastCrash: crash(-240_000, "its cell ended: out of memory", false, ""),
    },
    {
      ...running,
      cell: 2,
      alone: true,
      restarts: 1,
      lastCrash: crash(-95_000, "its cell said nothing for 10 s", true, ""),
    },
    {
      state: "restarting",
      restarts: 3,
      nextAt: at(4_200),
      mailboxDepth: 1,
      lastCrash: crash(-2_100, "RangeError: Invalid time value"),
    },
    {
      state: "parked",
      restarts: 6,
      lastCrash: crash(-1_800_000, "TypeError: Cannot read properties of undefined (reading 'parts')"),
      parked: { at: at(-1_800_000), by: "system", reason: "6 crashes within a minute" },
    },
    {
      state: "parked",
      parked: { at: at(-7_200_000), by: "admin-token", reason: "Its account is being moved." },
    },
    { state: "waiting", mailboxDepth: 12 },
    { state: "starting", cell: 3, mailboxDepth: 1 },
    { state: "asleep", lastCrash: crash(-86_400_000, "Error: the model answered something else", true) },
    {
      ...running,
      cell: 3,
      heapBytes: 31_000_000,
      externalBytes: 18_000_000,
      mailboxDepth: 214,
      inHand: { type: "outcome", since: at(-7_400) },
    },
  ];
  const actors = ids.map((personaId, index): ActorStatus => ({
    ...withoutActor(personaId),
    ...(kinds[index] ?? { ...running, cell: 4 + Math.floor((index - kinds.length) / 8) }),
    lastUsedAt: at(-1_000),
  }));
  const numbers = [...new Set(actors.flatMap(({ cell }) => cell === null ? [] : [cell]))];
  const cells = numbers.map((number): CellStatus => {
    const personas = actors.filter((actor) => actor.cell === number).map(({ personaId }) => personaId);
    return {
      number,
      pid: 4_000 + number,
      state: number === 3 ? "starting" : "ready",
      hosts: HOSTS.slice(0, 1 + number % HOSTS.length),
      rssBytes: number === 3 ? null : 62_000_000 + personas.length * 11_000_000,
      startedAt: at(-number * 3_700_000),
      silentMs: number === 2 ? 4_200 : 180,
      personas,
    };
  });
  return { cells, actors, maxLive: 50 };
}
