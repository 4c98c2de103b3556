/** Bodies of requests: read up to a bound, then as JSON that can be stored. */
import type { Context } from "hono";
import type { z } from "zod";
import { textFault } from "../../db/log/unicode.ts";
import { MAX_BODY_BYTES, MAX_ERRORS, MAX_JSON_DEPTH } from "./limits.ts";
import { plainReason } from "./plain_reason.ts";
import { ApiFault, type FieldError } from "./problems.ts";

const MAX_SHOWN_KEY = 80;

/** The media type without parameters, in small letters; "" when there is none. */
export function mediaType(c: Context): string {
  return (c.req.header("content-type") ?? "").split(";")[0]?.trim().toLowerCase() ?? "";
}

export function checkMediaType(c: Context, allowed: readonly string[]): void {
  if (allowed.includes(mediaType(c))) return;
  const detail = `Send the body with Content-Type ${allowed.join(" or ")}.`;
  const errors = [{ field: "Content-Type", reason: `must be ${allowed.join(" or ")}` }];
  throw new ApiFault({ code: "unsupported_media_type", detail, errors });
}

/** Reads no more than `max` bytes, whatever the length that was announced. */
export async function readBytes(c: Context, max: number): Promise<Uint8Array<ArrayBuffer>> {
  const tooLarge = new ApiFault({ code: "too_large", detail: `The body may have at most ${max} bytes.` });
  if (Number(c.req.header("content-length") ?? 0) > max) throw tooLarge;
  const chunks: Uint8Array[] = [];
  let length = 0;
  const reader = c.req.raw.body?.getReader();
  while (reader !== undefined) {
    const { done, value } = await reader.read().catch((cause: unknown) => {
      throw Object.assign(new ApiFault({ code: "malformed_json", detail: "The body broke off." }), { cause });
    });
    if (done) break;
    length += value.byteLength;
    if (length > max) {
      // Not waited for: who goes on sending is not to hold the answer back.
      reader.cancel().catch(() => {});
      throw tooLarge;
    }
    chunks.push(value);
  }
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.byteLength;
  }
  return bytes;
}

/** The JSON body in the shape of `schema`. Throws ApiFault. */
export async function readJsonBody<T>(c: Context, schema: z.ZodType<T>): Promise<T> {
  checkMediaType(c, ["application/json"]);
  const value = parseJson(await readBytes(c, MAX_BODY_BYTES));
  checkTexts(value);
  return checkShape(schema, value);
}

function parseJson(bytes: Uint8Array): unknown {
  const malformed = (detail: string) => new ApiFault({ code: "malformed_json", detail });
  if (bytes.length === 0) throw malformed("The body is empty; expected JSON.");
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) throw malformed("The body is not UTF-8.");
    throw error;
  }
  if (depthOf(text) > MAX_JSON_DEPTH) {
    throw malformed(`The JSON is nested deeper than ${MAX_JSON_DEPTH} levels.`);
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) throw malformed("The body is not JSON.");
    throw error;
  }
}

/** Levels of nesting of JSON text, without parsing it. */
function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  let inString = false;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (inString) {
      if (code === 0x5c) at++;
      else if (code === 0x22) inString = false;
    } else if (code === 0x22) inString = true;
    else if (code === 0x7b || code === 0x5b) deepest = Math.max(deepest, ++depth);
    else if (code === 0x7d || code === 0x5d) depth--;
  }
  return deepest;
}

/** Postgres can hold neither NUL nor half a surrogate pair: who sends one is told where it stood. */
function checkTexts(value: unknown): void {
  const errors: FieldError[] = [];
  const walk = (item: unknown, path: string[]): void => {
    if (errors.length >= MAX_ERRORS) return;
    if (typeof item === "string") {
      const fault = textFault(item);
      if (fault !== null) errors.push({ field: fieldName(path), reason: fault });
    } else if (typeof item === "object" && item !== null) {
      for (const [key, inner] of Object.entries(item)) {
        const fault = textFault(key);
        if (fault !== null) errors.push({ field: fieldName([...path, key]), reason: `the name ${fault}` });
        else walk(inner, [...path, key]);
      }
    }
  };
  walk(value, []);
  throwIfAny(errors);
}

/** The value as `schema` has it. Throws ApiFault with every field that is wrong. */
export function checkShape<T>(schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value, { error: plainReason });
  if (parsed.success) return parsed.data;
  throwIfAny(fieldErrors(parsed.error));
  throw new ApiFault({ code: "invalid_request", detail: "The request does not fit." });
}

/** One entry for each field that is wrong. No value that was sent is in it. */
export function fieldErrors(error: z.ZodError): FieldError[] {
  return error.issues.flatMap((issue): FieldError[] => {
    const path = issue.path.map(String);
    if (issue.code === "unrecognized_keys") {
      return issue.keys.map((key) => ({ field: fieldName([...path, key]), reason: "is not known here" }));
    }
    return [{ field: fieldName(path), reason: issue.message }];
  });
}

function fieldName(path: string[]): string {
  const name = path.map((key) => key.slice(0, MAX_SHOWN_KEY).toWellFormed().replace(/\p{Cc}/gu, "\uFFFD"))
    .join(".");
  return name === "" ? "body" : name.slice(0, 400).toWellFormed();
}

function throwIfAny(errors: FieldError[]): void {
  const [first] = errors;
  if (first === undefined) return;
  throw new ApiFault({ code: "invalid_request", detail: `${first.field}: ${first.reason}`, errors });
}
