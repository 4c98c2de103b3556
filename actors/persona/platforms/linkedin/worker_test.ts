import assert from "node:assert/strict";
import { PAGE, pictureOf, PICTURES, VERSION, withLinkedIn } from "./testing.ts";

const ELSEWHERE = "http://127.0.0.1:45679";

Deno.test("the adapter works in a worker that may reach LinkedIn's two hosts and nothing else", async () => {
  await withLinkedIn(async ({ linkedin, link, payload, now }) => {
    const { account, secret } = link();
    const hosts = [linkedin.origin, linkedin.webOrigin].map((origin) => new URL(origin).host);
    const worker = new Worker(new URL("./worker_fixture.ts", import.meta.url), {
      type: "module",
      deno: { permissions: { net: hosts } },
    });
    try {
      const answer = new Promise<Record<string, { kind: string; reason?: string }>>((resolve, reject) => {
        worker.onmessage = ({ data }) => resolve(data);
        worker.onerror = (error) => {
          error.preventDefault();
          reject(new Error(error.message));
        };
      });
      worker.postMessage({
        context: { account, secret },
        payload: payload("From a worker (really) #tide", { pictures: ["A"] }),
        picture: PICTURES.get(pictureOf("A").sha256),
        options: { version: VERSION, webOrigin: linkedin.webOrigin },
        now: now(),
        elsewhere: ELSEWHERE,
      });
      const said = await answer;
      assert.deepEqual([said.outcome?.kind, said.reconciled?.kind, said.elsewhere?.kind], [
        "sent",
        "found",
        "not_sent",
      ]);
      assert.match(said.elsewhere?.reason ?? "", /may not connect/);
      assert.equal(linkedin.control.posts({ author: PAGE, visible: true }).length, 1);
    } finally {
      worker.terminate();
    }
  });
});
