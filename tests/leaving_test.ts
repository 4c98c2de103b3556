/** A worker that has to end while something is under way in it: what is under way comes to its end first. */
import assert from "node:assert/strict";
import { bareSettings } from "../actors/supervisor/testing_ports.ts";
import { freshDatabase, skips } from "./database.ts";
import { ada, runSupervisor } from "./running_supervisor.ts";

/** A model that answers when it is let: real HTTP, one text. */
function heldModel(text: string) {
  const asked = Promise.withResolvers<void>();
  const let_ = Promise.withResolvers<void>();
  const chunk = (delta: unknown, finish: string | null) =>
    `data: ${JSON.stringify({ model: "held-1", choices: [{ delta, finish_reason: finish }] })}\n\n`;
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, async (request) => {
    await request.body?.cancel();
    asked.resolve();
    await let_.promise;
    return new Response(chunk({ content: text }, null) + chunk({}, "stop") + "data: [DONE]\n\n", {
      headers: { "content-type": "text/event-stream" },
    });
  });
  return {
    url: `http://127.0.0.1:${server.addr.port}/v1`,
    asked: asked.promise,
    answer: () => let_.resolve(),
    stop: () => server.shutdown(),
  };
}

Deno.test("an account is unlinked while a text is written: the text arrives, and commands are answered after it", async () => {
  if (await skips("embedded")) return;
  const database = await freshDatabase();
  const model = heldModel("Every street tree keeps a diary in its bark, and nobody asks to read it.");
  const running = await runSupervisor(database, {
    actor: bareSettings({
      writer: { kind: "openai", baseUrl: model.url, model: "held-1", timeoutMs: 60_000 },
    }),
    modelKey: "sk-held",
  });
  try {
    const id = crypto.randomUUID();
    await running.send(id, { type: "create", identity: ada, origin: "form" });
    const linked = await running.linking.linkSandbox(id, "user:test");
    assert.equal(linked.kind, "linked");
    await running.send(id, { type: "compose", platform: "sandbox", brief: "bark" });
    await model.asked;
    const connectionId = linked.kind === "linked" ? linked.connection.connectionId : "";
    assert.equal((await running.send(id, { type: "unlink", connectionId })).kind, "committed");
    model.answer();
    await running.event((event) => event.type === "DraftComposed");
    const answer = await running.send(id, { type: "edit", changes: { purpose: "goes on" } });
    assert.equal(answer.kind, "committed", running.reports.join("\n"));
  } finally {
    model.answer();
    await running.close();
    await model.stop();
    await database.drop();
  }
});

Deno.test("an account that is unlinked: its credentials are gone at once, those of others are there", async () => {
  if (await skips("embedded")) return;
  const database = await freshDatabase();
  const running = await runSupervisor(database);
  try {
    const names: string[] = [];
    const ids = [crypto.randomUUID(), crypto.randomUUID()];
    for (const id of ids) {
      await running.send(id, { type: "create", identity: ada, origin: "form" });
      const linked = await running.linking.linkSandbox(id, "user:test");
      names.push(linked.kind === "linked" ? linked.connection.connectionId : "");
    }
    const answer = await running.linking.unlink(ids[0] ?? "", names[0] ?? "", "user:test");
    assert.deepEqual(answer, { kind: "unlinked" });
    assert.equal(await running.vault.get(`connection:${names[0]}`), null);
    assert.notEqual(await running.vault.get(`connection:${names[1]}`), null);
    const foreign = await running.linking.unlink(ids[0] ?? "", names[1] ?? "", "user:test");
    assert.equal(foreign.kind, "refused");
    assert.notEqual(await running.vault.get(`connection:${names[1]}`), null);
  } finally {
    await running.close();
    await database.drop();
  }
});
