import assert from "node:assert/strict";
import type { AdapterContext } from "../port.ts";
import { createSandboxAdapter } from "./adapter.ts";

const NOW = Date.UTC(2026, 0, 5, 8);
const payload = { keys: ["k1"], records: [{ text: "hello", language: "en", createdAt: "2026-01-05" }] };

Deno.test("a limit that the sandbox names no end of holds a minute, by the adapter's own clock", async () => {
  await withServer(() => Promise.resolve(new Response("{}", { status: 429 })), async (at) => {
    const outcome = await createSandboxAdapter({ now: () => NOW }).publish(at, payload, []);
    assert.ok(outcome.kind === "rate_limited" && outcome.until === NOW + 60_000, JSON.stringify(outcome));
  });
});

Deno.test("a sandbox that does not answer within the deadline leaves it uncertain", async () => {
  const held = Promise.withResolvers<Response>();
  await withServer(() => held.promise, async (at) => {
    const outcome = await createSandboxAdapter({ deadlineMs: 50 }).publish(at, payload, []);
    held.resolve(new Response("{}"));
    assert.equal(outcome.kind, "uncertain", JSON.stringify(outcome));
  });
});

async function withServer(answer: () => Promise<Response>, use: (at: AdapterContext) => Promise<void>) {
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, answer);
  const service = `http://127.0.0.1:${server.addr.port}`;
  try {
    await use({
      account: { connectionId: "c1", platform: "sandbox", accountId: "ada", handle: "ada", service },
      secret: "a token",
      keepSecret: () => Promise.resolve(),
      signal: new AbortController().signal,
      media: () => Promise.reject(new Error("there are no pictures here")),
      leave: () => Promise.resolve(null),
      noted: () => {},
    });
  } finally {
    await server.shutdown();
  }
}
