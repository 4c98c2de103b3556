/** A session that is renewed in a worker is kept in the vault, also when the vault was changed behind its back. */
import assert from "node:assert/strict";
import { writeSecret } from "../actors/persona/platforms/bluesky/secret.ts";
import { freshDatabase, skips } from "./database.ts";
import { ada, runSupervisor } from "./running_supervisor.ts";

const DID = "did:plc:aaaaaaaaaaaaaaaaaaaaaaaa";

/** A server that takes only tokens of its latest session, and knows one handle. */
function smallPds() {
  let sessions = 0;
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, async (request) => {
    await request.body?.cancel();
    const method = new URL(request.url).pathname.split("/").at(-1);
    if (method === "com.atproto.server.refreshSession") {
      sessions++;
      return Response.json({ did: DID, accessJwt: `access-${sessions}`, refreshJwt: `refresh-${sessions}` });
    }
    if (sessions === 0 || request.headers.get("authorization") !== `Bearer access-${sessions}`) {
      return Response.json({ error: "ExpiredToken", message: "expired" }, { status: 400 });
    }
    return method === "com.atproto.identity.resolveHandle"
      ? Response.json({ did: "did:plc:bbbbbbbbbbbbbbbbbbbbbbbb" })
      : Response.json({ notifications: [] });
  });
  return { origin: `http://127.0.0.1:${server.addr.port}`, stop: () => server.shutdown() };
}

Deno.test("a renewed session when the vault holds a later version: refused once, then kept", async () => {
  if (await skips("embedded")) return;
  const database = await freshDatabase();
  const pds = smallPds();
  const running = await runSupervisor(database);
  try {
    const id = crypto.randomUUID();
    const connectionId = crypto.randomUUID();
    const name = `connection:${connectionId}`;
    const expired = writeSecret({
      identifier: DID,
      password: "app-password",
      session: { accessJwt: "access-0", refreshJwt: "refresh-0" },
    });
    await running.vault.put(name, 0, expired);
    await running.send(id, {
      type: "create",
      identity: { ...ada, operatedBy: "Fern Works" },
      origin: "form",
    });
    await running.send(id, {
      type: "link",
      connection: {
        connectionId,
        platform: "bluesky",
        accountId: DID,
        handle: "ada.test",
        service: pds.origin,
        disclosure: "profile_label",
      },
    });
    const composed = await running.send(id, { type: "compose", platform: "bluesky", brief: "bark" });
    const postId = String(composed.kind === "committed" && composed.events[0]?.data.postId);
    await running.event((event) => event.type === "DraftPrepared");
    assert.equal((await running.vault.put(name, 1, expired)).ok, true);
    const prepared = (revision: number) =>
      running.event((event) =>
        ["DraftPrepared", "PreparationFailed"].includes(event.type) && event.data.revision === revision
      );
    await running.send(id, { type: "revise", postId, text: "Hello @bob.test" });
    assert.equal((await prepared(2)).type, "PreparationFailed", "the vault has another version");
    await running.send(id, { type: "revise", postId, text: "Good morning @bob.test" });
    assert.equal((await prepared(3)).type, "DraftPrepared", running.reports.join("\n"));
    assert.match((await running.vault.get(name))?.value ?? "", /access-\d/);
  } finally {
    await running.close();
    await pds.stop();
    await database.drop();
  }
});
