import assert from "node:assert/strict";
import { freshDatabase, skips } from "./database.ts";
import { ada, runSupervisor } from "./running_supervisor.ts";

Deno.test({
  name: "a persona on the sandbox: brief to published post and an answer taken in, in a real worker",
  sanitizeOps: false,
  sanitizeResources: false,
  async fn() {
    if (await skips("embedded")) return;
    const database = await freshDatabase();
    const running = await runSupervisor(database);
    const id = crypto.randomUUID();
    try {
      const created = await running.send(id, { type: "create", identity: ada, origin: "form" });
      assert.equal(created.kind, "committed", running.reports.join("\n"));
      const linked = await running.linking.linkSandbox(id, "user:test");
      assert.equal(linked.kind, "linked");
      const composed = await running.send(id, {
        type: "compose",
        platform: "sandbox",
        brief: "why lindens drip on parked cars",
      });
      assert.equal(composed.kind, "committed");
      const draft = await running.event((event) => event.type === "DraftComposed");
      const { postId, contentHash } = draft.data as { postId: string; contentHash: string };
      await running.event((event) => event.type === "PostSubmitted");
      const approved = await running.send(id, {
        type: "approve",
        postId,
        contentHash,
        then: { kind: "publish" },
      });
      assert.equal(approved.kind, "committed");
      await running.event((event) => event.type === "PostPublished");
      const posts = await database.sql.query<{ status: string }>("select status from post where id = $1", [
        postId,
      ]);
      assert.deepEqual(posts, [{ status: "published" }]);
      const out = await database.sql.query("select text from sandbox_post where account_id = $1", [
        (linked as { connection: { accountId: string } }).connection.accountId,
      ]);
      assert.equal(out.length, 1);
      // An hour later it is looked at how the post does.
      const due = await database.sql.query("select reason, ref from due");
      assert.deepEqual(due, [{ reason: "measure", ref: postId }]);
    } finally {
      await running.close();
      await database.drop();
    }
  },
});
