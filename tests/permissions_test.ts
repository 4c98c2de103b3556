/** What a worker may not do, tried by real code in real workers, in cells that are started exactly as main starts them. */
import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { Link } from "../actors/link.ts";
import { addressed, CELL, line, MAX_FRAME } from "../actors/persona/protocol.ts";
import { readLines } from "../actors/lines.ts";
import { cellArguments, cellEnvironment } from "../actors/supervisor/cell_process.ts";
import { skips } from "./database.ts";
import type { Places } from "./permissions/attempts.ts";
import { onDisk, onTheMachine, onTheNet } from "./permissions/attempts.ts";
import { childrenOf } from "./permissions/processes.ts";
import { startProgram, until } from "./program.ts";
import { PLANTED } from "./secrets/planted.ts";
import { Scan } from "./secrets/scan.ts";
import { ROOT } from "./started_program.ts";

/** Longest time for all that one worker tries, in ms. */
const ATTEMPTS_MS = 60_000;

/** How Deno, and Node's modules on it, say that something may not be done. */
const REFUSED =
  /NotCapable|PermissionDenied|Requires \w+ access|escalate parent thread permissions|EPERM|EACCES|non HTTP\(s\) url|not found in cache|Bad resource ID|caches is not defined/;

Deno.test("a worker: no disk but what it imports, in any way that Deno or Node has", async () => {
  await using world = await World.make();
  await Deno.writeTextFile(`${world.places.dataDir}/secret.json`, `{"secret":"s3cret"}`);
  await refusedAll(world, onDisk(world.places));
  deepStrictEqual(
    [...Deno.readDirSync(world.places.dataDir)].map(({ name }) => name).sort(),
    ["1.lock", "run", "secret.json"],
  );
  strictEqual(await Deno.readTextFile(`${world.places.dataDir}/secret.json`), `{"secret":"s3cret"}`);
});

Deno.test("a worker: no environment, processes, libraries or knowledge of the machine, nor a worker that may more", async () => {
  await using world = await World.make();
  await refusedAll(world, onTheMachine());
});

Deno.test("a worker: of the net its own hosts alone, in whatever form another is written, redirected to or imported from", async () => {
  await using world = await World.make();
  const { own } = world.places;
  const may = await tried(world, [own], { own: `return (await fetch("http://${own}/")).status` });
  deepStrictEqual(may, { own: "done: 200" });
  await refusedAll(world, onTheNet(world.places));
  deepStrictEqual(world.reached, [], "nobody else was reached");
});

Deno.test("a worker without hosts: it reaches nobody, not even whom its cell may speak to", async () => {
  await using world = await World.make();
  const { own, other } = world.places;
  const attempts = Object.fromEntries(
    [own, other].map((host) => [host, `return (await fetch("http://${host}/")).status`]),
  );
  for (const came of Object.values(await tried(world, [], attempts))) match(came, REFUSED);
});

Deno.test("cells, the guard and the database of the running program: no secret in their arguments or environment", async () => {
  if (await skips("embedded")) return;
  const env = {
    DIGI_PERSONA_KEY: PLANTED["vault key"],
    OPENAI_API_KEY: PLANTED["model key"],
    OPENAI_BASE_URL: "http://127.0.0.1:9/v1",
  };
  const program = await startProgram({ env });
  try {
    const created = await program.call("POST", "/api/v1/personas", {
      body: { name: "Ada Fern", purpose: "Look up." },
    });
    strictEqual(created.status, 201, created.text);
    const { id } = created.json;
    const linked = await program.call("POST", `/api/v1/personas/${id}/connections`, {
      body: { platform: "sandbox" },
    });
    strictEqual(linked.status, 201, linked.text);
    const secrets = {
      "vault key": env.DIGI_PERSONA_KEY,
      "model key": env.OPENAI_API_KEY,
      ADMIN_TOKEN: program.adminToken,
    };
    const kinds = { cell: /actors\/cell\/main\.ts/, guard: /postgres\.sh/, postgres: /postgres(\0|$|:)/ };
    await until("a cell, the guard and the database", async () => {
      const commands = (await childrenOf(program.pid)).map(({ command }) => command);
      return Object.values(kinds).every((kind) => commands.some((command) => kind.test(command)));
    });
    const scan = new Scan(secrets, program.dataDir);
    for (const { pid, command, environment } of await childrenOf(program.pid)) {
      scan.look(`arguments of ${pid} ${command}`, command);
      scan.look(`environment of ${pid} ${command}`, environment);
      if (!kinds.cell.test(command)) continue;
      const names = environment.split("\0").map((one) => one.split("=")[0] ?? "").filter((name) =>
        name !== ""
      );
      deepStrictEqual(names.filter((name) => !["HOME", "DENO_DIR", "XDG_CACHE_HOME"].includes(name)), []);
    }
    deepStrictEqual(scan.found, []);
    ok(
      scan.marked.some((place) => kinds.cell.test(place)),
      "the cell's arguments were read: its lock is among them",
    );
    const own = new Scan(secrets, program.dataDir);
    own.look("main", await Deno.readTextFile(`/proc/${program.pid}/environ`));
    strictEqual(own.found.length, 3, "what main has in its environment would have been found");
  } finally {
    await program.dispose();
  }
});

async function refusedAll(world: World, attempts: Record<string, string>): Promise<void> {
  const came = await tried(world, [world.places.own], attempts);
  deepStrictEqual(Object.keys(came).sort(), Object.keys(attempts).sort());
  deepStrictEqual(Object.entries(came).filter(([, what]) => !REFUSED.test(what)), []);
}

/** What each attempt comes to, in one worker that may speak to `hosts`, in a cell that may speak to both platforms. */
async function tried(
  world: World,
  hosts: string[],
  attempts: Record<string, string>,
): Promise<Record<string, string>> {
  const { dataDir, own, other } = world.places;
  const args = cellArguments(
    { number: 1, hosts: [other, own].sort() },
    { lockFolder: dataDir, maxHeapMb: 512, silentMs: ATTEMPTS_MS },
    `${ROOT}/tests/permissions/cell.ts`,
  );
  const cell = new Deno.Command(Deno.execPath(), {
    args,
    clearEnv: true,
    env: cellEnvironment(),
    stdin: "piped",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const timer = setTimeout(() => cell.kill("SIGKILL"), ATTEMPTS_MS);
  const input = cell.stdin.getWriter();
  const say = (text: string) => void input.write(new TextEncoder().encode(text));
  const link = new Link((frame) => say(line("probe.1", frame)), () => Date.now());
  say(line(CELL, JSON.stringify({ t: "startWorker", address: "probe.1", hosts })));
  for (const [name, code] of Object.entries(attempts)) link.send(JSON.stringify({ name, code }));
  const came: Record<string, string> = {};
  reading: for await (const lines of readLines(cell.stdout, MAX_FRAME)) {
    for (const one of lines) {
      const from = addressed(one);
      if (from?.address !== "probe.1") {
        ok(!/"t":"(workerCrashed|judged)"/.test(one), one);
        continue;
      }
      const json = link.take(from.frame);
      if (json === null) continue;
      const answer = JSON.parse(json) as { name: string; came: string };
      came[answer.name] = answer.came;
      if (Object.keys(came).length === Object.keys(attempts).length) break reading;
    }
  }
  clearTimeout(timer);
  cell.kill("SIGKILL");
  await cell.status;
  await input.close().catch(() => {});
  return came;
}

/** Two platforms and a database that really listen, and a folder as DATA_DIR. */
class World {
  readonly places: Places;
  /** Whom of those that are not its own a worker reached. */
  readonly reached: string[] = [];
  #ends = new AsyncDisposableStack();

  private constructor(dataDir: string) {
    const database = Deno.listen({ hostname: "::", port: 0 });
    void this.#accept(database);
    const socket = Deno.listen({ transport: "unix", path: `${dataDir}/run/.s.PGSQL.5432` });
    void this.#accept(socket);
    const own = this.#serve((request) => {
      const { search } = new URL(request.url);
      return search === ""
        ? new Response("own")
        : new Response(null, { status: 302, headers: { location: search.slice(1) } });
    });
    const other = this.#serve(() => {
      this.reached.push("another persona's platform");
      return new Response("export const code = 1;", { headers: { "content-type": "text/javascript" } });
    });
    this.places = { dataDir, root: ROOT, databasePort: (database.addr as Deno.NetAddr).port, own, other };
    this.#ends.defer(() => Deno.remove(dataDir, { recursive: true }));
    this.#ends.defer(() => (database.close(), socket.close()));
  }

  static async make(): Promise<World> {
    const dataDir = await Deno.makeTempDir({ prefix: "dp-permissions-" });
    await Deno.mkdir(`${dataDir}/run`);
    return new World(dataDir);
  }

  #serve(answer: (request: Request) => Response): string {
    const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, answer);
    this.#ends.defer(() => server.shutdown());
    return `127.0.0.1:${server.addr.port}`;
  }

  async #accept(listener: Deno.Listener): Promise<void> {
    for await (const connection of listener) {
      this.reached.push("the database");
      connection.close();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#ends.disposeAsync();
  }
}
