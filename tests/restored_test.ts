import assert from "node:assert/strict";
import { join } from "node:path";
import { skips } from "./database.ts";
import type { RunningProgram } from "./program.ts";
import { startProgram, until } from "./program.ts";

async function task(name: string, file: string, dataDir: string): Promise<string> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["task", "--quiet", name, file],
    env: { DATA_DIR: dataDir, NO_COLOR: "1" },
  }).output();
  const text = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
  assert.equal(code, 0, `${name}: ${text}`);
  return text;
}

/** A persona on the sandbox with a post that goes out in `inMs`; its ids. */
async function scheduled(program: RunningProgram, inMs: number): Promise<{ persona: string; post: string }> {
  const persona = (await program.call("POST", "/api/v1/personas", { body: { name: "Ada Fern" } })).json.id;
  const at = `/api/v1/personas/${persona}`;
  await program.call("POST", `${at}/connections`, { body: { platform: "sandbox" } });
  const command = (body: unknown) => program.call("POST", `${at}/commands`, { body });
  await command({ type: "compose", platform: "sandbox", brief: "bark" });
  const first = async () => (await program.call("GET", `${at}/posts`)).json.items[0];
  await until("the draft", async () => (await first())?.status === "pending_review");
  const { id, contentHash } = await first();
  assert.equal((await command({ type: "approve", postId: id, contentHash })).status, 200);
  const slot = new Date(Date.now() + inMs).toISOString();
  assert.equal(
    (await command({ type: "schedule", postId: id, at: slot, zone: "Europe/Lisbon" })).status,
    200,
  );
  return { persona, post: id };
}

Deno.test("a restored copy: nothing goes out, what was due is in doubt, until a person says go", async () => {
  if (await skips("embedded")) return;
  const original = await startProgram();
  const file = join(original.dataDir, "backup.dp");
  const copyDir = await Deno.makeTempDir({ prefix: "digi-persona-life-" });
  let copy: RunningProgram | null = null;
  try {
    const { persona, post } = await scheduled(original, 4_000);
    const statusIn = async (program: RunningProgram) =>
      (await program.call("GET", `/api/v1/posts/${post}`)).json.status;
    const said = await task("backup", file, join(original.dataDir, "data"));
    assert.match(said, /key of the vault is not in it/);
    // The original goes on, and the post goes out from it.
    await until("the post to go out", async () => await statusIn(original) === "published", 20_000);
    await original.setUpOwner();
    await original.stop();

    await task("restore", file, join(copyDir, "data"));
    await Deno.copyFile(join(original.dataDir, "data", "vault.key"), join(copyDir, "data", "vault.key"));
    copy = await startProgram({ dataDir: copyDir });
    const { json: posting } = await copy.call("GET", "/api/v1/posting");
    assert.equal(posting.stopped, true);
    assert.match(posting.why, /copy/);
    await until("the doubt", async () => copy !== null && await statusIn(copy) === "uncertain");
    assert.equal((await copy.call("POST", "/api/v1/posting/lift")).status, 403, "a token lifts no stop");
    const cookie = await copy.setUpOwner();
    assert.equal((await copy.call("POST", "/api/v1/posting/lift", { as: { cookie } })).status, 200);
    // A person has looked: it went out from the original.
    const resolved = await copy.call("POST", `/api/v1/personas/${persona}/commands`, {
      body: { type: "resolve", postId: post, outcome: "went_out" },
    });
    assert.equal(resolved.status, 200, resolved.text);
    assert.equal(await statusIn(copy), "published");
    const events = (await copy.call("GET", "/api/v1/events?limit=200")).json.items;
    assert.ok(
      !events.some((event: { type: string }) => event.type === "PublishAttempted"),
      "the copy sent nothing",
    );
    await copy.restart();
    assert.equal((await copy.call("GET", "/api/v1/posting")).json.stopped, false, "it is no copy any more");
  } finally {
    await copy?.dispose();
    await original.dispose();
  }
});
