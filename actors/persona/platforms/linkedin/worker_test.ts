import assert from "node:assert/strict";
import { PAGE, VERSION, withLinkedIn } from "./testing.ts";

Deno.test("the adapter works in a worker that may reach LinkedIn's API and nothing else", async () => {
  await withLinkedIn(async ({ linkedin, link, payload, now }) => {
    const { account, secret } = link();
    const worker = new Worker(new URL("./worker_fixture.ts", import.meta.url), {
      type: "module",
      deno: { permissions: { net: [new URL(linkedin.origin).host] } },
    });
    try {
      const answer = new Promise<Record<string, { kind: string }>>((resolve, reject) => {
        worker.onmessage = ({ data }) => resolve(data);
        worker.onerror = (error) => {
          error.preventDefault();
          reject(new Error(error.message));
        };
      });
      worker.postMessage({
        context: { account, secret },
        payload: payload("From a worker (really) #tide"),
        options: { version: VERSION, webOrigin: linkedin.webOrigin },
        now: now(),
        elsewhere: linkedin.webOrigin,
      });
      const said = await answer;
      assert.deepEqual([said.outcome?.kind, said.reconciled?.kind, said.elsewhere?.kind], [
        "sent",
        "found",
        "not_sent",
      ]);
      assert.equal(linkedin.control.posts({ author: PAGE, visible: true }).length, 1);
    } finally {
      worker.terminate();
    }
  });
});
