import type { Json, StoredEvent } from "./log.ts";

/** Lifts `data` of one schema to the next one. Pure. */
export type Upcaster = (data: { [key: string]: Json }) => { [key: string]: Json };

/** By event type, then by the schema that is lifted: `{ DraftComposed: { 1: (data) => … } }` makes schema 2 of 1. */
export type Upcasters = { [type: string]: { [schema: number]: Upcaster } };

/** Whether events of this type and schema are lifted when they are read. */
export function isOldSchema(upcasters: Upcasters, type: string, schema: number): boolean {
  return Object.hasOwn(upcasters, type) && upcasters[type]?.[schema] !== undefined;
}

/** The event in its newest schema; what is stored stays as it is. */
export function lift(event: StoredEvent, upcasters: Upcasters): StoredEvent {
  if (!Object.hasOwn(upcasters, event.type)) return event;
  const steps = upcasters[event.type] ?? {};
  let { schema, data } = event;
  for (let step = steps[schema]; step !== undefined; step = steps[schema]) {
    data = step(data);
    schema++;
  }
  return schema === event.schema ? event : { ...event, schema, data };
}
