/**
 * The whole way of a command: mailbox → cell → worker → decision → commit → answer, and on to a frame on a socket;
 * against a bare commit of one event and a bare pipe round trip, in the same run.
 * `deno run -A bench/path_bench.ts [rounds]`
 */
import { Hono } from "hono";
import { ada, runSupervisor } from "../tests/running_supervisor.ts";
import type { Running } from "../tests/running_supervisor.ts";
import type { FreshDatabase } from "../tests/database.ts";
import { LiveHub } from "../routes/live/hub.ts";
import { openPostgresLog } from "../db/log/postgres_log.ts";
import { benchDatabase } from "./database.ts";
import { median, perSecond, shownMs } from "./measure.ts";

/** Personas that append at once; each is a worker of its own. */
const PERSONAS = 24;
const COMMANDS_EACH = 150;
/** Longer than a socket's pace, so that a frame does not wait for the one before. */
const GAP_MS = 60;
const FRAME = "x".repeat(300);

async function times(
  rounds: number,
  gapMs: number,
  work: (round: number) => Promise<void>,
): Promise<number[]> {
  const taken: number[] = [];
  for (let round = 0; round < rounds + 5; round++) {
    const start = performance.now();
    await work(round);
    if (round >= 5) taken.push(performance.now() - start);
    if (gapMs > 0) await new Promise((resolve) => setTimeout(resolve, gapMs));
  }
  return taken;
}

/** One event committed by the log alone. */
async function bareCommit(database: FreshDatabase, rounds: number): Promise<number[]> {
  const log = await openPostgresLog({ connection: database.config });
  const taken = await times(rounds, GAP_MS, async (round) => {
    const done = await log.append({
      stream: "bench",
      expectedVersion: round,
      by: "system",
      events: [{ type: "Bench", schema: 1, data: { text: FRAME } }],
    });
    if (done.kind !== "committed") throw new Error(done.kind);
  });
  await log.close();
  return taken;
}

async function barePipe(rounds: number): Promise<number[]> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", new URL("./echo.ts", import.meta.url).pathname],
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  const reader = child.stdout.getReader();
  const line = new TextEncoder().encode(`${FRAME}\n`);
  const taken = await times(rounds, GAP_MS, async () => {
    await writer.write(line);
    for (let got = 0; got < line.length;) got += (await reader.read()).value?.length ?? line.length;
  });
  await writer.close();
  await child.status;
  return taken;
}

async function createPersonas(running: Running, count: number): Promise<string[]> {
  const ids = Array.from({ length: count }, () => crypto.randomUUID());
  for (const id of ids) await running.send(id, { type: "create", identity: ada, origin: "form" });
  return ids;
}

/** The command → its commit, and → the frame that shows it. */
async function wholePath(running: Running, rounds: number) {
  const hub = new LiveHub({
    log: running.log,
    supervisor: running.supervisor,
    access: { onEnd: () => () => {}, stillHolds: () => Promise.resolve(true) },
    source: {
      state: () => Promise.resolve({ position: running.log.head, html: "" }),
      render: (events) =>
        Promise.resolve(events.map((one) => ({ topic: "feed", html: `<li>${one.type}</li>` }))),
      progress: () => [],
      paced: () => Promise.resolve([]),
      status: () => Promise.resolve([]),
    },
    report: console.error,
  });
  const app = new Hono();
  app.get("/live", (c) => {
    // deno-lint-ignore no-explicit-any -- the identity that access would have set
    (c as any).set("identity", { principal: { kind: "admin_token" }, session: null });
    return hub.handle(c);
  });
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, app.fetch);
  const socket = new WebSocket(
    `ws://127.0.0.1:${server.addr.port}/live?topics=feed&after=${running.log.head}`,
  );
  let seen = 0;
  let wake = () => {};
  socket.onmessage = ({ data }) => {
    seen = JSON.parse(data).position;
    wake();
  };
  await new Promise((resolve, reject) => {
    socket.onopen = resolve;
    socket.onerror = reject;
  });
  const [id = ""] = await createPersonas(running, 1);
  const commits: number[] = [];
  const frames = await times(rounds, GAP_MS, async (round) => {
    const start = performance.now();
    const answer = await running.send(id, { type: "edit", changes: { purpose: `purpose ${round}` } });
    commits.push(performance.now() - start);
    if (answer.kind !== "committed") throw new Error(answer.kind);
    const position = answer.events.at(-1)?.position ?? 0;
    while (seen < position) await new Promise<void>((resolve) => wake = resolve);
  });
  socket.close();
  hub.close();
  await server.shutdown();
  return { commits: commits.slice(5), frames };
}

async function throughput(running: Running): Promise<number> {
  const ids = await createPersonas(running, PERSONAS);
  const start = performance.now();
  await Promise.all(ids.map(async (id) => {
    for (let n = 0; n < COMMANDS_EACH; n++) {
      const answer = await running.send(id, { type: "edit", changes: { purpose: `purpose ${n}` } });
      if (answer.kind !== "committed") throw new Error(answer.kind);
    }
  }));
  return performance.now() - start;
}

const rounds = Number(Deno.args[0] ?? "200");
const bare = await benchDatabase();
const database = await benchDatabase();
const running = await runSupervisor(database, { maxLive: PERSONAS + 10 });
try {
  const commit = await bareCommit(bare, rounds);
  const pipe = await barePipe(rounds);
  const { commits, frames } = await wholePath(running, rounds);
  const ms = await throughput(running);
  console.log(`the way of a command, one at a time, ${rounds} rounds`);
  console.log(`  bare commit of one event: ${shownMs(commit)}`);
  console.log(`  bare pipe round trip: ${shownMs(pipe)}`);
  console.log(`  command → committed: ${shownMs(commits)}`);
  console.log(`  command → committed → frame on a socket: ${shownMs(frames)}`);
  const budget = 2 * median(commit) + median(pipe);
  console.log(
    `  p50 to the frame / (2 commits + the pipe): ${(median(frames) / budget).toFixed(2)} (aim 1 or less)`,
  );
  console.log(
    `through supervisor and workers: ${perSecond(PERSONAS * COMMANDS_EACH, ms)} events/s, ` +
      `${PERSONAS} personas at once, one command of each in hand`,
  );
} finally {
  await running.close();
  await bare.drop();
  await database.drop();
}
Deno.exit(0);
