import { isObject, type Json, type JsonObject, own } from "./json.ts";
import { PersonaFileError } from "./persona_file.ts";
import { join } from "./secrets.ts";

export interface Item {
  value: Json;
  path: string;
}

/**
 * Reads the fields of one object of a persona file. An absent or null field is empty; a wrong type is refused with the
 * field's path. Several keys are spellings of one field: the first that is there counts.
 */
export class Fields {
  readonly #used = new Set<string>();
  constructor(readonly object: JsonObject, readonly path = "") {}

  pathOf(key: string): string {
    return join(this.path, key);
  }

  has(...keys: string[]): boolean {
    return this.value(...keys) !== null;
  }

  /** The raw value, null if absent. */
  value(...keys: string[]): Item | null {
    let found: Item | null = null;
    for (const key of keys) {
      this.#used.add(key);
      const value = own(this.object, key);
      if (!found && value !== undefined && value !== null) found = { value, path: this.pathOf(key) };
    }
    return found;
  }

  /** A text; a list of texts is joined by line ends. */
  text(...keys: string[]): string {
    const item = this.value(...keys);
    return item === null ? "" : textOf(item);
  }

  /** A list of texts; a single text is a list of one. */
  lines(...keys: string[]): string[] {
    const item = this.value(...keys);
    if (item === null) return [];
    if (typeof item.value === "string") return [item.value];
    if (!Array.isArray(item.value)) throw wrongType(item, "a list of texts");
    return item.value.map((value, i) => {
      if (typeof value !== "string") throw wrongType({ value, path: `${item.path}[${i}]` }, "a text");
      return value;
    });
  }

  /** A list of anything; a single thing is a list of one. */
  list(...keys: string[]): Item[] {
    const item = this.value(...keys);
    if (item === null) return [];
    if (!Array.isArray(item.value)) return [item];
    return item.value.map((value, i) => ({ value, path: `${item.path}[${i}]` }));
  }

  /** An object, null if absent. */
  fields(...keys: string[]): Fields | null {
    const item = this.value(...keys);
    return item === null ? null : fieldsOf(item);
  }

  /** The keys that nothing asked for. */
  unused(): string[] {
    return Object.keys(this.object).filter((key) => !this.#used.has(key) && own(this.object, key) !== null);
  }
}

export function fieldsOf(item: Item): Fields {
  if (!isObject(item.value)) throw wrongType(item, "an object");
  return new Fields(item.value, item.path);
}

export function textOf(item: Item): string {
  if (typeof item.value === "string") return item.value;
  if (!Array.isArray(item.value)) throw wrongType(item, "a text");
  return item.value.map((value, i) => {
    if (typeof value !== "string") throw wrongType({ value, path: `${item.path}[${i}]` }, "a text");
    return value;
  }).join("\n");
}

export function wrongType(item: Item, expected: string): PersonaFileError {
  const path = item.path === "" ? "the file" : item.path;
  return new PersonaFileError(
    "wrong_type",
    `${path} must be ${expected}, not ${typeName(item.value)}`,
    item.path || null,
  );
}

function typeName(value: Json): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "an object";
  return typeof value === "string" ? "a text" : `a ${typeof value}`;
}
