import assert from "node:assert/strict";
import { freshDatabase, skips } from "./database.ts";
import { newPersona, runSupervisor, supervisorTest } from "./running_supervisor.ts";

/** The cells of this process: their process ids. */
async function cells(): Promise<number[]> {
  const pids: number[] = [];
  for await (const { name } of Deno.readDir("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const parent = /^PPid:\s+(\d+)$/m.exec(await Deno.readTextFile(`/proc/${name}/status`))?.[1];
      const command = await Deno.readTextFile(`/proc/${name}/cmdline`);
      if (Number(parent) === Deno.pid && command.includes("actors/cell/main.ts")) pids.push(Number(name));
    } catch (error) {
      // It ended while we looked.
      if (!(error instanceof Deno.errors.NotFound) && !/ESRCH|No such process/.test(String(error))) {
        throw error;
      }
    }
  }
  return pids;
}

supervisorTest(
  "a killed cell: what was acknowledged is there, and what was in hand is done once",
  async (running) => {
    const id = await newPersona(running);
    for (let round = 0; round < 3; round++) {
      const [pid] = await cells();
      assert.ok(pid !== undefined);
      const answers = Array.from(
        { length: 20 },
        (_, n) => running.send(id, { type: "edit", changes: { purpose: `round ${round}, purpose ${n}` } }),
      );
      Deno.kill(pid, "SIGKILL");
      for (const answer of await Promise.all(answers)) {
        assert.equal(
          answer.kind,
          "committed",
          JSON.stringify(answer),
        );
      }
    }
    const events = await running.log.readStream(id, 0, 1_000);
    const edits = events.filter((event) => event.type === "PersonaEdited");
    assert.equal(edits.length, 60, "each command once");
    assert.deepEqual(events.map((event) => event.version), events.map((_, index) => index + 1));
  },
);

supervisorTest(
  "a repeated command with its id is answered from the log, also after the cell was killed",
  async (running) => {
    const id = await newPersona(running);
    const sender = { by: "token:t", id: "the-same-key", mayBeRepeated: true };
    const command = { type: "edit", changes: { purpose: "once" } } as const;
    const first = await running.supervisor.send(id, command, sender);
    for (const pid of await cells()) Deno.kill(pid, "SIGKILL");
    const second = await running.supervisor.send(id, command, sender);
    assert.equal(first.kind, "committed");
    assert.deepEqual(second, { ...first, repeated: true });
    const other = await running.supervisor.send(id, { type: "pause" }, sender);
    assert.deepEqual(other, { kind: "id_reused" });
    const refusal = { by: "token:t", id: "a-refused-key", mayBeRepeated: true };
    const refused = await running.supervisor.send(id, { type: "resume" }, refusal);
    assert.equal(refused.kind, "refused");
    await running.send(id, { type: "pause" });
    const still = await running.supervisor.send(id, { type: "resume" }, refusal);
    assert.deepEqual(
      still,
      { ...refused, repeated: true },
      "the refusal holds although it would be taken now",
    );
  },
);

supervisorTest("a second program on the same database is refused", async (_, database) => {
  await assert.rejects(() => runSupervisor(database), /writ/i);
});

Deno.test("more personas than may be live: all answer, the idle ones sleep", async () => {
  if (await skips("embedded")) return;
  const database = await freshDatabase();
  const running = await runSupervisor(database, { maxLive: 3 });
  try {
    const ids: string[] = [];
    for (let n = 0; n < 8; n++) ids.push(await newPersona(running));
    for (const id of ids) {
      const answer = await running.send(id, { type: "edit", changes: { purpose: "awake again" } });
      assert.equal(answer.kind, "committed");
    }
    const live = running.supervisor.statuses().filter((status) => status.state !== "asleep");
    assert.ok(live.length < ids.length, `${live.length} of ${ids.length} are live`);
    const snapshots = await database.sql.query("select stream from snapshot");
    assert.ok(snapshots.length > 0, "who fell asleep left a snapshot");
  } finally {
    await running.close();
    await database.drop();
  }
});

supervisorTest(
  "all posting stopped: nothing goes out, what was asked goes out when a person lifts it",
  async (running) => {
    const id = await newPersona(running);
    await running.linking.linkSandbox(id, "user:test");
    const composed = await running.send(id, { type: "compose", platform: "sandbox", brief: "bark" });
    assert.equal(composed.kind, "committed");
    const draft = await running.event((event) => event.type === "DraftComposed");
    await running.event((event) => event.type === "PostSubmitted");
    const { postId, contentHash } = draft.data as { postId: string; contentHash: string };
    await running.supervisor.stop({ kind: "all" }, "user:test", "something is wrong");
    await running.send(id, { type: "approve", postId, contentHash, then: { kind: "publish" } });
    await running.send(id, {
      type: "edit",
      changes: { purpose: "a command after the publish was asked for" },
    });
    const before = await running.log.read(0, 1_000);
    assert.ok(before.some((event) => event.type === "PublishRequested"));
    assert.ok(!before.some((event) => event.type === "PublishAttempted"), "no attempt while it is stopped");
    await running.supervisor.lift({ kind: "all" }, "user:test");
    await running.event((event) => event.type === "PostPublished" && event.data.postId === postId);
  },
);

supervisorTest(
  "a cell has no secret in its arguments or environment, and its workers read nothing",
  async (running) => {
    const id = await newPersona(running);
    await running.linking.linkSandbox(id, "user:test");
    await running.send(id, { type: "edit", changes: { purpose: "awake" } });
    const rows = await running.log.readStream(id, 0, 100);
    const connectionId = String(rows.find((event) => event.type === "ConnectionLinked")?.data.connectionId);
    const secret = await running.vault.get(`connection:${connectionId}`);
    assert.ok(secret !== null && secret.value.length > 20);
    for (const pid of await cells()) {
      const seen = await Deno.readTextFile(`/proc/${pid}/cmdline`) +
        await Deno.readTextFile(`/proc/${pid}/environ`);
      assert.ok(!seen.includes(secret.value));
      const names = (await Deno.readTextFile(`/proc/${pid}/environ`)).split("\0").map((line) =>
        line.split("=")[0]
      );
      assert.deepEqual(
        names.filter((name) => !["HOME", "DENO_DIR", "XDG_CACHE_HOME", ""].includes(name ?? "")),
        [],
      );
    }
  },
);

supervisorTest(
  "linking with a key that was used before links nothing a second time",
  async (running, database) => {
    const id = await newPersona(running);
    const first = await running.linking.linkSandbox(id, "token:t", "link-key");
    const again = await running.linking.linkSandbox(id, "token:t", "link-key");
    assert.equal(first.kind, "linked");
    assert.deepEqual(again, first);
    const accounts = await database.sql.query("select id from sandbox_account");
    assert.equal(accounts.length, 1);
    const other = await running.linking.linkSandbox(await newPersona(running), "token:t", "link-key");
    assert.deepEqual(other.kind === "refused" && other.code, "id_reused");
  },
);

supervisorTest("a post's id belongs to the persona that took it first", async (running, database) => {
  const [one, other] = [await newPersona(running), await newPersona(running)];
  for (const id of [one, other]) await running.linking.linkSandbox(id, "user:test");
  const postId = crypto.randomUUID();
  const compose = { type: "compose", platform: "sandbox", brief: "bark", postId } as const;
  assert.equal((await running.send(one, compose)).kind, "committed");
  const refused = await running.send(other, compose);
  assert.equal(refused.kind === "refused" && refused.refusal.code, "exists");
  const owners = await database.sql.query("select stream from post where id = $1", [postId]);
  assert.deepEqual(owners, [{ stream: one }]);
});
