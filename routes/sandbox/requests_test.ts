/** The sandbox as a program meets it that knows no adapter: what it takes, how much of it, and in pages. */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { sandboxAdapter } from "../../actors/persona/platforms/sandbox/adapter.ts";
import { onNetwork, payload, picture, publish, raw, sendOne } from "./testing.ts";

onNetwork(
  "the limit: exact, told in every answer and to whoever keeps the books, over when its window is",
  async ({ account, clock }) => {
    const [ada, eve] = [await account("ada"), await account("eve")];
    const left: (string | null)[] = [];
    for (let index = 0; index < 5; index++) {
      const { headers, status } = await raw(ada, "GET", "/timeline");
      strictEqual(status, 200);
      left.push(headers.get("ratelimit-remaining"));
    }
    deepStrictEqual(left, ["4", "3", "2", "1", "0"]);
    const { status, headers } = await raw(ada, "GET", "/timeline");
    strictEqual(status, 429);
    const resetAt = Number(headers.get("ratelimit-reset")) * 1_000;
    strictEqual(resetAt, clock.now() + 10_000);
    const outcome = await sandboxAdapter.publish(ada, payload("k", "hello"), []);
    ok(outcome.kind === "rate_limited");
    strictEqual(outcome.until, resetAt);
    const windows = ada.noteds.flatMap((noted) => noted.windows ?? []);
    deepStrictEqual(windows.at(-1), {
      name: "requests in a minute",
      holds: "any",
      limit: 5,
      remaining: 0,
      resetAt,
    });
    strictEqual((await raw(eve, "GET", "/timeline")).status, 200, "each account has its own");
    await clock.pass(9_999);
    strictEqual((await raw(ada, "GET", "/timeline")).status, 429);
    await clock.pass(1);
    await publish(ada, payload("k", "hello"));
  },
  { rateLimit: { requests: 5, windowMs: 10_000 } },
);

onNetwork("a request that is not exactly right: 400 with a reason", async ({ account }) => {
  const ada = await account("ada");
  const right = { text: "x", language: "en", createdAt: "2026-01-05T08:00:00.000Z" };
  const { sha256, bytes } = await picture(1);
  const wrong: [string, string, unknown][] = [
    ["PUT", "/posts/k", { ...right, mood: "fine" }],
    ["PUT", "/posts/k", { ...right, text: 7 }],
    ["PUT", "/posts/k", { ...right, createdAt: "yesterday" }],
    ["PUT", "/posts/k", { ...right, replyTo: "nowhere" }],
    ["PUT", "/posts/k", { ...right, quoteOf: "nowhere" }],
    ["PUT", "/posts/k", { ...right, media: [{ sha256, alt: "not there" }] }],
    ["PUT", "/posts/k", { ...right, media: [{ sha256 }] }],
    ["PUT", "/posts/k", [right]],
    ["PUT", "/posts/k", undefined],
    ["PUT", `/blobs/${"0".repeat(64)}`, bytes],
    ["PUT", `/blobs/${await hashOf("<svg/>")}`, new TextEncoder().encode("<svg/>")],
    ["PUT", "/likes/nowhere", undefined],
    ["PUT", "/reposts/nowhere", undefined],
    ["PUT", "/follows/nobody", undefined],
    ["PUT", "/follows/id-of-ada", undefined],
    ["GET", "/timeline?limit=51", undefined],
    ["GET", "/timeline?page=2", undefined],
    ["GET", "/metrics", undefined],
    ["GET", "/notifications?after=-1", undefined],
    ["GET", "/notifications?after=1e3", undefined],
  ];
  for (const [method, path, body] of wrong) {
    const { status, body: answer } = await raw(ada, method, path, body);
    strictEqual(status, 400, `${method} ${path} ${JSON.stringify(body)}`);
    ok(typeof answer.error === "string" && answer.error.length > 0);
  }
  strictEqual((await raw(ada, "PUT", "/posts/k", right)).status, 201);
  const large = new Uint8Array(2_000_001);
  strictEqual((await raw(ada, "PUT", `/blobs/${sha256}`, large)).status, 413);
  strictEqual((await raw(ada, "GET", "/nothing")).status, 404);
});

async function hashOf(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return new Uint8Array(digest).toHex();
}

onNetwork("the own timeline: newest first, in pages", async ({ account }) => {
  const [ada, eve] = [await account("ada"), await account("eve")];
  for (let index = 0; index < 7; index++) await sendOne(ada, `k${index}`, `post ${index}`);
  await sendOne(eve, "e", "mine");
  const keys: string[] = [];
  let before = "";
  for (;;) {
    const { body } = await raw(ada, "GET", `/timeline?limit=3${before}`);
    keys.push(...(body.items as { key: string }[]).map(({ key }) => key));
    if (body.cursor === null) break;
    before = `&before=${body.cursor}`;
  }
  deepStrictEqual(keys, ["k6", "k5", "k4", "k3", "k2", "k1", "k0"]);
});
