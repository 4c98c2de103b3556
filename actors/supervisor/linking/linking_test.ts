import assert from "node:assert/strict";
import { testOn } from "../../../tests/database.ts";
import { ada, runSupervisor } from "../../../tests/running_supervisor.ts";

testOn("embedded", "linking, a server that does not answer: nobody else waits for it", async (database) => {
  const asked = Promise.withResolvers<void>();
  const answer = Promise.withResolvers<Response>();
  const pds = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, () => {
    asked.resolve();
    return answer.promise;
  });
  const origin = `http://127.0.0.1:${pds.addr.port}`;
  const running = await runSupervisor(database, { allowedOrigins: [origin] });
  try {
    const [slow, quick] = [crypto.randomUUID(), crypto.randomUUID()];
    for (const id of [slow, quick]) {
      const identity = { ...ada, operatedBy: "Fern Workshop" };
      await running.send(id, { type: "create", identity, origin: "form" });
    }
    const waiting = running.linking.linkBluesky(slow, "user:test", {
      service: origin,
      identifier: "ada.example",
      password: "app-password",
      disclose: true,
    });
    await asked.promise;
    const linked = await Promise.race([running.linking.linkSandbox(quick, "user:test"), waiting]);
    assert.equal(linked.kind, "linked");
    answer.resolve(new Response("no", { status: 500 }));
    assert.equal((await waiting).kind, "refused");
  } finally {
    answer.resolve(new Response("no", { status: 500 }));
    await running.close();
    await pds.shutdown();
  }
});
