/**
 * What an actor weighs: memory of a real cell in which eight personas live, over the number of personas, after what each
 * of them has done; and what it costs to hold few or many actors in one cell.
 * `deno run -A bench/memory_bench.ts [runs]`. Linux only: sizes are read from /proc.
 */
import { writeSecret } from "../actors/persona/platforms/bluesky/secret.ts";
import { connectionSecret } from "../actors/persona/platforms/registry.ts";
import { getPost } from "../db/read/posts.ts";
import type { FreshDatabase } from "../tests/database.ts";
import type { Running } from "../tests/running_supervisor.ts";
import { ada, runSupervisor } from "../tests/running_supervisor.ts";
import { startModelStandIn } from "../tests/stand_ins/model/stand_in.ts";
import { cellFigures, emptyCell } from "./cell_size.ts";
import { benchDatabase } from "./database.ts";
import { median } from "./measure.ts";
import { startBenchPds } from "./pds.ts";
import type { Resident } from "./process_use.ts";
import { residentOf } from "./process_use.ts";

/** In one cell, at once. */
const PERSONAS = 8;
const POSTS_EACH = 3;
const CELL_SIZES = [1, 2, 4, 8, 16, 32];
const WAIT_MS = 30_000;
/** With a mention, a link and tags, which are looked for before a person sees the draft. */
const TEXT = "Look up, @reader.bsky.social: lindens drip, since aphids do. https://example.com/a?b=1 #trees";

const STATES = ["a sandbox post", "a Bluesky post", "a model call"] as const;
type State = typeof STATES[number];

interface Outer {
  pds: string;
  model: { url: string; apiKey: string };
}

interface Weighed {
  /** The cell with its eight actors, before they have done anything and after. */
  bare: Resident;
  after: Resident;
}

async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const end = performance.now() + WAIT_MS;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`${what}: not within ${WAIT_MS / 1_000} s`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function link(running: Running, personaId: string, state: State, { pds }: Outer): Promise<void> {
  if (state !== "a Bluesky post") {
    await running.linking.linkSandbox(personaId, "user:bench");
    return;
  }
  const connectionId = crypto.randomUUID();
  const session = { accessJwt: "a.b.c", refreshJwt: "d.e.f" };
  const secret = writeSecret({ identifier: "fern.test", password: "abcd-efgh-ijkl-mnop", session });
  await running.vault.put(connectionSecret(connectionId), 0, secret);
  await running.send(personaId, {
    type: "link",
    connection: {
      connectionId,
      platform: "bluesky",
      accountId: `did:plc:${personaId.replaceAll("-", "").slice(0, 24)}`,
      handle: "fern.test",
      service: pds,
      disclosure: "profile_label",
    },
  });
}

/** Written, revised, approved by a person, published. */
async function post(
  database: FreshDatabase,
  running: Running,
  personaId: string,
  state: State,
): Promise<void> {
  const postId = crypto.randomUUID();
  const look = () => getPost(database.sql, postId);
  const platform = state === "a Bluesky post" ? "bluesky" : "sandbox";
  await running.send(personaId, { type: "compose", platform, brief: "why lindens drip", postId });
  await until("a draft", async () => (await look())?.status === "pending_review");
  if (state === "a model call") return;
  const text = `${TEXT} ${postId.slice(0, 8)}`;
  await running.send(personaId, { type: "revise", postId, text });
  await until("a prepared draft", async () => {
    const draft = await look();
    return draft?.text === text && draft.prepared;
  });
  const contentHash = (await look())?.contentHash ?? "";
  await running.send(personaId, { type: "approve", postId, contentHash, then: { kind: "publish" } });
  await until("a post", async () => (await look())?.status === "published");
}

async function weigh(state: State, outer: Outer): Promise<Weighed> {
  const database = await benchDatabase();
  const running = await runSupervisor(database, {
    actorsPerCell: PERSONAS,
    modelKey: state === "a model call" ? outer.model.apiKey : undefined,
  });
  if (state === "a model call") {
    const { url } = outer.model;
    running.actor.writer = { kind: "openai", baseUrl: url, model: "stand-in-1", timeoutMs: 20_000 };
  }
  try {
    const ids = Array.from({ length: PERSONAS }, () => crypto.randomUUID());
    const identity = { ...ada, operatedBy: "Fern Ltd" };
    for (const id of ids) {
      await running.send(id, { type: "create", identity, origin: "form" });
      await link(running, id, state, outer);
    }
    const cellOfAll = () =>
      running.supervisor.runtime().cells.find((cell) => cell.personas.length === PERSONAS);
    await until(
      "eight live actors in one cell",
      () => cellOfAll() !== undefined && ids.every((id) => running.supervisor.status(id).state === "running"),
    );
    const pid = cellOfAll()?.pid ?? 0;
    const bare = await residentOf(pid);
    for (let n = 0; n < POSTS_EACH; n++) {
      await Promise.all(ids.map((id) => post(database, running, id, state)));
    }
    if (cellOfAll()?.pid !== pid) throw new Error("the actors are in another cell than before");
    return { bare, after: await residentOf(pid) };
  } finally {
    await running.close();
    await database.drop();
  }
}

const runs = Number(Deno.args[0] ?? "5");
const pds = startBenchPds();
const model = await startModelStandIn();
const outer = { pds: pds.origin, model };
const shown = (values: number[]) =>
  `${median(values).toFixed(1).padStart(5)} MB (${Math.min(...values).toFixed(1)} to ${
    Math.max(...values).toFixed(1)
  })`;
try {
  const empty: Resident[] = [];
  const weighed = new Map<State, Weighed[]>(STATES.map((state) => [state, []]));
  for (let run = 0; run < runs; run++) {
    empty.push(await emptyCell());
    for (const state of STATES) weighed.get(state)?.push(await weigh(state, outer));
  }
  const cell = median(empty.map(({ rss }) => rss));
  const perActor = ({ rss }: Resident) => (rss - cell) / PERSONAS;
  console.log(`memory of one live actor, ${PERSONAS} to a cell, ${POSTS_EACH} times each, ${runs} runs`);
  console.log(`  bare: ${shown([...weighed.values()].flat().map(({ bare }) => perActor(bare)))}`);
  for (const [state, all] of weighed) {
    const aim = state === "a Bluesky post" ? ", aim 30 or less" : "";
    console.log(`  after ${state}: ${shown(all.map(({ after }) => perActor(after)))}${aim}`);
  }
  const own = median(empty.map((size) => size.own));
  console.log(`a cell without actors: ${cell.toFixed(1)} MB, of them its own ${own.toFixed(1)}`);

  console.log(`bare actors in one cell, medians of ${runs} runs (the best one)`);
  const titles = ["actors", "cell MB", "MB an actor", "one more, ms", "restart, ms", "restart, CPU ms"];
  console.log(titles.map((title) => title.padStart(16)).join(""));
  for (const actors of CELL_SIZES) {
    const taken = [];
    for (let run = 0; run < runs; run++) taken.push(await cellFigures(actors));
    const full = median(taken.map((one) => one.full.rss));
    const ms = (values: number[]) => `${median(values).toFixed(0)} (${Math.min(...values).toFixed(0)})`;
    const columns = [
      String(actors),
      full.toFixed(0),
      (full / actors).toFixed(1),
      ms(taken.map((one) => one.activationMs)),
      ms(taken.map((one) => one.restartMs)),
      ms(taken.map((one) => one.restartCpuMs)),
    ];
    console.log(columns.map((text) => text.padStart(16)).join(""));
  }
} finally {
  await pds.stop();
  await model.stop();
}
Deno.exit(0);
