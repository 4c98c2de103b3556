/** The same in real workers: supervisor, cells, Postgres and all, on the real clock; a few runs, and `-- --cycles=20` more. */
import assert from "node:assert/strict";
import { connectionSecret } from "../../actors/persona/platforms/registry.ts";
import type { StoredEvent } from "../../db/log/log.ts";
import { type FreshDatabase, freshDatabase, skips } from "../database.ts";
import { ada, type Running, runSupervisor } from "../running_supervisor.ts";
import { SimRandom } from "../simulation/random.ts";
import { CAPABILITIES } from "./capabilities.ts";
import { Pictures } from "./pictures.ts";
import { openPlay } from "./plays.ts";
import type { Stage, StageName, StageOptions, StagePlay } from "./stage.ts";
import { addressOf } from "./stage.ts";
import { attemptsIn, counted, howOf, told } from "./tally.ts";

const CYCLES = Number(/^--cycles=(\d{1,3})$/m.exec(Deno.args.join("\n"))?.[1] ?? 0);
/** Where nothing else is asked for: each fault once, and two where that says as much. */
const FEW: Partial<Record<StageName, number>> = { "linkedin-member": 2, bluesky: 2 };
/** ms for a post that has to be looked for once. */
const LIMIT_MS = 40_000;
/** What is settled at the first look: on the real clock nobody waits for a second one. */
const FAULTS: Partial<Record<StageName, string[]>> = {
  x: ["slow", "reset_after", "half_body", "html_502_after", "no_id"],
  "linkedin-page": ["slow", "reset_after", "half_answer", "bad_gateway_after", "without_id"],
  "linkedin-member": ["slow", "reset_after", "half_answer", "bad_gateway_after", "without_id"],
  sandbox: ["delay", "drop_after", "half", "server_error_after", "repeat"],
  bluesky: ["delay", "drop after", "half", "500", "repeat"],
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
    const began = performance.now();
    const lives: Life[] = [];
    try {
      const cycles = CYCLES > 0 ? CYCLES : FEW[play.name] ?? faults.length;
      for (let cycle = 0; cycle < cycles; cycle++) {
        const database = await freshDatabase();
        try {
          lives.push(await lived(play, database, faults[cycle % faults.length] ?? "", cycle));
        } finally {
          await database.drop();
        }
      }
    } finally {
      console.log(linesOf(play.name, lives, performance.now() - began));
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

/** What came of one cycle. */
interface Life {
  parts: number;
  how: string;
  attempts: number;
  doubts: number;
  struck: string[];
}

function linesOf(name: StageName, lives: Life[], ms: number): string {
  const sum = (of: (life: Life) => number) => lives.reduce((all, life) => all + of(life), 0);
  return [
    `${name} in real workers: ${lives.length} runs in ${(ms / 1_000).toFixed(1)} s, ${
      sum(({ parts }) => parts)
    } parts out, each once`,
    `  ${sum(({ attempts }) => attempts)} attempts, ${sum(({ doubts }) => doubts)} of them in doubt`,
    `  posts ended: ${told(counted(lives.map(({ how }) => `published (${how})`)))}`,
    `  struck: ${told(counted(lives.flatMap(({ struck }) => struck)))}`,
  ].join("\n");
}

/** One supervisor, one persona, one post that meets one fault. */
async function lived(play: StagePlay, database: FreshDatabase, fault: string, cycle: number): Promise<Life> {
  const run = play.faults.indexOf(fault);
  assert.notEqual(run, -1, fault);
  const stage = await play.open(plainly(play, cycle, run));
  const running = await runSupervisor(database);
  if (stage.webOrigin !== undefined) running.actor.linkedIn.webOrigin = stage.webOrigin;
  try {
    const personaId = await linked(running, stage);
    // Where a thread broke off on X, its rest is looked for twice, a minute apart.
    const isThread = CAPABILITIES[play.name].keyed || (play.name === "x" && fault === "slow");
    const parts = Array.from({ length: isThread ? 2 : 1 }, (_, part) => ({
      text: `${fault} ${cycle}, part ${part} & more`,
    }));
    const { sent, how } = await publishedOne(running, stage, play.name, personaId, parts);
    const struck = stage.struck();
    assert.ok(struck.includes(fault), `${fault} struck`);
    const made = await Promise.all(parts.map(({ text }) => stage.said(text)));
    assert.deepEqual(made.map((all) => all.length), parts.map(() => 1), `${fault}: ${how}`);
    for (const [part, [post]] of made.entries()) {
      assert.ok(post?.visible && sent[part]?.id.includes(post.id), `${fault}: part ${part}`);
    }
    const events = await running.log.readStream(personaId, 0, 1_000);
    const all = JSON.stringify(events) + running.reports.join("");
    for (const secret of stage.secrets()) assert.ok(!all.includes(secret), "no secret is told");
    return { parts: parts.length, how, ...attemptsIn(events), struck };
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
  stageName: StageName,
  personaId: string,
  parts: { text: string }[],
): Promise<{ sent: { id: string }[]; how: string }> {
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
  const ends = ["PostPublished", "PublishRejected", "PostHeldBack"];
  const readsBack = CAPABILITIES[stageName].readsBack;
  let ended = await running.event(about(readsBack ? ends : [...ends, "PublishUncertain"]), LIMIT_MS);
  if (ended.type === "PublishUncertain") {
    // Where posts cannot be read back a person looks, and says what is so.
    const [post] = await stage.said(parts[0]?.text ?? "");
    assert.ok(post, "it is out, and nobody was told");
    const said = await running.send(personaId, {
      type: "resolve",
      postId,
      outcome: "went_out",
      url: addressOf(post),
    });
    assert.equal(said.kind, "committed", JSON.stringify(said));
    ended = await running.event(about(ends), LIMIT_MS);
  }
  assert.equal(ended.type, "PostPublished", JSON.stringify(ended.data));
  return { sent: ended.data.sent as { id: string }[], how: howOf(ended) };
}
