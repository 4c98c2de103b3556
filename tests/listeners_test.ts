/** Who looks on at personas does not bring them down. */
import assert from "node:assert/strict";
import { freshDatabase, skips } from "./database.ts";
import { ada, runSupervisor } from "./running_supervisor.ts";

Deno.test("a listener that throws at each status: the persona runs all the same, and it is reported", async () => {
  if (await skips("embedded")) return;
  const database = await freshDatabase();
  const running = await runSupervisor(database);
  try {
    running.supervisor.onStatus(() => {
      throw new Error("a page that cannot be drawn");
    });
    const id = crypto.randomUUID();
    const answer = await running.send(id, { type: "create", identity: ada, origin: "form" });
    assert.equal(answer.kind, "committed");
    assert.equal(running.supervisor.status(id).lastCrash, null);
    assert.match(running.reports.join("\n"), /a page that cannot be drawn/);
  } finally {
    await running.close();
    await database.drop();
  }
});
