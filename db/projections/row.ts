/** What the projections here share. */
import type { EventData, EventType } from "../../actors/persona/events.ts";
import type { StoredEvent } from "../log/log.ts";

/** An event of a known type, with its data typed. */
export type Known = { [T in EventType]: StoredEvent & { type: T; data: EventData[T] } }[EventType];

/** The log stores plain JSON; the type of an event says what it holds. */
export function known(event: StoredEvent): Known {
  return event as unknown as Known;
}

/** The last time that both databases and ISO 8601 write with four digits of year. */
const LATEST_MS = Date.UTC(9999, 11, 31);

/** Total: a time that no calendar holds becomes the nearest one, what is no number the epoch. */
export const iso = (ms: number): string =>
  new Date(Number.isNaN(ms) ? 0 : Math.min(Math.max(ms, 0), LATEST_MS)).toISOString();
