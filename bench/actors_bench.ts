/**
 * Supervision: commands through mailbox, cell and worker against a bare pipe and a bare `postMessage`; waking a persona;
 * a killed cell until everybody in it answers again; start to ready with 10 and with 10,000 personas.
 * `deno run -A bench/actors_bench.ts [rounds]`
 */
import { systemClock, systemRandom } from "../actors/ports.ts";
import { cellOpener } from "../actors/supervisor/cell_process.ts";
import { waitForOldCells } from "../actors/supervisor/old_cells.ts";
import { Supervisor } from "../actors/supervisor/supervisor.ts";
import { bareProvisioning, bareReads, bareSettings } from "../actors/supervisor/testing_ports.ts";
import type { EventLog } from "../db/log/log.ts";
import { openMemoryLog } from "../db/log/memory_log.ts";
import { ada, runSupervisor } from "../tests/running_supervisor.ts";
import { benchDatabase } from "./database.ts";
import { median, shownMs } from "./measure.ts";
import { registered, startsWith } from "./many_personas.ts";

/** Round trips under way at once: as many as there are actors in a cell, each with one command in hand. */
const AT_ONCE = 8;
const WARM_UP = 50;
/** Characters of a frame on its way there. */
const FRAME = "x".repeat(250);
const REGISTERED = { few: 10, many: 10_000 };

interface Trips {
  ms: number[];
  perSecond: number;
}

/** `lanes` sequences of round trips side by side. */
async function trips(
  lanes: number,
  rounds: number,
  trip: (lane: number) => Promise<unknown>,
): Promise<Trips> {
  for (let n = 0; n < WARM_UP; n++) await trip(0);
  const ms: number[] = [];
  const start = performance.now();
  await Promise.all(Array.from({ length: lanes }, async (_, lane) => {
    for (let n = 0; n < rounds; n++) {
      const from = performance.now();
      await trip(lane);
      ms.push(performance.now() - from);
    }
  }));
  return { ms, perSecond: lanes * rounds / (performance.now() - start) * 1_000 };
}

/** A child that gives back what it is sent: one line there and back, several at once. */
async function pipe(script: string, lanes: number, rounds: number): Promise<Trips> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "-A", new URL(script, import.meta.url).pathname, String(lanes)],
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  const waiting: (() => void)[] = [];
  const reading = (async () => {
    let rest = 0;
    for await (const chunk of child.stdout) {
      rest += chunk.length;
      for (; rest > FRAME.length; rest -= FRAME.length + 1) waiting.shift()?.();
    }
  })();
  const line = new TextEncoder().encode(`${FRAME}\n`);
  const measured = await trips(lanes, rounds, () =>
    new Promise<void>((resolve) => {
      waiting.push(resolve);
      void writer.write(line);
    }));
  await writer.close();
  await child.status;
  await reading;
  return measured;
}

async function bareMessage(lanes: number, rounds: number): Promise<Trips> {
  const source = "self.onmessage = ({ data }) => self.postMessage(data);";
  const worker = new Worker(`data:application/javascript,${encodeURIComponent(source)}`, { type: "module" });
  const waiting: (() => void)[] = [];
  worker.onmessage = () => waiting.shift()?.();
  const measured = await trips(lanes, rounds, () =>
    new Promise<void>((resolve) => {
      waiting.push(resolve);
      worker.postMessage(FRAME);
    }));
  worker.terminate();
  return measured;
}

/** A supervisor with real cells on a log in memory: what is measured is not the database. */
async function withoutDatabase<T>(use: (supervisor: Supervisor, log: EventLog) => Promise<T>): Promise<T> {
  const dataDir = await Deno.makeTempDir({ prefix: "dp-bench-" });
  const lockFolder = `${dataDir}/cells`;
  await waitForOldCells(lockFolder, console.error);
  const log = openMemoryLog();
  const supervisor = await Supervisor.open({
    log,
    reads: bareReads(),
    provisioning: bareProvisioning({ hostsOf: () => Promise.resolve(["127.0.0.1:9"]) }),
    openCell: cellOpener({ lockFolder, maxHeapMb: 256, silentMs: 10_000 }),
    clock: systemClock,
    random: systemRandom,
    actor: bareSettings(),
    mailbox: { maxLetters: 1_000, maxCharacters: 4_000_000 },
    maxLive: 50,
    actorsPerCell: AT_ONCE,
    maxHeapBytes: 256 * 1_048_576,
    maxRssBytes: 1_024 * 1_048_576,
    silentMs: 10_000,
    idleMs: 600_000,
    listenMs: 600_000,
    crash: null,
    report: console.error,
  });
  try {
    return await use(supervisor, log);
  } finally {
    await supervisor.close();
    await Deno.remove(dataDir, { recursive: true });
  }
}

const nobody = () => ({ by: "user:bench", id: crypto.randomUUID(), mayBeRepeated: false });

async function created(supervisor: Supervisor, count: number): Promise<string[]> {
  const ids = Array.from({ length: count }, () => crypto.randomUUID());
  for (const id of ids) {
    const answer = await supervisor.send(id, { type: "create", identity: ada, origin: "form" }, nobody());
    if (answer.kind !== "committed") throw new Error(answer.kind);
  }
  return ids;
}

/** Commands that are decided and refused: the whole way, and nothing for the log. */
function commands(lanes: number, rounds: number): Promise<Trips> {
  return withoutDatabase(async (supervisor) => {
    const ids = await created(supervisor, lanes);
    return await trips(lanes, rounds, async (lane) => {
      const command = { type: "reject" as const, postId: crypto.randomUUID(), reason: FRAME };
      const answer = await supervisor.send(ids[lane] ?? "", command, nobody());
      if (answer.kind !== "refused") throw new Error(answer.kind);
    });
  });
}

function shown(name: string, { ms, perSecond: rate }: Trips): void {
  console.log(`  ${name}: ${Math.round(rate).toLocaleString("en")}/s, ${shownMs(ms)}`);
}

async function throughTheCell(rounds: number): Promise<void> {
  for (const lanes of [1, AT_ONCE]) {
    console.log(`round trips of ${FRAME.length} characters, ${lanes} at once, ${rounds} each`);
    const message = await bareMessage(lanes, rounds);
    const native = await pipe("./echo.ts", lanes, rounds);
    const bareCell = await pipe("./echo_worker.ts", lanes, rounds);
    const ours = await commands(lanes, rounds);
    shown("bare postMessage", message);
    shown("bare pipe, copied by the runtime", native);
    shown("pipe to a process, on to a worker, and back", bareCell);
    shown("command through mailbox, cell and worker", ours);
    const ratio = (to: Trips) => (ours.perSecond / to.perSecond).toFixed(2);
    console.log(
      `  commands per second / round trips per second: of the bare pipe ${
        ratio(native)
      } (aim 0.8 or more), ` +
        `of the pipe with a worker ${ratio(bareCell)}, of postMessage ${ratio(message)}`,
    );
  }
}

/** From the command to a sleeping persona to its answer, on the real log. */
async function waking(rounds: number): Promise<void> {
  const database = await benchDatabase();
  const running = await runSupervisor(database);
  const { supervisor } = running;
  try {
    const ids = await created(supervisor, AT_ONCE + 1);
    const edit = (id: string) =>
      supervisor.send(id, { type: "edit", changes: { purpose: `purpose ${Math.random()}` } }, nobody());
    // One of them stays awake, so that the cell does.
    const [, ...sleepers] = ids;
    const taken: number[] = [];
    for (let round = 0; round < rounds; round++) {
      const id = sleepers[round % sleepers.length] ?? "";
      await supervisor.control(id, "hibernate", "user:bench");
      while (supervisor.status(id).state !== "asleep") await new Promise((resolve) => setTimeout(resolve, 2));
      const from = performance.now();
      const answer = await edit(id);
      taken.push(performance.now() - from);
      if (answer.kind !== "committed") throw new Error(answer.kind);
    }
    console.log(`waking a hibernated persona by a command, until its answer, ${rounds} rounds`);
    console.log(`  ${shownMs(taken)} (aim p99 150 ms or less)`);
  } finally {
    await running.close();
    await database.drop();
  }
}

/**
 * From the kill of a cell to the moment at which all that were in it have answered again. Fresh personas each time: those of
 * the round before are under suspicion, and run one to a cell.
 */
async function killed(rounds: number): Promise<void> {
  const database = await benchDatabase();
  const running = await runSupervisor(database, { actorsPerCell: AT_ONCE, maxLive: AT_ONCE * (rounds + 1) });
  const { supervisor } = running;
  try {
    const taken: number[] = [];
    for (let round = 0; round < rounds; round++) {
      const ids = await created(supervisor, AT_ONCE);
      const cell = supervisor.runtime().cells.find(({ personas }) => personas.includes(ids[0] ?? ""));
      if (cell?.personas.length !== AT_ONCE) throw new Error("they are not in one cell");
      const gone = new Promise<void>((resolve) => {
        const stop = supervisor.onSupervision((event) => {
          if (event.kind !== "cell_ended") return;
          stop();
          resolve();
        });
      });
      const from = performance.now();
      Deno.kill(cell.pid, "SIGKILL");
      await gone;
      const answers = ids.map((id) =>
        supervisor.send(id, { type: "edit", changes: { purpose: `round ${round}` } }, nobody())
      );
      for (const answer of await Promise.all(answers)) {
        if (answer.kind !== "committed") throw new Error(answer.kind);
      }
      taken.push(performance.now() - from);
    }
    console.log(`kill of a cell with ${AT_ONCE} idle actors → all answering again, ${rounds} rounds`);
    console.log(
      `  p50 ${median(taken).toFixed(0)} ms, most ${Math.max(...taken).toFixed(0)} ms (aim 1,000 ms or less)`,
    );
  } finally {
    await running.close();
    await database.drop();
  }
}

async function starts(): Promise<void> {
  const medians: number[] = [];
  for (const count of [REGISTERED.few, REGISTERED.many]) {
    const dataDir = await registered(count);
    const taken = await startsWith(dataDir, 7);
    medians.push(median(taken));
    console.log(
      `start to ready, ${count.toLocaleString("en")} personas: median ${median(taken)} ms ` +
        `(${Math.min(...taken)} to ${Math.max(...taken)})`,
    );
    await Deno.remove(dataDir, { recursive: true });
  }
  const [few = NaN, many = NaN] = medians;
  console.log(`  ratio: ${(many / few).toFixed(2)} (aim 1.5 or less)`);
}

const rounds = Number(Deno.args[0] ?? "2000");
await throughTheCell(rounds);
await waking(Math.max(20, rounds / 10));
await killed(7);
await starts();
Deno.exit(0);
