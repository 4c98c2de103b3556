/** The same in real workers: supervisor, cells, Postgres and all, on the real clock; a few runs, and `-- --cycles=20` more. */
import assert from "node:assert/strict";
import { connectionSecret } from "../../actors/persona/platforms/registry.ts";
import type { StoredEvent } from "../../db/log/log.ts";
import { type FreshDatabase, freshDatabase, skips } from "../database.ts";
import { ada, type Running, runSupervisor } from "../running_supervisor.ts";
import { SimRandom } from "../simulation/random.ts";
import { Pictures } from "./pictures.ts";
import { openPlay } from "./plays.ts";
import type { Stage, StageName, StageOptions, StagePlay } from "./stage.ts";

const CYCLES = Number(/^--cycles=(\d{1,3})$/m.exec(Deno.args.join("\n"))?.[1] ?? 5);
/** ms for a post that has to be looked for once. */
const LIMIT_MS = 40_000;
/** What is settled at the first look: on the real clock nobody waits for a second one. */
const FAULTS: Partial<Record<StageName, string[]>> = {
  x: ["slow", "reset_after", "half_body", "html_502_after", "no_id"],
  "linkedin-page": ["slow", "reset_after", "half_answer", "bad_gateway_after", "without_id"],
  sandbox: ["delay", "drop_after", "half", "server_error_after", "repeat"],
};

/** Takes the first of everything: no lag, nothing else that is slow. */
class Plain extends SimRandom {
  override pick<T>(list: readonly T[]): T {
    return list[0] as T;
  }

  override chance(): boolean {
    return false;
  }
}

for (const [name, faults] of Object.entries(FAULTS)) {
  Deno.test(`publishing on ${name} in real workers: each post is out once, and known to be`, async () => {
    const play = await openPlay(name as StageName);
    if (play === null || await skips("embedded")) return await play?.close();
    try {
      for (let cycle = 0; cycle < CYCLES; cycle++) {
        const database = await freshDatabase();
        try {
          await lived(play, database, faults[cycle % faults.length] ?? "", cycle);
        } finally {
          await database.drop();
        }
      }
    } finally {
      await play.close();
    }
  });
}

// The same is asked of the other adapters beside them.
Deno.test("the sandbox's adapter in a worker reaches its connection's host and no other", async () => {
  const play = await openPlay("sandbox");
  if (play === null) return;
  const stage = await play.open(plainly(play, 0, 0));
  let reached = 0;
  const other = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, () => {
    reached++;
    return Response.json({});
  });
  const { connection, secret } = await stage.link("c1");
  const worker = new Worker(new URL("./sandbox_worker.ts", import.meta.url), {
    type: "module",
    deno: { permissions: { net: [new URL(connection.service).host] } },
  });
  try {
    const answer = new Promise<unknown>((resolve, reject) => {
      worker.onmessage = ({ data }) => resolve(data);
      worker.onerror = (error) => {
        error.preventDefault();
        reject(new Error(error.message));
      };
    });
    const record = { text: "From a worker", language: "en", createdAt: new Date().toISOString() };
    worker.postMessage({
      context: { account: connection, secret },
      payload: { keys: ["k1"], records: [record] },
      elsewhere: `http://127.0.0.1:${other.addr.port}`,
    });
    assert.deepEqual(await answer, { own: "sent", elsewhere: "not_sent" });
    assert.equal((await stage.said("From a worker")).length, 1);
    assert.equal(reached, 0);
  } finally {
    worker.terminate();
    await other.shutdown();
    await stage.close();
    await play.close();
  }
});

/** One supervisor, one persona, one post that meets one fault. */
async function lived(play: StagePlay, database: FreshDatabase, fault: string, cycle: number): Promise<void> {
  const run = play.faults.indexOf(fault);
  assert.notEqual(run, -1, fault);
  const stage = await play.open(plainly(play, cycle, run));
  const running = await runSupervisor(database);
  if (stage.webOrigin !== undefined) running.actor.linkedIn.webOrigin = stage.webOrigin;
  try {
    const personaId = await linked(running, stage);
    // Where a thread broke off on X, its rest is looked for twice, a minute apart.
    const isThread = play.name === "sandbox" || (play.name === "x" && fault === "slow");
    const parts = Array.from({ length: isThread ? 2 : 1 }, (_, part) => ({
      text: `${fault} ${cycle}, part ${part} & more`,
    }));
    const { sent, how } = await publishedOne(running, stage, personaId, parts);
    const made = await Promise.all(parts.map(({ text }) => stage.said(text)));
    assert.deepEqual(made.map((all) => all.length), parts.map(() => 1), `${fault}: ${how}`);
    for (const [part, [post]] of made.entries()) {
      assert.ok(post?.visible && sent[part]?.id.includes(post.id), `${fault}: part ${part}`);
    }
    const events = JSON.stringify(await running.log.readStream(personaId, 0, 1_000)) +
      running.reports.join("");
    for (const secret of stage.secrets()) assert.ok(!events.includes(secret), "no secret is told");
  } finally {
    await running.close();
    await stage.close();
  }
}

function plainly({ name }: StagePlay, cycle: number, run: number): StageOptions {
  return {
    now: Date.now,
    wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    random: new Plain(cycle, name),
    run,
    pictures: new Pictures(),
  };
}

async function linked(running: Running, stage: Stage): Promise<string> {
  const personaId = crypto.randomUUID();
  const identity = { ...ada, operatedBy: "Fern Radio" };
  const created = await running.send(personaId, { type: "create", identity, origin: "form" });
  assert.equal(created.kind, "committed", running.reports.join(" | "));
  const { connection, secret } = await stage.link(crypto.randomUUID());
  const kept = await running.vault.put(connectionSecret(connection.connectionId), 0, secret);
  assert.ok(kept.ok);
  const done = await running.send(personaId, { type: "link", connection });
  assert.equal(done.kind, "committed", JSON.stringify(done));
  return personaId;
}

async function publishedOne(
  running: Running,
  stage: Stage,
  personaId: string,
  parts: { text: string }[],
): Promise<{ sent: { id: string }[]; how: unknown }> {
  const postId = crypto.randomUUID();
  const about = (types: string[]) => (event: StoredEvent) =>
    event.stream === personaId && event.data.postId === postId && types.includes(event.type);
  const [platform] = (await running.log.readStream(personaId, 0, 10))
    .filter(({ type }) => type === "ConnectionLinked").map(({ data }) => data.platform);
  const written = await running.send(personaId, {
    type: "write",
    platform: platform as "x",
    parts,
    postId,
  });
  assert.equal(written.kind, "committed", JSON.stringify(written));
  const prepared = await running.event(
    (event) => about(["DraftWritten", "DraftPrepared"])(event) && event.data.prepared !== false,
    LIMIT_MS,
  );
  stage.trouble("publish", true);
  const contentHash = String(prepared.data.contentHash);
  const approved = await running.send(personaId, {
    type: "approve",
    postId,
    contentHash,
    then: { kind: "publish" },
  });
  assert.equal(approved.kind, "committed", JSON.stringify(approved));
  const ended = await running.event(about(["PostPublished", "PublishRejected", "PostHeldBack"]), LIMIT_MS);
  assert.equal(ended.type, "PostPublished", JSON.stringify(ended.data));
  return { sent: ended.data.sent as { id: string }[], how: ended.data.how };
}
