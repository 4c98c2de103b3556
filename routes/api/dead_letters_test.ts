import { deepEqual, equal } from "node:assert/strict";
import { putAside } from "../../tests/dead_letters.ts";
import { testApi } from "./test_api.ts";

testApi("commands that failed twice are listed with what was asked, retried and dropped", async (api) => {
  const id = await api.persona();
  const other = await api.persona();
  const pause = await putAside(api, id, { type: "pause" }, { by: "user:ann", reason: "out of memory" });
  const resume = await putAside(api, id, { type: "resume" });
  const retire = await putAside(api, other, { type: "retire" });
  const at = `/api/v1/personas/${id}`;
  const list = async (path: string) => (await api.call("GET", path)).body;

  const page = await list(`${at}/dead-letters?limit=1`);
  deepEqual(page.items.map((one: { id: string }) => one.id), [resume]);
  const next = await list(`${at}/dead-letters?limit=1&after=${page.next}`);
  equal(next.next, null);
  const { commandId, at: time, position, ...first } = next.items[0];
  deepEqual(first, {
    id: pause,
    persona: id,
    personaName: "Mira Holt",
    type: "pause",
    by: "user:ann",
    reason: "out of memory",
    crashes: 2,
    status: "open",
    command: { type: "pause" },
  });
  deepEqual([typeof commandId, typeof position, Date.parse(time) > 0], ["string", "number", true]);
  deepEqual((await list("/api/v1/dead-letters")).items.map((one: { id: string }) => one.id), [
    retire,
    resume,
    pause,
  ]);

  const command = (type: string, deadLetterId: string) =>
    api.call("POST", `${at}/commands`, { type, deadLetterId });
  const retried = await command("retry_dead_letter", pause);
  deepEqual([retried.status, retried.body.events.map((one: { type: string }) => one.type)], [
    200,
    ["DeadLetterRetried", "PersonaPaused"],
  ]);
  equal((await command("drop_dead_letter", resume)).status, 200);
  deepEqual((await list(`${at}/dead-letters?status=open`)).items, []);
  deepEqual(
    (await list(`${at}/dead-letters?status=retried,dropped`)).items.map((one: { status: string }) =>
      one.status
    ),
    ["dropped", "retried"],
  );
  for (const type of ["retry_dead_letter", "drop_dead_letter"]) {
    const again = await command(type, pause);
    deepEqual([again.status, again.body.code, again.body.field], [404, "not_found", "deadLetterId"]);
    const foreign = await command(type, retire);
    deepEqual([foreign.status, foreign.body.code], [404, "not_found"], "another persona's");
    const odd = await command(type, "../x");
    deepEqual([odd.status, odd.body.field], [400, "deadLetterId"]);
  }
  const missing = await api.call("GET", `/api/v1/personas/${crypto.randomUUID()}/dead-letters`);
  equal(missing.status, 404);
  equal((await api.call("GET", `${at}/dead-letters?status=lost`)).status, 400);

  await api.call("DELETE", `/api/v1/personas/${other}`);
  deepEqual((await list("/api/v1/dead-letters?status=open")).items, [], "they go with their persona");
});

testApi("a retry needs the right that the command itself needs", async (api) => {
  const id = await api.persona();
  const { postId, contentHash } = await api.draft(id);
  const approve = await putAside(api, id, { type: "approve", postId, contentHash }, { by: "user:ann" });
  const pause = await putAside(api, id, { type: "pause" }, { by: "user:ann" });
  const at = `/api/v1/personas/${id}/commands`;
  const [read, write, may] = [
    await api.token("read"),
    await api.token("read", "write"),
    await api.token("read", "approve"),
  ];
  const retry = async (deadLetterId: string, token: Record<string, string>) =>
    (await api.call("POST", at, { type: "retry_dead_letter", deadLetterId }, token)).status;
  const statuses: number[] = [];
  for (const token of [read, write, may]) statuses.push(await retry(approve, token));
  deepEqual(statuses, [403, 403, 200]);
  deepEqual([await retry(pause, read), await retry(pause, may), await retry(pause, write)], [403, 403, 200]);
  const post = (await api.call("GET", `/api/v1/posts/${postId}`)).body;
  deepEqual([post.status, post.approval.via], ["approved", "token"], "it is the approval of who retried");
});
