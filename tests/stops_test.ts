/** Stops, with real cells and workers on a real database: what each holds, how soon, over a restart, and what goes out then. */
import { unlike } from "./crash/unlike.ts";
import assert from "node:assert/strict";
import type { Stop, StopScope } from "../actors/supervisor/supervisor_port.ts";
import { type FreshDatabase, testOn } from "./database.ts";
import { ada, type Running, runSupervisor } from "./running_supervisor.ts";
import { admin, commands, linkReal, testSite } from "./whole_app.ts";

/** What the issue promises: from a stop to the last thing that goes out. */
const EFFECTIVE_MS = 2_000;

interface Post {
  personaId: string;
  postId: string;
  contentHash: string;
}

async function persona(running: Running, name: string): Promise<string> {
  const id = crypto.randomUUID();
  const created = await running.send(id, { type: "create", identity: { ...ada, name }, origin: "form" });
  assert.equal(created.kind, "committed", running.reports.join("\n"));
  assert.equal((await running.linking.linkSandbox(id, "user:test")).kind, "linked");
  return id;
}

/** A post that waits for review. */
async function written(running: Running, personaId: string): Promise<Post> {
  const postId = crypto.randomUUID();
  const parts = [{ text: unlike(Math.random) }];
  const asked = await running.send(personaId, { type: "write", platform: "sandbox", parts, postId });
  assert.equal(asked.kind, "committed", running.reports.join("\n"));
  const draft = await running.event(({ type, data }) => type === "DraftWritten" && data.postId === postId);
  await running.event(({ type, data }) => type === "PostSubmitted" && data.postId === postId);
  return { personaId, postId, contentHash: String(draft.data.contentHash) };
}

async function publish(running: Running, { personaId, postId, contentHash }: Post): Promise<void> {
  const answer = await running.send(personaId, {
    type: "approve",
    postId,
    contentHash,
    then: { kind: "publish" },
  });
  assert.equal(answer.kind, "committed", JSON.stringify(answer));
}

const published = (running: Running, { postId }: Post, ms?: number) =>
  running.event(({ type, data }) => type === "PostPublished" && data.postId === postId, ms);

/** How often each of `types` happened to a post. */
async function times(running: Running, { personaId, postId }: Post, ...types: string[]): Promise<number[]> {
  const events = await running.log.readStream(personaId, 0, 1_000);
  return types.map((type) => events.filter((one) => one.type === type && one.data.postId === postId).length);
}

/** Everything that `personaId` was told before is through it: nothing of that is on its way any more. */
async function settled(running: Running, personaId: string): Promise<void> {
  for (const purpose of ["one", "two"]) {
    assert.equal((await running.send(personaId, { type: "edit", changes: { purpose } })).kind, "committed");
  }
}

function stopTest(name: string, test: (running: Running, database: FreshDatabase) => Promise<void>): void {
  testOn("embedded", name, async (database) => {
    const running = await runSupervisor(database);
    try {
      await test(running, database);
    } finally {
      await running.close();
    }
  });
}

/** Resolves when `count` further posts are out. */
function allPublished(running: Running, count: number): Promise<void> {
  return new Promise((resolve) => {
    const stop = running.log.subscribe((events) => {
      count -= events.filter(({ type }) => type === "PostPublished").length;
      if (count > 0) return;
      stop();
      resolve();
    });
  });
}

const of = (post: Post): StopScope => ({
  kind: "post",
  personaId: post.personaId,
  postId: post.postId,
});

stopTest("one post stopped: the others go out; lifted it goes out, once", async (running, database) => {
  const [one, other] = [await persona(running, "Ada Fern"), await persona(running, "Bo Reed")];
  const [held, beside] = [await written(running, one), await written(running, one)];
  const elsewhere = await written(running, other);
  await running.supervisor.stop(of(held), "user:test", "a typo");
  for (const post of [held, beside, elsewhere]) await publish(running, post);
  await published(running, beside);
  await published(running, elsewhere);
  await settled(running, one);
  assert.deepEqual(await times(running, held, "PublishRequested", "PublishAttempted"), [1, 0]);
  await running.supervisor.lift(of(held), "user:test");
  await published(running, held);
  assert.deepEqual(await times(running, held, "PublishAttempted", "PostPublished"), [1, 1]);
  assert.equal((await database.sql.query("select id from sandbox_post where reply_to is null")).length, 3);
});

stopTest("one persona stopped: others go out; lifted it goes out, once", async (running, database) => {
  const [one, other] = [await persona(running, "Ada Fern"), await persona(running, "Bo Reed")];
  const [held, elsewhere] = [await written(running, one), await written(running, other)];
  const scope: StopScope = { kind: "persona", personaId: one };
  await running.supervisor.stop(scope, "user:test", "not itself");
  for (const post of [held, elsewhere]) await publish(running, post);
  await published(running, elsewhere);
  // It writes on meanwhile.
  const second = await written(running, one);
  await publish(running, second);
  await settled(running, one);
  for (const post of [held, second]) assert.deepEqual(await times(running, post, "PublishAttempted"), [0]);
  await running.supervisor.lift(scope, "user:test");
  for (const post of [held, second]) {
    await published(running, post);
    assert.deepEqual(await times(running, post, "PublishAttempted", "PostPublished"), [1, 1]);
  }
  assert.equal((await database.sql.query("select id from sandbox_post where reply_to is null")).length, 3);
});

stopTest("a narrower stop stays when a wider one is lifted", async (running) => {
  const id = await persona(running, "Ada Fern");
  const [held, free] = [await written(running, id), await written(running, id)];
  await running.supervisor.stop(of(held), "user:test", "a typo");
  await running.supervisor.stop({ kind: "all" }, "user:test", "everything");
  for (const post of [held, free]) await publish(running, post);
  await settled(running, id);
  assert.deepEqual(await times(running, free, "PublishAttempted"), [0]);
  await running.supervisor.lift({ kind: "all" }, "user:test");
  await published(running, free);
  await settled(running, id);
  assert.deepEqual(await times(running, held, "PublishAttempted"), [0]);
  await running.supervisor.lift(of(held), "user:test");
  await published(running, held);
});

testSite(
  "one platform stopped: the other's posts go out; only a person lifts it, and then it is sent",
  async (site) => {
    const { call, tokens, createPersona, waiting, event, ownerCookie, log } = site;
    const personaId = await createPersona({ operatedBy: "Fern Street Observatory" });
    await linkReal(site, personaId);
    const stopped = await call("POST", "/api/v1/stops", { token: tokens.write ?? "" }, {
      scope: { kind: "platform", platform: "bluesky" },
      why: "the account looks odd",
    });
    assert.equal(stopped.status, 201, JSON.stringify(stopped.body));
    const real = await waiting(personaId, "bluesky");
    const sandbox = await waiting(personaId, "sandbox");
    for (const post of [real, sandbox]) {
      const approved = await call("POST", commands(personaId), { cookie: ownerCookie }, {
        type: "approve",
        ...post,
        then: { kind: "publish" },
      });
      assert.equal(approved.status, 200, JSON.stringify(approved.body));
    }
    const about = (type: string, postId: string) =>
      event((one) => one.type === type && one.data.postId === postId);
    await about("PostPublished", sandbox.postId);
    const attempted = async () =>
      (await log.readStream(personaId, 0, 1_000)).some(({ type, data }) =>
        type === "PublishAttempted" && data.postId === real.postId
      );
    assert.equal(await attempted(), false);
    const path = "/api/v1/stops?kind=platform&platform=bluesky";
    for (const who of [admin, { token: tokens.everyScope ?? "" }]) {
      assert.equal((await call("DELETE", path, who)).status, 403);
    }
    assert.equal(site.supervisor.stops().length, 1);
    assert.equal((await call("DELETE", path, { cookie: ownerCookie })).status, 204);
    await about("PublishAttempted", real.postId);
  },
);

stopTest(
  "all posting stopped while commands flood every persona: nothing goes out 2 s later; lifted, each once",
  async (running, database) => {
    const ids = [await persona(running, "Ada Fern"), await persona(running, "Bo Reed")];
    const posts: Post[] = [];
    for (const id of ids) {
      posts.push(...await Promise.all(Array.from({ length: 20 }, () => written(running, id))));
    }
    let flooding = true;
    let answered = 0;
    const flood = async (id: string, lane: number) => {
      for (let n = 0; flooding; n++) {
        await running.send(id, { type: "edit", changes: { purpose: `lane ${lane}, ${n}` } });
        answered++;
      }
    };
    const out = async () =>
      await database.sql.query<{ at: string }>(
        "select created_at as at from sandbox_post where reply_to is null order by created_at desc",
      );
    let sent: { at: string }[] = [];
    const lanes = ids.flatMap((id) => Array.from({ length: 25 }, (_, lane) => flood(id, lane)));
    try {
      for (const post of posts) void publish(running, post);
      await running.event(({ type }) => type === "PostPublished", 60_000);
      const before = answered;
      const stoppedAt = Date.now();
      await running.supervisor.stop({ kind: "all" }, "user:test", "too much");
      const durableMs = Date.now() - stoppedAt;
      // The flood goes on past what was promised.
      while (Date.now() < stoppedAt + EFFECTIVE_MS + 1_500) await settled(running, ids[0] ?? "");
      sent = await out();
      const late = sent.filter(({ at }) => Date.parse(at) > stoppedAt + EFFECTIVE_MS);
      assert.deepEqual(late, [], `${late.length} went out too late`);
      assert.ok(sent.length > 0 && sent.length < posts.length, `${sent.length} of ${posts.length} were out`);
      assert.ok(durableMs < EFFECTIVE_MS, `durable after ${durableMs} ms`);
      assert.ok(answered > before + 50, `${answered - before} commands were answered meanwhile`);
    } finally {
      flooding = false;
      await Promise.all(lanes);
    }
    const all = allPublished(running, posts.length - sent.length);
    await running.supervisor.lift({ kind: "all" }, "user:test");
    await all;
    assert.equal((await out()).length, posts.length);
    const counts = await database.sql.query<{ post: string; n: number }>(
      "select data->>'postId' as post, count(*) as n from event where type = 'PostPublished' group by 1",
    );
    assert.deepEqual(counts.map(({ post }) => post).sort(), posts.map(({ postId }) => postId).sort());
    assert.ok(counts.every(({ n }) => n === 1), "each once");
  },
);

testOn(
  "embedded",
  "stops over a restart: all are there with who and why, and hold until lifted",
  async (database) => {
    const dataDir = await Deno.makeTempDir({ prefix: "dp-" });
    const first = await runSupervisor(database, { dataDir });
    const posts: Post[] = [];
    let before: readonly Stop[] = [];
    const scopes: StopScope[] = [];
    try {
      const [one, other] = [await persona(first, "Ada Fern"), await persona(first, "Bo Reed")];
      posts.push(await written(first, one), await written(first, one), await written(first, other));
      scopes.push(of(posts[0] as Post), { kind: "persona", personaId: other });
      for (const scope of scopes) await first.supervisor.stop(scope, "user:test", `why ${scope.kind}`);
      await publish(first, posts[0] as Post);
      before = first.supervisor.stops();
    } finally {
      await first.close();
    }
    const again = await runSupervisor(database, { dataDir });
    try {
      assert.deepEqual(again.supervisor.stops(), before);
      assert.deepEqual(before.map(({ by, why }) => [by, why]), [
        ["user:test", "why persona"],
        ["user:test", "why post"],
      ]);
      const [held, free, elsewhere] = posts as [Post, Post, Post];
      for (const post of [free, elsewhere]) await publish(again, post);
      await published(again, free);
      for (const post of [held, elsewhere]) {
        await settled(again, post.personaId);
        assert.deepEqual(await times(again, post, "PublishAttempted"), [0]);
      }
      for (const scope of scopes) await again.supervisor.lift(scope, "user:test");
      for (const post of [held, elsewhere]) {
        await published(again, post, 30_000);
        assert.deepEqual(await times(again, post, "PublishAttempted", "PostPublished"), [1, 1]);
      }
      assert.equal(
        (await database.sql.query("select id from sandbox_post where reply_to is null")).length,
        3,
      );
    } finally {
      await again.close();
      await Deno.remove(dataDir, { recursive: true });
    }
  },
);
