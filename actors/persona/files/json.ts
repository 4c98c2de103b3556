import type { PersonaFileLimits } from "./limits.ts";
import { PersonaFileError } from "./persona_file.ts";

export type Json = null | boolean | number | string | Json[] | JsonObject;
export interface JsonObject {
  [key: string]: Json;
}

export interface ParsedJson {
  value: Json;
  /** True if an object holds one key twice: what the first one said is in the bytes, but not in `value`. */
  repeatedKeys: boolean;
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** An own property, so that `__proto__` and `constructor` are data like any other key. */
export function own(object: JsonObject, key: string): Json | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

/** UTF-8 bytes, with or without a byte order mark, to text. */
export function decodeUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new PersonaFileError("not_utf8", "this text is not UTF-8: save the file as UTF-8 and try again");
  }
}

/** Parses JSON from outside; nesting and number of values are bounded before anything is built. */
export function parseJson(text: string, limits: PersonaFileLimits): ParsedJson {
  const repeatedKeys = scan(text, limits);
  try {
    return { value: JSON.parse(text) as Json, repeatedKeys };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    // The engine's message quotes the text, which may hold a secret: only the place is passed on.
    throw new PersonaFileError("not_json", `this is not valid JSON${place(text, error.message)}`);
  }
}

function place(text: string, message: string): string {
  const at = /position (\d+)/.exec(message)?.[1];
  if (at === undefined) {
    return message.includes("end of") ? ": it ends too early" : ": expected { at its beginning";
  }
  const before = text.slice(0, Number(at));
  const line = before.split("\n").length;
  return `: look at line ${line}, column ${before.length - before.lastIndexOf("\n")}`;
}

const quote = 0x22, backslash = 0x5c, comma = 0x2c, colon = 0x3a;
const openBrace = 0x7b, closeBrace = 0x7d, openBracket = 0x5b, closeBracket = 0x5d;

/** One pass over the text, strings skipped; says whether a key repeats. Wrong syntax is left to the parser. */
function scan(text: string, limits: PersonaFileLimits): boolean {
  const open: (Set<string> | null)[] = [];
  let values = 1;
  let repeated = false;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === quote) {
      const end = endOfString(text, i);
      const keys = open.at(-1);
      if (keys && isKey(text, end)) {
        const key = unescaped(text.slice(i, end + 1));
        if (keys.has(key)) repeated = true;
        keys.add(key);
      }
      i = end;
    } else if (c === openBrace || c === openBracket) {
      open.push(c === openBrace ? new Set() : null);
      values++;
      if (open.length > limits.jsonDepth) {
        throw new PersonaFileError(
          "too_deep",
          `the JSON is nested deeper than ${limits.jsonDepth} levels: no persona file needs that`,
        );
      }
    } else if (c === closeBrace || c === closeBracket) {
      open.pop();
    } else if (c === comma) {
      values++;
    }
    if (values > limits.jsonValues) {
      throw new PersonaFileError(
        "too_many_values",
        `the JSON holds more than ${limits.jsonValues} values: at most that many are read`,
      );
    }
  }
  return repeated;
}

function endOfString(text: string, start: number): number {
  for (let i = start + 1; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === backslash) i++;
    else if (c === quote) return i;
  }
  return text.length;
}

function isKey(text: string, end: number): boolean {
  for (let i = end + 1; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === colon) return true;
    if (c !== 0x20 && c !== 0x0a && c !== 0x0d && c !== 0x09) return false;
  }
  return false;
}

function unescaped(literal: string): string {
  if (!literal.includes("\\")) return literal;
  try {
    return JSON.stringify(JSON.parse(literal));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return literal; // the parser will refuse the whole text with its place
  }
}
