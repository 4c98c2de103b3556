import type { Json } from "./log.ts";
import { textFault } from "./unicode.ts";

/** Why a value cannot be stored: `field` is the path to it. */
export class Malformed extends Error {
  override name = "Malformed";
  constructor(readonly field: string, readonly reason: string) {
    super(`${field}: ${reason}`);
  }
}

const SHOWN_KEY_LENGTH = 80;

/** A path for people: `data.items[3].name`; a long or unusual key is quoted and cut. */
function step(path: string, key: string): string {
  if (/^[A-Za-z_$][\w$]*$/.test(key) && key.length <= SHOWN_KEY_LENGTH) return `${path}.${key}`;
  return `${path}[${JSON.stringify(key.slice(0, SHOWN_KEY_LENGTH).toWellFormed())}]`;
}

/**
 * A copy of `value` that reads back from jsonb as it is (so what listeners see live and what a replay sees are equal);
 * throws `Malformed` for anything that JSON or Postgres cannot hold. A property that is undefined is left out.
 */
export function cleanJson(value: unknown, path: string, depthLeft: number): Json {
  switch (typeof value) {
    case "string": {
      const fault = textFault(value);
      if (fault !== null) throw new Malformed(path, fault);
      return value;
    }
    case "boolean":
      return value;
    case "number":
      if (!Number.isFinite(value)) throw new Malformed(path, "is not a finite number");
      // jsonb has no negative zero.
      return value === 0 ? 0 : value;
    case "object":
      if (value === null) return null;
      if (depthLeft === 0) throw new Malformed(path, "is nested too deeply");
      return Array.isArray(value) ? cleanArray(value, path, depthLeft) : cleanObject(value, path, depthLeft);
    default:
      throw new Malformed(path, `is a ${typeof value}, which JSON cannot hold`);
  }
}

function cleanArray(value: unknown[], path: string, depthLeft: number): Json[] {
  const copy: Json[] = [];
  for (let at = 0; at < value.length; at++) {
    const item = value[at];
    copy.push(
      typeof item === "string" && textFault(item) === null
        ? item
        : cleanJson(item, `${path}[${at}]`, depthLeft - 1),
    );
  }
  return copy;
}

function cleanObject(value: object, path: string, depthLeft: number): { [key: string]: Json } {
  const prototype = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) {
    throw new Malformed(path, "is not a plain object");
  }
  const copy: { [key: string]: Json } = {};
  for (const [key, item] of Object.entries(value)) {
    if (item === undefined) continue;
    const fault = textFault(key);
    if (fault !== null) throw new Malformed(step(path, key), `the key ${fault}`);
    const clean = typeof item === "string" && textFault(item) === null
      ? item
      : cleanJson(item, step(path, key), depthLeft - 1);
    if (key === "__proto__") {
      Object.defineProperty(copy, key, {
        value: clean,
        enumerable: true,
        writable: true,
        configurable: true,
      });
    } else copy[key] = clean;
  }
  return copy;
}
