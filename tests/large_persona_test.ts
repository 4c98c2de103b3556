/** Events that are large each and many together: they pass to a new worker in frames below the maximum. */
import assert from "node:assert/strict";
import { MAX_FRAME } from "../actors/persona/protocol.ts";
import { freshDatabase, skips } from "./database.ts";
import { ada, runSupervisor } from "./running_supervisor.ts";

Deno.test("a persona with large events, after a restart: it is read again in frames that fit", async () => {
  if (await skips("embedded")) return;
  const database = await freshDatabase();
  let running = await runSupervisor(database);
  try {
    const id = crypto.randomUUID();
    await running.send(id, { type: "create", identity: ada, origin: "form" });
    const large = (n: number) => Array.from({ length: 24 }, () => ({ key: `${n}`, text: "k".repeat(8_000) }));
    for (let n = 0; n < 45; n++) {
      const answer = await running.send(id, { type: "edit", changes: { knowledge: large(n) } });
      assert.equal(answer.kind, "committed");
    }
    const [stored] = await database.sql.query<{ characters: number }>(
      "select sum(length(data::text))::bigint as characters from event",
    );
    assert.ok(Number(stored?.characters) > MAX_FRAME);
    await running.close();
    running = await runSupervisor(database);
    const answer = await Promise.race([
      running.send(id, { type: "edit", changes: { purpose: "goes on" } }),
      new Promise<null>((resolve) =>
        running.supervisor.onStatus(({ lastCrash }) => {
          if (lastCrash !== null) resolve(null);
        })
      ),
    ]);
    assert.equal(answer?.kind, "committed", running.reports.join("\n"));
  } finally {
    await running.close();
    await database.drop();
  }
});
