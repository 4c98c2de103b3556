/** What the projections here share. */
import type { EventData, EventType } from "../../actors/persona/events.ts";
import type { StoredEvent } from "../log/log.ts";

/** An event of a known type, with its data typed. */
export type Known = { [T in EventType]: StoredEvent & { type: T; data: EventData[T] } }[EventType];

/** The log stores plain JSON; the type of an event says what it holds. */
export function known(event: StoredEvent): Known {
  return event as unknown as Known;
}

export const iso = (ms: number): string => new Date(ms).toISOString();
