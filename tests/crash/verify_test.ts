import assert from "node:assert/strict";
import type { StoredEvent } from "../../db/log/log.ts";
import { emptyLedger } from "./author.ts";
import { verifyPosts, verifyRequests } from "./verify.ts";

const steps = ["CompositionRequested", "PostApproved", "PublishRequested", "PostPublished"];

/** The log of a post that went out as `id`. */
function published(postId: string, id: string, types = steps): StoredEvent[] {
  return types.map((type, index) => ({
    position: index + 1,
    id: crypto.randomUUID(),
    stream: "p",
    version: index + 1,
    type,
    schema: 1,
    at: "2026-11-22T00:00:00.000Z",
    by: "user:1",
    cause: null,
    correlation: null,
    data: { postId, sent: [{ id, url: "" }] },
  }));
}

function approved(...posts: [string, string][]) {
  return { ...emptyLedger(), approved: new Map(posts) };
}

const finds = (violations: string[], what: RegExp) =>
  assert.ok(violations.some((one) => what.test(one)), `${what} is not among ${JSON.stringify(violations)}`);

Deno.test("verifyPosts finds nothing where every approved post is out once, as approved", () => {
  assert.deepEqual(verifyPosts(approved(["a", "A"]), published("a", "1"), [{ id: "1", text: "A" }]), []);
});

Deno.test("verifyPosts finds a post that is out twice", () => {
  const out = [{ id: "1", text: "A" }, { id: "2", text: "A" }];
  const violations = verifyPosts(approved(["a", "A"]), published("a", "1"), out);
  finds(violations, /nobody's: 2/);
  finds(violations, /1 times too often/);
});

Deno.test("verifyPosts finds an approved post that is not out, whatever the log says", () => {
  const violations = verifyPosts(approved(["a", "A"]), published("a", "1"), []);
  finds(violations, /not on the platform/);
  finds(violations, /1 times too few/);
});

Deno.test("verifyPosts finds a post that went out as another text than approved", () => {
  finds(verifyPosts(approved(["a", "A"]), published("a", "1"), [{ id: "1", text: "B" }]), /another text/);
});

Deno.test("verifyPosts finds two posts that claim one id", () => {
  const events = [...published("a", "1"), ...published("b", "1")];
  finds(
    verifyPosts(approved(["a", "A"], ["b", "A"]), events, [{ id: "1", text: "A" }]),
    /another post's too/,
  );
});

Deno.test("verifyPosts finds an intent that is in the log twice", () => {
  const events = published("a", "1", [...steps, "PublishRequested"]);
  finds(
    verifyPosts(approved(["a", "A"]), events, [{ id: "1", text: "A" }]),
    /PublishRequested is in the log 2/,
  );
});

Deno.test("verifyPosts and verifyRequests find a draft that goes out without an approval", () => {
  const ledger = { ...emptyLedger(), unapproved: new Set(["a"]) };
  finds(verifyPosts(ledger, published("a", "1"), [{ id: "1", text: "A" }]), /nobody's: 1/);
  finds(verifyRequests([ledger], published("a", "1")), /nobody approved it/);
});

Deno.test("verifyRequests finds nothing where each post was asked for and approved", () => {
  const ledgers = [approved(["a", "A"]), approved(["b", "B"])];
  assert.deepEqual(verifyRequests(ledgers, [...published("a", "1"), ...published("b", "2")]), []);
});

Deno.test("verifyRequests finds a composition that nobody asked for", () => {
  finds(
    verifyRequests([emptyLedger()], published("a", "1", ["CompositionRequested"])),
    /nobody asked for it/,
  );
});
