import assert from "node:assert/strict";
import type { Refusal } from "./call.ts";
import { judge } from "./outcome.ts";

const NOW = Date.UTC(2026, 10, 22, 12);
const MIDNIGHT = Date.UTC(2026, 10, 23);

function refused(status: number, change: Partial<Refusal> = {}) {
  const refusal = {
    status,
    code: "",
    serviceCode: 0,
    message: "",
    duplicateOf: null,
    retryAfter: null,
    ...change,
  };
  return judge({ kind: "refused", refusal }, NOW);
}

Deno.test("an answer without an id, and any that is not LinkedIn's, is uncertain", () => {
  assert.deepEqual(judge({ kind: "ok", status: 201, id: "urn:li:share:1", body: null }, NOW), {
    kind: "created",
    id: "urn:li:share:1",
  });
  for (const [status, id] of [[201, null], [201, ""], [200, "urn:li:share:1"], [204, null]] as const) {
    assert.equal(judge({ kind: "ok", status, id, body: {} }, NOW).kind, "uncertain");
  }
  for (const status of [301, 307, 408, 425, 500, 502, 503, 504]) {
    assert.equal(refused(status).kind, "uncertain", String(status));
  }
  assert.equal(judge({ kind: "unclear", reason: "x" }, NOW).kind, "uncertain");
});

Deno.test("a definite no is rejected in LinkedIn's words, unless it is about the leave or the version", () => {
  for (const status of [400, 403, 404, 405, 413, 415, 422]) {
    assert.equal(refused(status).kind, "rejected", String(status));
  }
  assert.deepEqual(refused(400, { code: "FIELD_LENGTH_TOO_LONG", message: "too long" }), {
    kind: "rejected",
    reason: "LinkedIn refused it: too long",
  });
  assert.equal(
    refused(403, { message: "Unpermitted fields present in REQUEST_BODY: [/id]" }).kind,
    "rejected",
  );
  assert.equal(refused(403, { message: "Not enough permissions to access: x" }).kind, "auth_dead");
  assert.equal(
    refused(403, { message: "Field Value validation failed in REQUEST_BODY: fields [/author]" }).kind,
    "auth_dead",
  );
  assert.equal(refused(401).kind, "auth_dead");
  assert.equal(refused(426, { code: "NONEXISTENT_VERSION" }).kind, "not_sent");
  assert.equal(refused(400, { code: "VERSION_MISSING" }).kind, "not_sent");
  assert.equal(refused(409).kind, "not_sent");
  assert.equal(judge({ kind: "unreachable", reason: "x" }, NOW).kind, "not_sent");
});

Deno.test("a limit lasts until midnight UTC unless LinkedIn says otherwise", () => {
  const until = (retryAfter: string | null) => {
    const judged = refused(429, { retryAfter });
    return judged.kind === "rate_limited" ? judged.until : null;
  };
  assert.equal(until(null), MIDNIGHT);
  assert.equal(until("90"), NOW + 90_000);
  assert.equal(until("Sun, 22 Nov 2026 12:10:00 GMT"), NOW + 600_000);
  assert.equal(until("soon"), MIDNIGHT);
  assert.equal(until("99999999"), NOW + 86_400_000);
});

Deno.test("a duplicate is no outcome yet", () => {
  const judged = refused(422, { code: "DUPLICATE_POST", duplicateOf: "urn:li:share:9", message: "dup" });
  assert.deepEqual(judged, { kind: "duplicate", urn: "urn:li:share:9", reason: "LinkedIn refused it: dup" });
});
