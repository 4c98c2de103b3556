/** Shared by the tests of hostile answers: a connection to whatever answers, and what is asked of it. */
import type { Anything } from "../../../../tests/stand_ins/anything.ts";
import type { AdapterContext, Noted } from "../port.ts";
import { createXAdapter } from "./adapter.ts";
import { freezeX, idAt } from "./freeze.ts";
import { writeSecret } from "./secret.ts";
import { NOON } from "./testing.ts";

const OWN = "77";
export const adapter = createXAdapter({ now: () => NOON, deadlineMs: 300, wait: () => Promise.resolve() });
export const payload = freezeX([{ text: "Hello, see example.org" }], {
  createdAt: NOON,
  replyTarget: null,
  madeWithAi: false,
});
export const lost = { before: [], absentSince: NOON - 3_600_000, others: new Set<string>() };
const KEYS = writeSecret({
  kind: "oauth1",
  consumerKey: "consumer",
  consumerSecret: "consumer-secret",
  accessToken: "access",
  accessSecret: "access-secret",
});

export interface Asking extends AdapterContext {
  noteds: Noted[];
  kept: string[];
}

export function contextOf({ origin }: Anything, secret = KEYS): Asking {
  const [noteds, kept]: [Noted[], string[]] = [[], []];
  return {
    // Each has a session of its own.
    account: {
      connectionId: crypto.randomUUID(),
      platform: "x",
      accountId: OWN,
      handle: "me",
      service: origin,
    },
    secret,
    noteds,
    kept,
    keepSecret: (value) => Promise.resolve(void kept.push(value)),
    signal: new AbortController().signal,
    leave: () => Promise.resolve(null),
    media: () => Promise.reject(new Error("no picture")),
    noted: (one) => void noteds.push(one),
  };
}

/** A page with one post. */
export const post = (fields: string, id = idAt(NOON)) =>
  `{"data": [{"id": "${id}", "text": "Hi"${fields}}], "meta": {"result_count": 1}}`;
