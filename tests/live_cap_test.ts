/** How many personas are live at once. */
import assert from "node:assert/strict";
import { freshDatabase, skips } from "./database.ts";
import { ada, runSupervisor } from "./running_supervisor.ts";

const MAX_LIVE = 2;
const PERSONAS = 6;

Deno.test("more personas due at once than may be live: they take turns, and each has its own", async () => {
  if (await skips("embedded")) return;
  const database = await freshDatabase();
  let running = await runSupervisor(database);
  try {
    for (let n = 0; n < PERSONAS; n++) {
      const id = crypto.randomUUID();
      await running.send(id, { type: "create", identity: ada, origin: "form" });
      const linked = await running.linking.linkSandbox(id, "user:test");
      const connectionId = linked.kind === "linked" ? linked.connection.connectionId : "";
      await running.linking.unlink(id, connectionId, "user:test");
      const { length } = await running.log.readStream(id, 0, 100);
      // As if the program had ended right after it was asked to write.
      const asked = { connectionId, platform: "sandbox", brief: "bark", seed: n, previousReason: null };
      const written = await running.log.append({
        stream: id,
        expectedVersion: length,
        by: "user:test",
        events: [{
          type: "CompositionRequested",
          schema: 1,
          data: { ...asked, postId: crypto.randomUUID() },
        }],
      });
      assert.equal(written.kind, "committed");
    }
    await running.close();
    running = await runSupervisor(database, { maxLive: MAX_LIVE });
    const { supervisor } = running;
    let most = supervisor.runtime().live;
    supervisor.onStatus(() => most = Math.max(most, supervisor.runtime().live));
    const composed = new Set<string>();
    await running.event(({ type, stream }) => {
      if (type === "DraftComposed") composed.add(stream);
      return composed.size === PERSONAS;
    }, 40_000);
    assert.equal(most, MAX_LIVE);
  } finally {
    await running.close();
    await database.drop();
  }
});
