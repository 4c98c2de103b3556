/** Rest.li 2.0 in paths and queries: structure is bare, everything inside it is percent-encoded. */
import { unpermitted, wrongParameter, wrongPath } from "./answers.ts";

export type UrnKind = "person" | "organization" | "share" | "ugcPost" | "activity" | "image" | "comment";

const FORMS: Record<UrnKind, RegExp> = {
  person: /^urn:li:person:[A-Za-z0-9_-]{1,40}$/,
  organization: /^urn:li:organization:\d{1,19}$/,
  share: /^urn:li:share:\d{1,19}$/,
  ugcPost: /^urn:li:ugcPost:\d{1,19}$/,
  activity: /^urn:li:activity:\d{1,19}$/,
  image: /^urn:li:image:[A-Za-z0-9_-]{1,60}$/,
  comment: /^urn:li:comment:\(urn:li:(?:activity|share|ugcPost):\d{1,19},\d{1,19}\)$/,
};

export const POST_URNS: UrnKind[] = ["share", "ugcPost", "activity"];

export function isUrn(value: string, ...kinds: UrnKind[]): boolean {
  return kinds.some((kind) => FORMS[kind].test(value));
}

/** What has a meaning in the syntax itself and so may not stand bare inside a value. */
const STRUCTURE = /[:,()'"]/;

/** The value inside, or null where it is not encoded as Rest.li wants it. */
function decoded(raw: string): string | null {
  if (raw === "" || STRUCTURE.test(raw)) return null;
  try {
    return decodeURIComponent(raw);
  } catch {
    return null; // Not percent-encoding: refused by whoever asked.
  }
}

/** A URN that is a key in the path. */
export function urnInPath(raw: string, ...kinds: UrnKind[]): string {
  const urn = decoded(raw);
  if (urn === null || !isUrn(urn, ...kinds)) throw wrongPath();
  return urn;
}

/** `(name:value,name:value)`, also nested: the values are still encoded. */
export type RawRecord = { [name: string]: string | RawRecord };

export function readRecord(raw: string): RawRecord | null {
  const { value, rest } = record(raw) ?? { value: null, rest: "" };
  return rest === "" ? value : null;
}

function record(raw: string): { value: RawRecord; rest: string } | null {
  if (!raw.startsWith("(")) return null;
  const value: RawRecord = {};
  let rest = raw.slice(1);
  while (true) {
    const name = /^[A-Za-z]+(?=:)/.exec(rest)?.[0];
    if (name === undefined) return null;
    rest = rest.slice(name.length + 1);
    if (rest.startsWith("(")) {
      const inner = record(rest);
      if (inner === null) return null;
      value[name] = inner.value;
      rest = inner.rest;
    } else {
      const plain = /^[^,():]+/.exec(rest);
      if (plain === null) return null;
      value[name] = plain[0];
      rest = rest.slice(plain[0].length);
    }
    if (rest.startsWith(")")) return { value, rest: rest.slice(1) };
    if (!rest.startsWith(",")) return null;
    rest = rest.slice(1);
  }
}

/** The two values of a key such as `(actor:urn%3A…,entity:urn%3A…)` in the path. */
export function recordInPath(raw: string, names: string[]): string[] {
  const found = readRecord(raw);
  if (found === null || Object.keys(found).join() !== names.join()) throw wrongPath();
  return names.map((name) => {
    const value = found[name];
    const urn = typeof value === "string" ? decoded(value) : null;
    if (urn === null) throw wrongPath();
    return urn;
  });
}

/** The parameters after `?`, still encoded. Each is taken by name; one that nobody takes is refused. */
export class Query {
  readonly #raw = new Map<string, string>();
  readonly #taken = new Set<string>();

  constructor(search: string) {
    for (const pair of search.split("&").filter((part) => part !== "")) {
      const at = pair.indexOf("=");
      const name = at < 0 ? pair : pair.slice(0, at);
      if (this.#raw.has(name)) throw wrongParameter(name);
      this.#raw.set(name, at < 0 ? "" : pair.slice(at + 1));
    }
  }

  /** Without taking it: for choosing between the finders of one resource. */
  peek(name: string): string | undefined {
    return this.#raw.get(name);
  }

  raw(name: string): string | undefined {
    this.#taken.add(name);
    return this.#raw.get(name);
  }

  urn(name: string, ...kinds: UrnKind[]): string {
    const urn = decoded(this.raw(name) ?? "");
    if (urn === null || !isUrn(urn, ...kinds)) throw wrongParameter(name);
    return urn;
  }

  oneOf<T extends string>(name: string, values: readonly T[], otherwise?: T): T {
    const raw = this.raw(name);
    if (raw === undefined && otherwise !== undefined) return otherwise;
    const value = values.find((one) => one === raw);
    if (value === undefined) throw wrongParameter(name);
    return value;
  }

  integer(name: string, otherwise: number, most: number): number {
    const raw = this.raw(name);
    if (raw === undefined) return otherwise;
    if (!/^\d{1,9}$/.test(raw) || Number(raw) > most) throw wrongParameter(name);
    return Number(raw);
  }

  /** `List(a,b)`, decoded; null where it is not there. */
  list(name: string): string[] | null {
    const raw = this.raw(name);
    if (raw === undefined) return null;
    const inside = /^List\((.+)\)$/.exec(raw)?.[1];
    if (inside === undefined) throw wrongParameter(name);
    return inside.split(",").map((part) => {
      const value = decoded(part);
      if (value === null) throw wrongParameter(name);
      return value;
    });
  }

  record(name: string): RawRecord | null {
    const raw = this.raw(name);
    if (raw === undefined) return null;
    const value = readRecord(raw);
    if (value === null) throw wrongParameter(name);
    return value;
  }

  /** Refuses what nobody took. */
  end(): void {
    const left = [...this.#raw.keys()].filter((name) => !this.#taken.has(name));
    if (left.length > 0) throw unpermitted("PARAMETER", left.map((name) => `/${name}`));
  }
}

/** A value inside a record, decoded. */
export function valueIn(record: RawRecord, name: string): string | null {
  const value = record[name];
  return typeof value === "string" ? decoded(value) : null;
}
