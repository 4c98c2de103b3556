import { cleanJson, Malformed } from "./clean_json.ts";
import type { LogLimits } from "./limits.ts";
import type { Append, CommandRecord, ForeignWords, Json, Refusal } from "./log.ts";
import type { Ids } from "./ports.ts";
import { textFault } from "./unicode.ts";

/** An event that has passed every check that needs no database. */
export interface AdmittedEvent {
  id: string;
  type: string;
  schema: number;
  cause: string | null;
  correlation: string | null;
  data: { [key: string]: Json };
  /** The members of its row as JSON, without braces, position and version: made while another batch is under way. */
  json: string;
}

/** A row of foreign words with nothing left out. */
export type AdmittedWords = Required<ForeignWords>;

/** An append that has passed every check that needs no database; it shares nothing with what the caller handed in. */
export interface Admitted {
  stream: string;
  expectedVersion: number;
  by: string;
  events: AdmittedEvent[];
  command: CommandRecord | null;
  words: AdmittedWords[];
  /** Size as JSON. */
  bytes: number;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const MAX_NAME_LENGTH = 300;
const MAX_SCHEMA = 32_767;
/** Rows of words that one row may quote. */
const MAX_QUOTES = 1_000;
const MAX_VERSION = 2_147_483_647;
/** A row of an append costs about this beside its JSON. */
const ROW_BYTES = 200;

export const isUuid = (text: string): boolean => UUID.test(text);

function checkName(value: unknown, field: string): string {
  if (typeof value !== "string") throw new Malformed(field, "is not a string");
  if (value.length === 0) throw new Malformed(field, "is empty");
  if (value.length > MAX_NAME_LENGTH) {
    throw new Malformed(field, `is longer than ${MAX_NAME_LENGTH} characters`);
  }
  const fault = textFault(value);
  if (fault !== null) throw new Malformed(field, fault);
  return value;
}

function checkOptionalName(value: unknown, field: string): string | null {
  return value === null || value === undefined ? null : checkName(value, field);
}

function checkUuid(value: string, field: string): string {
  const id = checkName(value, field).toLowerCase();
  if (!isUuid(id)) throw new Malformed(field, "is not a UUID");
  return id;
}

function checkWhole(value: number, from: number, to: number, field: string): number {
  if (!Number.isInteger(value) || value < from || value > to) {
    throw new Malformed(field, `is not a whole number from ${from} to ${to}`);
  }
  return value;
}

function checkTime(value: string, field: string): string {
  const time = new Date(checkName(value, field));
  if (Number.isNaN(time.getTime())) throw new Malformed(field, "is not an ISO 8601 time");
  return time.toISOString();
}

function checkOptionalTime(value: string | null | undefined, field: string): string | null {
  return value === null || value === undefined ? null : checkTime(value, field);
}

function checkQuotes(quotes: string[], field: string): string[] {
  if (quotes.length > MAX_QUOTES) throw new Malformed(field, `has more than ${MAX_QUOTES} ids`);
  return [...new Set(quotes.map((id, at) => checkUuid(id, `${field}[${at}]`)))];
}

/**
 * A row that quotes one of the same append quotes what that one quotes, and ends when it does: the database sees only
 * what was there before. A row names only rows before it, so one pass is enough.
 */
function boundByQuoted(words: AdmittedWords[]): void {
  const before = new Map<string, AdmittedWords>();
  for (const [at, row] of words.entries()) {
    const all = new Set(row.quotes);
    for (const quoted of row.quotes.map((id) => before.get(id))) {
      if (quoted === undefined) continue;
      for (const id of quoted.quotes) all.add(id);
      row.purgeAt = earliest(row.purgeAt, quoted.purgeAt, quoted.profilePurgeAt);
    }
    row.quotes = [...all];
    if (words.slice(at).some(({ id }) => all.has(id))) {
      throw new Malformed(`words[${at}].quotes`, "names a row that does not stand before it in this append");
    }
    before.set(row.id, row);
  }
}

/** The earliest of ISO times; null for no time at all. */
export function earliest(...times: (string | null)[]): string | null {
  return times.filter((time) => time !== null).sort()[0] ?? null;
}

function isPlainObject(value: Json): value is { [key: string]: Json } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Checks appends alone: form, ids, size. Throws `Malformed` naming the field. */
export function admit(append: Append, limits: LogLimits, ids: Ids): Admitted {
  const stream = checkName(append.stream, "stream");
  const expectedVersion = checkWhole(append.expectedVersion, 0, MAX_VERSION, "expectedVersion");
  const by = checkName(append.by, "by");
  if (append.events.length > limits.appendEvents) {
    throw new Malformed("events", `has more than ${limits.appendEvents} events`);
  }
  const given = append.words ?? [];
  if (given.length > limits.appendWords) {
    throw new Malformed("words", `has more than ${limits.appendWords} rows`);
  }
  if (append.events.length === 0 && !append.command) {
    throw new Malformed("events", "is empty, and there is no command to record");
  }

  let bytes = 0;
  const grow = (by: number, field: string): void => {
    bytes += by + ROW_BYTES;
    if (bytes > limits.appendBytes) {
      throw new Malformed(field, `makes the append larger than ${limits.appendBytes} bytes`);
    }
  };
  const events = append.events.map((event, at): AdmittedEvent => {
    const field = `events[${at}]`;
    const data = cleanJson(event.data, `${field}.data`, limits.jsonDepth);
    if (!isPlainObject(data)) throw new Malformed(`${field}.data`, "is not an object");
    const json = JSON.stringify(data);
    const size = byteLength(json);
    if (size > limits.eventBytes) {
      throw new Malformed(`${field}.data`, `is larger than ${limits.eventBytes} bytes`);
    }
    grow(size, `${field}.data`);
    const id = event.id === undefined ? ids.uuid() : checkUuid(event.id, `${field}.id`);
    const type = checkName(event.type, `${field}.type`);
    const schema = checkWhole(event.schema, 1, MAX_SCHEMA, `${field}.schema`);
    const cause = checkOptionalName(event.cause, `${field}.cause`);
    const correlation = checkOptionalName(event.correlation, `${field}.correlation`);
    const names = JSON.stringify({ stream, type, schema, id, cause, correlation, by });
    return { id, type, schema, cause, correlation, data, json: `${names.slice(1, -1)},"data":${json}` };
  });
  const words = given.map((row, at): AdmittedWords => {
    const field = `words[${at}]`;
    const content = cleanJson(row.content, `${field}.content`, limits.jsonDepth);
    grow(byteLength(JSON.stringify(content)), `${field}.content`);
    return {
      id: checkUuid(row.id, `${field}.id`),
      stream: checkName(row.stream, `${field}.stream`),
      kind: checkName(row.kind, `${field}.kind`),
      platform: checkName(row.platform, `${field}.platform`),
      author: checkOptionalName(row.author, `${field}.author`),
      content,
      purgeAt: checkOptionalTime(row.purgeAt, `${field}.purgeAt`),
      profilePurgeAt: checkOptionalTime(row.profilePurgeAt, `${field}.profilePurgeAt`),
      quotes: checkQuotes(row.quotes ?? [], `${field}.quotes`),
    };
  });
  boundByQuoted(words);
  const command = append.command ? checkCommand(append.command, limits) : null;
  if (command?.refusal) {
    if (events.length > 0) throw new Malformed("command.refusal", "is given together with events");
    grow(byteLength(JSON.stringify(command.refusal)), "command.refusal");
  }
  if (events.length > 1) checkDistinct(events, "events");
  if (words.length > 1) checkDistinct(words, "words");
  return { stream, expectedVersion, by, events, command, words, bytes };
}

function checkCommand(command: CommandRecord, limits: LogLimits): CommandRecord {
  return {
    scope: checkName(command.scope, "command.scope"),
    id: checkName(command.id, "command.id"),
    bodyHash: checkName(command.bodyHash, "command.bodyHash"),
    refusal: cleanJson(command.refusal, "command.refusal", limits.jsonDepth) as Refusal | null,
  };
}

function checkDistinct(rows: { id: string }[], field: string): void {
  const seen = new Set<string>();
  for (const [at, row] of rows.entries()) {
    if (seen.has(row.id)) throw new Malformed(`${field}[${at}].id`, "is there twice in this append");
    seen.add(row.id);
  }
}

const encoder = new TextEncoder();

/** Bytes of `text` in UTF-8; most text of events is ASCII or close to it, so the exact count is taken only when it may matter. */
function byteLength(text: string): number {
  return text.length < 1_024 ? text.length : encoder.encode(text).length;
}
