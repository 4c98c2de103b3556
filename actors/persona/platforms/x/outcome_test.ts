import assert from "node:assert/strict";
import { meaningOf } from "./outcome.ts";

const NOW = 1_800_000_000_000;
const judging = { now: NOW, confidential: ["tok-en-secret"] };

function kindOf(status: number, body: Record<string, unknown> | null, headers: Record<string, string> = {}) {
  return meaningOf({ kind: "answered", status, body, headers: new Headers(headers) }, judging);
}

const detail = (detail: string) => ({ title: "Forbidden", detail, type: "about:blank", status: 403 });

const cases: [string, number, Record<string, unknown> | null, string][] = [
  ["created", 201, { data: { id: "1" } }, "ok"],
  ["a success that is not readable", 200, null, "uncertain"],
  ["a redirect", 307, {}, "uncertain"],
  [
    "duplicate content",
    403,
    detail("You are not allowed to create a Tweet with duplicate content."),
    "uncertain",
  ],
  ["duplicate by number", 403, { errors: [{ code: 187, message: "Status is a duplicate." }] }, "uncertain"],
  [
    "suspended",
    403,
    detail("Your account is suspended and is not permitted to access this feature."),
    "auth_dead",
  ],
  ["locked", 403, { errors: [{ code: 326, message: "To protect our users" }] }, "auth_dead"],
  ["not summoned", 403, detail("Reply to this conversation is not allowed"), "rejected"],
  ["too long", 400, { title: "Invalid Request", detail: "Your Tweet text is too long." }, "rejected"],
  ["no credit", 402, { title: "CreditsDepleted" }, "out_of_credit"],
  ["bad credentials", 401, { title: "Unauthorized" }, "auth_dead"],
  ["a 4xx that is not X's", 403, null, "uncertain"],
  ["a 408", 408, {}, "uncertain"],
  ["a 500", 500, { title: "Internal Server Error" }, "uncertain"],
  ["a 503", 503, { title: "Service Unavailable" }, "uncertain"],
];

for (const [what, status, body, expected] of cases) {
  Deno.test(`an answer, ${what}: ${expected}`, () => assert.equal(kindOf(status, body).kind, expected));
}

Deno.test("what broke on the way is uncertain, what never left is not sent", () => {
  assert.equal(meaningOf({ kind: "unclear", reason: "r" }, judging).kind, "uncertain");
  assert.equal(meaningOf({ kind: "unreachable", reason: "r" }, judging).kind, "not_sent");
});

Deno.test("a limit ends with the last window that is used up, at most in a day, and in 15 minutes where X does not say", () => {
  const until = (headers: Record<string, string>) => {
    const meaning = kindOf(429, { errors: [{ code: 88 }] }, headers);
    return meaning.kind === "rate_limited" ? (meaning.until - NOW) / 1000 : null;
  };
  const at = (s: number) => String(NOW / 1000 + s);
  assert.equal(until({}), 900);
  assert.equal(until({ "retry-after": "7" }), 7);
  assert.equal(until({ "x-rate-limit-remaining": "0", "x-rate-limit-reset": at(60) }), 60);
  const day = { "x-app-limit-24hour-remaining": "0", "x-app-limit-24hour-reset": at(5_000) };
  assert.equal(until({ "x-rate-limit-remaining": "3", "x-rate-limit-reset": at(60), ...day }), 5_000);
  assert.equal(until({ "x-rate-limit-remaining": "0", "x-rate-limit-reset": at(9e9) }), 86_400);
  assert.equal(until({ "x-rate-limit-remaining": "0", "x-rate-limit-reset": at(-60) }), 900);
});

Deno.test("X's words are shown, bounded, without secrets and control characters", () => {
  const meaning = kindOf(400, { detail: `no\u0007 tok-en-secret ${"x".repeat(5_000)}` });
  assert.ok(meaning.kind === "rejected");
  assert.ok(meaning.reason.startsWith("X refused it: no  [hidden]"), meaning.reason.slice(0, 60));
  assert.ok(meaning.reason.length < 400);
});
