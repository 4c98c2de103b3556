/** The beginning of a life: what is read for it, and what its worker is told before it is live. */
import type { EventLog } from "../../db/log/log.ts";
import type { Down } from "../persona/protocol.ts";
import type { PersonaState } from "../persona/state.ts";
import { STATE_SCHEMA } from "../persona/state.ts";
import type { Surroundings } from "./surroundings.ts";

/** Events in one replay frame: so few that the largest ones the log takes fit into a frame. */
const REPLAY_PAGE = 30;

export interface Beginning {
  hosts: string[];
  /** Why it does not begin. */
  parked: Awaited<ReturnType<Surroundings["parked"]>>;
  frames: Awaited<ReturnType<Surroundings["startFrames"]>>;
  /** As it was kept last, and its version: what came later is replayed. */
  state: PersonaState | null;
  version: number;
}

export async function readBeginning(
  personaId: string,
  { hostsOf, parked, startFrames, log }: Surroundings,
): Promise<Beginning> {
  const [hosts, why, frames, snapshot] = await Promise.all([
    hostsOf(),
    parked(),
    startFrames(),
    log.loadSnapshot(personaId, STATE_SCHEMA),
  ]);
  const state = snapshot === null ? null : snapshot.state as unknown as PersonaState;
  return { hosts, parked: why, frames, state, version: snapshot?.version ?? 0 };
}

/** `listen`: it was woken to look at its platforms. */
export function firstFrames({ state, frames }: Beginning, around: Surroundings, listen: boolean): Down[] {
  return [around.startFrame(state, listen), ...frames, around.heldFrame()];
}

/** The events behind `from`, page by page, each with the version that the worker has after it. */
export async function* replayed(
  log: EventLog,
  personaId: string,
  from: number,
): AsyncGenerator<{ frame: Extract<Down, { t: "replay" }>; version: number }> {
  let version = from;
  let last = false;
  while (!last) {
    const events = await log.readStream(personaId, version, REPLAY_PAGE);
    version = events.at(-1)?.version ?? version;
    last = events.length < REPLAY_PAGE;
    const facts = events.map(({ id, type, version, by, data }) => ({ id, type, version, by, data }));
    yield { frame: { t: "replay", facts, last }, version };
  }
}
