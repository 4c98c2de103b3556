/** The pieces of pages that say what is stopped, as live updates and answers to forms send them. */
import type { StoredEvent } from "../../db/log/log.ts";
import type { Stop, StopScope } from "../../actors/supervisor/supervisor_port.ts";
import { STOPS_STREAM } from "../../actors/supervisor/stops.ts";
import { userNames } from "../../db/read/console.ts";
import { getPersona } from "../../db/read/personas.ts";
import type { Sql } from "../../db/sql.ts";
import { partial } from "./answers.tsx";
import { OpenStops, readOpenStops } from "./pages/settings_stops.tsx";
import { isEverywhere, PersonaStopped, StopBanners, StopButton, type Users } from "./parts/stops.tsx";

export interface Seen {
  stops: readonly Stop[];
  /** ms since the epoch. */
  now: number;
}

/** The names that the frame of a page needs; none are read where nothing is stopped everywhere. */
export async function bannerUsers(sql: Sql, stops: readonly Stop[]): Promise<Users> {
  return stops.some(isEverywhere) ? await userNames(sql) : new Map();
}

/** The banners and the button of every page. */
export async function postingParts(sql: Sql, { stops, now }: Seen): Promise<string> {
  const users = await bannerUsers(sql, stops);
  return partial("#posting", "outerMorph", <StopBanners {...{ stops, users, now }} />) +
    partial("#stop", "outerMorph", <StopButton stops={stops} />);
}

/** The first page of the list in the settings. */
export async function stopsPart(sql: Sql, { stops, now }: Seen): Promise<string> {
  return partial("#stops", "innerMorph", <OpenStops {...await readOpenStops(sql, stops, now)} />);
}

/** Empty for a persona that is gone. */
export async function personaStoppedPart(sql: Sql, personaId: string, { stops, now }: Seen): Promise<string> {
  const persona = await getPersona(sql, personaId);
  if (persona === null) return "";
  const users = await userNames(sql);
  const id = personaId.replace(/[^A-Za-z0-9_-]/g, "");
  return partial(`#stopped-${id}`, "outerMorph", <PersonaStopped {...{ persona, stops, users, now }} />);
}

/** The live topics that change with these events because something was stopped or lifted. */
export function stopTopics(events: StoredEvent[]): Set<string> {
  const topics = new Set<string>();
  for (const event of events) {
    if (event.stream !== STOPS_STREAM) continue;
    topics.add("posting").add("stops");
    const scope = event.data.scope as unknown as StopScope;
    if (!("personaId" in scope)) continue;
    topics.add(`persona:${scope.personaId}`).add("review").add(`review:${scope.personaId}`);
    if (scope.kind === "post") topics.add(`post:${scope.postId}`);
  }
  return topics;
}
