/** The strict reading of a query: unknown, doubled and wrong parameters are refused, in either dialect. */
import { classicNames } from "./dialect.ts";
import { NAMES } from "./names.ts";
import { ID } from "./post_body.ts";
import type { Dialect } from "./world.ts";
import type { Wanted } from "./views.ts";

/** What one parameter may be. */
export type Rule =
  | { is: "id" }
  | { is: "number"; least: number; most: number }
  | { is: "time" }
  | { is: "text"; most: number }
  | { is: "one_of"; names: readonly string[] }
  | { is: "some_of"; names: readonly string[] }
  | { is: "ids"; most: number }
  | { is: "usernames"; most: number };

export type Rules = Record<string, Rule>;

export interface QueryShape {
  /** Its own parameters, the same in both dialects. */
  own: Rules;
  /** Those that must be there. */
  needed: string[];
  /** Which fields and expansions it takes. */
  shows: "posts" | "users" | "nothing";
}

const MAX_TEXT = 4_096;

/** All parameters of a shape in one dialect. */
export function rulesOf(shape: QueryShape, dialect: Dialect): Rules {
  const names = NAMES[dialect];
  const some = (of: readonly string[]): Rule => ({ is: "some_of", names: of });
  if (shape.shows === "nothing") return shape.own;
  const users: Rules = {
    "user.fields": some(names.userFields),
    [names.postParameter]: some(names.postFields),
  };
  if (shape.shows === "users") return { ...shape.own, ...users, expansions: some(names.userExpansions) };
  return {
    ...shape.own,
    ...users,
    expansions: some(names.postExpansions),
    "media.fields": some(names.mediaFields),
    "poll.fields": some(names.pollFields),
    "place.fields": some(names.placeFields),
  };
}

export interface ReadQuery {
  values: Map<string, string>;
  /** In which dialects it is right: both, where it uses nothing that differs. */
  dialects: Dialect[];
  wanted: Wanted;
}

/** The query, or the wrong parameters with their values. */
export function readQuery(
  shape: QueryShape,
  query: URLSearchParams,
): ReadQuery | { wrong: Record<string, string[]> } {
  const classic = wrongIn(rulesOf(shape, "classic"), shape.needed, query);
  const current = wrongIn(rulesOf(shape, "current"), shape.needed, query);
  const dialects: Dialect[] = [];
  if (Object.keys(classic).length === 0) dialects.push("classic");
  if (Object.keys(current).length === 0) dialects.push("current");
  const [first] = dialects;
  if (first === undefined) return { wrong: query.has("post.fields") ? current : classic };
  return { values: new Map(query), dialects, wanted: wantedBy(query, first) };
}

function wrongIn(rules: Rules, needed: string[], query: URLSearchParams): Record<string, string[]> {
  const wrong: Record<string, string[]> = {};
  for (const name of new Set(query.keys())) {
    const values = query.getAll(name);
    const rule = Object.hasOwn(rules, name) ? rules[name] : undefined;
    if (rule === undefined || values.length > 1 || !holds(rule, values[0] ?? "")) wrong[name] = values;
  }
  for (const name of needed) if (!query.has(name)) wrong[name] = [];
  return wrong;
}

function holds(rule: Rule, value: string): boolean {
  const items = value.split(",");
  const distinct = new Set(items).size === items.length;
  switch (rule.is) {
    case "id":
      return ID.test(value);
    case "number":
      return /^[0-9]{1,9}$/.test(value) && Number(value) >= rule.least && Number(value) <= rule.most;
    case "time":
      return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(value) && !Number.isNaN(Date.parse(value));
    case "text":
      return value.length >= 1 && value.length <= rule.most;
    case "one_of":
      return rule.names.includes(value);
    case "some_of":
      return distinct && items.every((item) => rule.names.includes(item));
    case "ids":
      return items.length <= rule.most && items.every((item) => ID.test(item));
    case "usernames":
      return items.length <= rule.most && items.every((item) => /^[A-Za-z0-9_]{1,15}$/.test(item));
  }
}

/** In classic names. In the current dialect some of what were fields are expansions, so they are both. */
function wantedBy(query: URLSearchParams, dialect: Dialect): Wanted {
  const list = (name: string) => classicNames(query.get(name)?.split(",") ?? []);
  const expansions = list("expansions");
  const fields = list(NAMES[dialect].postParameter);
  if (dialect === "current") {
    const shown = { "referenced_tweets.id": "referenced_tweets" } as Record<string, string>;
    fields.push(...expansions.map((name) => shown[name] ?? name));
  }
  return {
    postFields: new Set(fields),
    userFields: new Set(list("user.fields")),
    mediaFields: new Set(list("media.fields")),
    expansions: new Set(expansions),
  };
}

export const PAGE_TOKEN: Rule = { is: "text", most: MAX_TEXT };
export const SEARCH_TEXT: Rule = { is: "text", most: MAX_TEXT };
