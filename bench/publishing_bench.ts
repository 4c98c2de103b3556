/**
 * The way of a post: command → worker → permit → sandbox over HTTP → outcome in the log; against plain PUTs to the same
 * server from one process with an append for each of the events, in the same run.
 * `deno run -A bench/publishing_bench.ts [posts of each persona]`
 */
import { ada, type Running, runSupervisor } from "../tests/running_supervisor.ts";
import { connectionSecret } from "../actors/persona/platforms/registry.ts";
import { openPostgresLog } from "../db/log/postgres_log.ts";
import { createSandboxAccount } from "../db/sandbox/sandbox.ts";
import { sandboxApp, sandboxTokenHash } from "../routes/sandbox/server.ts";
import type { FreshDatabase } from "../tests/database.ts";
import { benchDatabase } from "./database.ts";
import { median, perSecond, shownMs } from "./measure.ts";

/** Personas that publish at once; each is a worker of its own. */
const PERSONAS = 12;
/** Events that the log gets for a post between the command and its end. */
const EVENTS = 3;
const WARM_UP = 3;
const LIMIT_MS = 60_000;
/** Far beyond what is asked here. */
const RATE = { requests: 1_000_000, windowMs: 60_000 };

interface Server {
  origin: string;
  /** ms that the server itself took for a post, by its text. */
  took: Map<string, number>;
  close(): Promise<void>;
}

function serve({ sql }: FreshDatabase): Server {
  const app = sandboxApp({
    sql,
    now: Date.now,
    postUrl: (id) => `http://sandbox.test/${id}`,
    rateLimit: RATE,
  });
  const took = new Map<string, number>();
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, async (request) => {
    if (request.method !== "PUT") return await app.fetch(request);
    const began = performance.now();
    const text = await request.text();
    const { method, headers, url } = request;
    const answer = await app.request(url, { method, headers, body: text });
    took.set(String(JSON.parse(text).text), performance.now() - began);
    return answer;
  });
  return {
    origin: `http://127.0.0.1:${server.addr.port}`,
    took,
    close: () => server.shutdown(),
  };
}

async function account(database: FreshDatabase, who: string): Promise<{ id: string; token: string }> {
  const token = `token-of-${who}`;
  const { id } = await createSandboxAccount(database.sql, {
    id: `id-of-${who}`,
    handle: who,
    name: who,
    tokenHash: sandboxTokenHash(token),
    createdAt: new Date().toISOString(),
  });
  return { id, token };
}

async function persona(running: Running, database: FreshDatabase, server: Server, who: string) {
  const personaId = crypto.randomUUID();
  await running.send(personaId, { type: "create", identity: ada, origin: "form" });
  const { id, token } = await account(database, who);
  const connectionId = crypto.randomUUID();
  await running.vault.put(connectionSecret(connectionId), 0, token);
  const linked = await running.send(personaId, {
    type: "link",
    connection: {
      connectionId,
      platform: "sandbox",
      accountId: id,
      handle: who,
      service: server.origin,
      disclosure: "none",
    },
  });
  if (linked.kind !== "committed") throw new Error(JSON.stringify(linked));
  return personaId;
}

/** Like nothing that was said before: what is nearly the same waits for a person. */
const words = (): string => Array.from({ length: 8 }, () => crypto.randomUUID().slice(0, 8)).join(" ");

/** Written and approved; what is left is to publish it. */
async function approved(running: Running, personaId: string, text: string): Promise<string> {
  const postId = crypto.randomUUID();
  await running.send(personaId, { type: "write", platform: "sandbox", parts: [{ text }], postId });
  const { data } = await running.event(
    (event) =>
      event.data.postId === postId &&
      (event.type === "DraftPrepared" || (event.type === "DraftWritten" && event.data.prepared === true)),
    LIMIT_MS,
  );
  const contentHash = String(data.contentHash);
  const answer = await running.send(personaId, { type: "approve", postId, contentHash });
  if (answer.kind !== "committed") throw new Error(JSON.stringify(answer));
  return postId;
}

/** Resolves with the times at which posts were published, by post. */
function watch(running: Running) {
  const waiting = new Map<string, (at: number) => void>();
  const stop = running.log.subscribe((events) => {
    for (const { type, data } of events) {
      if (type === "PostHeldBack" || type === "PublishRejected") {
        console.error(`${type}: ${data.reason}`);
        Deno.exit(1);
      }
      if (type === "PostPublished") waiting.get(String(data.postId))?.(performance.now());
    }
  });
  const published = (postId: string) => new Promise<number>((resolve) => void waiting.set(postId, resolve));
  return { published, stop };
}

async function plain(server: Server, database: FreshDatabase, posts: number): Promise<number> {
  const log = await openPostgresLog({ connection: database.config });
  const lanes = await Promise.all(
    Array.from({ length: PERSONAS }, (_, lane) => account(database, `plain-${lane}`)),
  );
  const began = performance.now();
  await Promise.all(lanes.map(async ({ token }, lane) => {
    for (let post = 0; post < posts; post++) {
      for (let event = 0; event < EVENTS; event++) {
        if (event === EVENTS - 1) await put(server, token, `plain ${lane} ${post}`);
        const done = await log.append({
          stream: `plain-${lane}`,
          expectedVersion: post * EVENTS + event,
          by: "system",
          events: [{ type: "Bench", schema: 1, data: { text: "x".repeat(300) } }],
        });
        if (done.kind !== "committed") throw new Error(done.kind);
      }
    }
  }));
  const ms = performance.now() - began;
  await log.close();
  return ms;
}

async function put({ origin }: Server, token: string, text: string): Promise<void> {
  const answer = await fetch(`${origin}/posts/${crypto.randomUUID()}`, {
    method: "PUT",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify({ text, language: "en", createdAt: new Date().toISOString() }),
  });
  if (answer.status !== 201) throw new Error(await answer.text());
  await answer.body?.cancel();
}

const posts = Number(Deno.args[0] ?? "25");
const [database, other] = [await benchDatabase(), await benchDatabase()];
const running = await runSupervisor(database, { maxLive: PERSONAS + 4 });
const server = serve(database);
const plainServer = serve(other);
try {
  const ids = await Promise.all(
    Array.from({ length: PERSONAS }, (_, one) => persona(running, database, server, `ada-${one}`)),
  );
  const { published, stop } = watch(running);
  const [first = ""] = ids;
  const added: number[] = [];
  const own: number[] = [];
  for (let round = 0; round < posts + WARM_UP; round++) {
    const text = words();
    const postId = await approved(running, first, text);
    const done = published(postId);
    const began = performance.now();
    await running.send(first, { type: "publish", postId });
    const ms = await done - began;
    if (round < WARM_UP) continue;
    own.push(server.took.get(text) ?? NaN);
    added.push(ms - (server.took.get(text) ?? NaN));
  }
  const ready = await Promise.all(ids.map(async (id) => {
    const made: string[] = [];
    for (let post = 0; post < posts; post++) made.push(await approved(running, id, words()));
    return made;
  }));
  const began = performance.now();
  await Promise.all(ids.map(async (id, one) => {
    const done = (ready[one] ?? []).map(published);
    for (const postId of ready[one] ?? []) await running.send(id, { type: "publish", postId });
    await Promise.all(done);
  }));
  const ms = performance.now() - began;
  stop();
  const plainMs = await plain(plainServer, other, posts);
  const count = PERSONAS * posts;
  const cores = navigator.hardwareConcurrency;
  console.log(`publishing on the sandbox, one at a time, ${posts} posts`);
  console.log(`  the sandbox's own time: ${shownMs(own)}`);
  console.log(`  added: command → published, without that: ${shownMs(added)}`);
  console.log(`  added p50 / the sandbox's p50: ${(median(added) / median(own)).toFixed(1)}`);
  console.log(
    `${PERSONAS} personas at once, ${count} posts; ${cores} cores for all of it, Postgres and sandbox too`,
  );
  console.log(
    `  published: ${perSecond(count, ms)} posts/s, ${(count / ms * 1_000 / cores).toFixed(0)} a core`,
  );
  console.log(`  plain PUTs and ${EVENTS} appends each, one process: ${perSecond(count, plainMs)} posts/s`);
  console.log(`  published / plain: ${(plainMs / ms).toFixed(2)}`);
} finally {
  await running.close();
  await server.close();
  await plainServer.close();
  await database.drop();
  await other.drop();
}
Deno.exit(0);
