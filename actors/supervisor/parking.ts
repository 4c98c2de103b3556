/** A persona is parked, or set free: written while it has no worker. */
import type { StoredEvent } from "../../db/log/log.ts";
import { reasonOf } from "../persona/text.ts";
import type { Place } from "./recording.ts";

export interface ParkingRecorded {
  events: StoredEvent[];
  /** Of the stream, after it. */
  version: number;
  /** For the program's own log. */
  trouble: string | null;
}

export function recordParked(place: Place, by: string, reason: string): Promise<ParkingRecorded> {
  return record(place, by, "ActorParked", { reason: reasonOf(reason) });
}

export function recordUnparked(place: Place, by: string): Promise<ParkingRecorded> {
  return record(place, by, "ActorUnparked", {});
}

/** The log tells the version where the supervisor does not know it: the persona has not run yet. */
const TRIES = 3;

async function record(
  { log, stream, version }: Place,
  by: string,
  type: string,
  data: Record<string, string>,
): Promise<ParkingRecorded> {
  let expectedVersion = version;
  try {
    for (let tries = 0; tries < TRIES; tries++) {
      const result = await log.append({ stream, expectedVersion, by, events: [{ type, schema: 1, data }] });
      if (result.kind === "committed") {
        return { events: result.events, version: expectedVersion + 1, trouble: null };
      }
      if (result.kind !== "conflict") return { events: [], version, trouble: `${type}: ${result.kind}` };
      expectedVersion = result.version;
    }
    return { events: [], version: expectedVersion, trouble: `${type}: others write to the stream` };
  } catch (error) {
    return { events: [], version, trouble: error instanceof Error ? error.message : String(error) };
  }
}
