import assert from "node:assert/strict";
import { createXAdapter } from "./adapter.ts";
import { frozen, NOON, picture, withX } from "./testing.ts";

for (const auth of ["oauth1", "oauth2"] as const) {
  Deno.test(`the adapter works by ${auth} in a worker that may reach X and nothing else`, async () => {
    await withX(async ({ x, context, media }) => {
      x.control.say({ by: "jo", text: "@marisol_ink hello" });
      const shown = picture(media, 1, "A dot");
      const other = Deno.serve(
        { port: 0, hostname: "127.0.0.1", onListen: () => {} },
        () => new Response("ok"),
      );
      const worker = new Worker(new URL("./worker_fixture.ts", import.meta.url), {
        type: "module",
        deno: { permissions: { net: [new URL(x.origin).host], read: false, env: false, sys: false } },
      } as WorkerOptions);
      try {
        const answered = new Promise<MessageEvent>((resolve, reject) => {
          worker.onmessage = resolve;
          worker.onerror = (event) => {
            event.preventDefault();
            reject(new Error(event.message));
          };
        });
        const { account, secret } = context;
        const elsewhere = `http://127.0.0.1:${other.addr.port}/`;
        worker.postMessage({
          context: { account, secret },
          at: NOON,
          text: "From a worker to @jo",
          media: shown,
          picture: media.get(shown.sha256),
          elsewhere,
        });
        const { data } = await answered;
        assert.deepEqual(data.part.facets.map(({ handle }: { handle: string }) => handle), ["jo"]);
        assert.equal(data.outcome.kind, "sent");
        assert.deepEqual(x.control.posts("marisol_ink")[0]?.altTexts, ["A dot"]);
        assert.deepEqual(data.reconciled, { kind: "found", sent: data.outcome.sent });
        assert.equal(data.polled.interactions.length, 1);
        assert.equal(data.elsewhere, "NotCapable");
      } finally {
        worker.terminate();
        await other.shutdown();
      }
    }, { auth });
  });
}

Deno.test("an adapter keeps a renewed session from call to call, and begins another one for another secret", async () => {
  await withX(async ({ x, context, kept, now }) => {
    const adapter = createXAdapter({ now });
    const payload = (text: string) => frozen([text], { madeWithAi: false });
    assert.equal((await adapter.publish(context, payload("one"), [])).kind, "sent");
    assert.equal((await adapter.publish(context, payload("two"), [])).kind, "sent");
    assert.equal(
      (await adapter.publish({ ...context, secret: kept[0] ?? "" }, payload("three"), [])).kind,
      "sent",
    );
    assert.equal(x.control.requests("token").length, 1);
    const keys = JSON.stringify({ kind: "oauth1", ...x.control.userKeys("marisol_ink") });
    assert.equal((await adapter.publish({ ...context, secret: keys }, payload("four"), [])).kind, "sent");
    assert.deepEqual(x.control.requests("createPost").map(({ auth }) => auth), [
      "oauth2",
      "oauth2",
      "oauth2",
      "oauth1",
    ]);
  }, { accessLifeMs: 1 });
});
