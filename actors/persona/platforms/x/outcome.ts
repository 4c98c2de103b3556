/** What an answer of X means for what was asked. Pure. */
import { redact } from "../../agent/redact.ts";
import type { Failure } from "../port.ts";
import type { Answer, Answered } from "./request.ts";
import { asObject } from "./request.ts";

/** X's windows last that long; where it says 429 and nothing else, the next one has begun by then. */
const WINDOW_MS = 15 * 60_000;
const MAX_WAIT_MS = 24 * 3_600_000;
/** Of X's words, what is shown. */
const MAX_WORDS = 300;
const MAX_WORDS_READ = 10_000;

/** The reason where X says that it has the text; it does not say in which post. */
export const DUPLICATE = "X says that it has a post with this text already";
/** How the reason begins where X does not have what was asked for. */
export const NOT_THERE = "X does not have it";
/** Part of X's words where it does not know an uploaded picture, in small letters. */
export const IDS_REFUSED = "media ids are invalid";

export type Meaning = { kind: "ok"; body: Record<string, unknown> } | Failure;

export interface Judging {
  /** ms since the epoch. */
  now: number;
  /** What X was told in confidence, and may repeat in its refusal. */
  confidential: string[];
}

/**
 * Errors are `{title, detail, type, status}`, and older ones `{errors: [{code, message}]}`. A 4xx is a definite no only
 * in X's own words: an answer that is no JSON came from something between here and there.
 */
export function meaningOf(answer: Answer, judging: Judging): Meaning {
  switch (answer.kind) {
    case "unreachable":
      return { kind: "not_sent", reason: answer.reason };
    case "unclear":
      return { kind: "uncertain", reason: answer.reason };
    case "answered":
      return meaningOfAnswered(answer, judging);
  }
}

function meaningOfAnswered(answer: Answered, { now, confidential }: Judging): Meaning {
  const { status, headers, body } = answer;
  if (status === 429) {
    return { kind: "rate_limited", until: limitedUntil(headers, now), reason: "X asks to wait" };
  }
  if (body === null) return { kind: "uncertain", reason: `X's answer (${status}) was not readable` };
  if (status >= 200 && status < 300) return { kind: "ok", body };
  const refusal = readRefusal(body, confidential);
  // 408 and 425 speak of the connection, not of what was asked.
  if (status < 400 || status >= 500 || status === 408 || status === 425) {
    return { kind: "uncertain", reason: `X answered ${status}` };
  }
  if (status === 402 || refusal.title === "CreditsDepleted") {
    return { kind: "out_of_credit", reason: "the credits of this app on X are used up" };
  }
  if (status === 401) return { kind: "auth_dead", reason: "X does not accept these credentials any more" };
  return meaningOfRefusal(status, refusal);
}

interface Refusal {
  title: string;
  type: string;
  codes: number[];
  /** For people. */
  words: string;
}

/** By X's older numbers too (187 duplicate, 64 suspended, 326 locked), and never by one word that a post could hold. */
function meaningOfRefusal(status: number, { type, codes, words }: Refusal): Failure {
  const says = words.toLowerCase();
  if (codes.includes(187) || says.includes("duplicate content")) {
    return { kind: "uncertain", reason: DUPLICATE };
  }
  if (codes.includes(64) || says.includes("your account is suspended")) {
    return { kind: "auth_dead", reason: "X has suspended this account" };
  }
  if (codes.includes(326) || says.includes("temporarily locked")) {
    return { kind: "auth_dead", reason: "X has locked this account: sign in at x.com to unlock it" };
  }
  if (type.endsWith("/oauth1-permissions")) {
    return {
      kind: "auth_dead",
      reason: "the app on X may only read: give it leave to write, and make new keys",
    };
  }
  const refused = status === 404 ? NOT_THERE : "X refused it";
  return { kind: "rejected", reason: words === "" ? `${refused} (${status})` : `${refused}: ${words}` };
}

function readRefusal(body: Record<string, unknown>, confidential: string[]): Refusal {
  const errors = Array.isArray(body.errors) ? body.errors.map(asObject) : [];
  const texts = [body.detail, body.error_description, ...errors.map((error) => error?.message), body.title];
  const words = texts.find((text) => typeof text === "string" && text !== "");
  return {
    title: typeof body.title === "string" ? body.title : "",
    type: typeof body.type === "string" ? body.type : "",
    codes: errors.map((error) => error?.code).filter((code) => typeof code === "number"),
    words: shown(words, confidential),
  };
}

/** X's words are foreign: bounded, without secrets, and without control characters. */
function shown(words: unknown, confidential: string[]): string {
  if (typeof words !== "string") return "";
  const plain = words.slice(0, MAX_WORDS_READ).replace(/[\p{Cc}\p{Cf}]/gu, " ");
  return confidential.reduce(redact, plain).slice(0, MAX_WORDS).toWellFormed();
}

const LIMITS = ["x-rate-limit", "x-user-limit-24hour", "x-app-limit-24hour"];

/** The end of the last of the windows that are used up, in ms since the epoch. */
function limitedUntil(headers: Headers, now: number): number {
  const ends = LIMITS.filter((name) => headers.get(`${name}-remaining`)?.trim() === "0")
    .map((name) => Number(headers.get(`${name}-reset`) ?? NaN) * 1000);
  const after = now + Number(headers.get("retry-after") ?? NaN) * 1000;
  const known = [...ends, after].filter((end) => Number.isFinite(end) && end > now);
  return Math.min(known.length === 0 ? now + WINDOW_MS : Math.max(...known), now + MAX_WAIT_MS);
}
