import assert from "node:assert/strict";
import { join } from "node:path";
import { skips } from "../../tests/database.ts";
import { type Database, openDatabase } from "../database.ts";
import {
  type EmbeddedPostgres,
  EmbeddedPostgresError,
  runningEmbedded,
  startEmbeddedPostgres,
} from "./embedded.ts";

const LIMIT_MS = 60_000;

async function inFolder(
  work: (dataDir: string) => Promise<void>,
  prefix = "digi-persona-embedded-",
): Promise<void> {
  if (await skips("embedded")) return;
  const dataDir = await Deno.makeTempDir({ dir: "/tmp", prefix });
  try {
    await work(dataDir);
  } finally {
    await Deno.remove(dataDir, { recursive: true });
  }
}

async function start(dataDir: string, lines: string[] = []): Promise<EmbeddedPostgres> {
  return await startEmbeddedPostgres({ dataDir, log: (line) => lines.push(line) });
}

async function using<T>(server: EmbeddedPostgres, work: (sql: Database) => Promise<T>): Promise<T> {
  const sql = await openDatabase(server, { onError: () => {} });
  try {
    return await work(sql);
  } finally {
    await sql.close();
  }
}

async function until(what: string, condition: () => Promise<boolean> | boolean): Promise<void> {
  const deadline = Date.now() + LIMIT_MS;
  while (!await condition()) {
    if (Date.now() > deadline) throw new Error(`${what} did not come`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Processes whose arguments name `text`, as the system sees them; ended ones that nobody has collected do not count. */
async function processesWith(text: string): Promise<string[]> {
  const found: string[] = [];
  for await (const { name } of Deno.readDir("/proc")) {
    if (!/^\d+$/.test(name) || Number(name) === Deno.pid) continue;
    try {
      const command = await Deno.readTextFile(`/proc/${name}/cmdline`);
      if (command.includes(text)) found.push(`${name} ${command.replaceAll("\0", " ")}`);
    } catch (error) {
      // Ended meanwhile.
      if (!(error instanceof Deno.errors.NotFound || (error as { code?: string }).code === "ESRCH")) {
        throw error;
      }
    }
  }
  return found;
}

const PROGRAM = `
import { startEmbeddedPostgres } from ${JSON.stringify(import.meta.resolve("./embedded.ts"))};
const server = await startEmbeddedPostgres({ dataDir: Deno.args[0], log: console.error });
console.log(server.serverPid);
setInterval(() => {}, 1000);
`;

/** Another program with the embedded server in `dataDir`, running. */
async function startProgram(dataDir: string): Promise<Deno.ChildProcess> {
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--no-check",
      "--ext=ts",
      "-A",
      "--config",
      join(import.meta.dirname!, "../../deno.json"),
      "-",
      dataDir,
    ],
    stdin: "piped",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const input = child.stdin.getWriter();
  await input.write(new TextEncoder().encode(PROGRAM));
  await input.close();
  const reader = child.stdout.getReader();
  const { value } = await reader.read();
  assert.match(new TextDecoder().decode(value), /^\d+\n$/);
  await reader.cancel();
  return child;
}

Deno.test("The embedded server is durable, UTF-8, on a socket alone, and keeps its data over a stop", () =>
  inFolder(async (dataDir) => {
    let server = await start(dataDir);
    await using(server, async (sql) => {
      const [row] = await sql.query<Record<string, string>>(
        `select current_setting('fsync') as fsync, current_setting('synchronous_commit') as commit,
           current_setting('listen_addresses') as addresses, current_setting('server_encoding') as encoding,
           (select datlocale from pg_database where datname = current_database()) as locale`,
      );
      assert.deepEqual(row, {
        fsync: "on",
        commit: "on",
        addresses: "",
        encoding: "UTF8",
        locale: "C.UTF-8",
      });
      await sql.query("create table kept as select 'ж😀' as t");
    });
    assert.equal((await Deno.stat(join(dataDir, "postgres"))).mode! & 0o777, 0o700);
    await server.stop();
    assert.equal(await runningEmbedded(dataDir), null);
    assert.deepEqual(await processesWith(dataDir), []);
    server = await start(dataDir);
    assert.deepEqual((await runningEmbedded(dataDir))?.host, server.socketDir);
    assert.deepEqual(await using(server, (sql) => sql.query("select t from kept")), [{ t: "ж😀" }]);
    await server.stop();
  }));

Deno.test("A DATA_DIR that another program uses is refused in one line that names it", () =>
  inFolder(async (dataDir) => {
    const server = await start(dataDir);
    await assert.rejects(start(dataDir), (error: Error) => {
      assert.ok(error instanceof EmbeddedPostgresError);
      assert.match(
        error.message,
        new RegExp(`^DATA_DIR ${dataDir} is in use .*process ${Deno.pid}.*DATA_DIR\\.$`),
      );
      return true;
    });
    await server.stop();
  }));

Deno.test("A server that is killed is started again on the same socket", () =>
  inFolder(async (dataDir) => {
    const lines: string[] = [];
    const server = await start(dataDir, lines);
    await using(server, (sql) => sql.query("create table kept as select 1 as n"));
    const before = server.serverPid;
    Deno.kill(before, "SIGKILL");
    await until("the second server", () => server.serverPid !== before);
    assert.deepEqual(await using(server, (sql) => sql.query("select n from kept")), [{ n: 1 }]);
    assert.ok(lines.some((line) => line.includes("started again")));
    await server.stop();
    assert.deepEqual(await processesWith(dataDir), []);
  }));

Deno.test("Nothing outlives a program that is killed, and its DATA_DIR starts at once", () =>
  inFolder(async (dataDir) => {
    const program = await startProgram(dataDir);
    program.kill("SIGKILL");
    await program.status;
    const server = await start(dataDir);
    await using(server, (sql) => sql.query("select 1"));
    await server.stop();
    await until("the end of every process", async () => (await processesWith(dataDir)).length === 0);
  }));

Deno.test("A server whose guard was killed too is ended by the next start", () =>
  inFolder(async (dataDir) => {
    const program = await startProgram(dataDir);
    // Held still, or it would start the server again.
    program.kill("SIGSTOP");
    for (const line of await processesWith("postgres.sh\0serve\0" + dataDir)) {
      Deno.kill(Number(line.split(" ")[0]), "SIGKILL");
    }
    program.kill("SIGKILL");
    await program.status;
    // A child of the server's looks like it for a moment.
    await until("the server to be alone", async () => (
      (await processesWith(join(dataDir, "postgres", "cluster"))).length === 1
    ));
    const server = await start(dataDir);
    await using(server, (sql) => sql.query("select 1"));
    await server.stop();
    await until("the end of every process", async () => (await processesWith(dataDir)).length === 0);
  }));

Deno.test("A postmaster.pid left by a power cut that names a living process of something else does not prevent a start", () =>
  inFolder(async (dataDir) => {
    await (await start(dataDir)).stop();
    const pidFile = join(dataDir, "postgres", "cluster", "postmaster.pid");
    await Deno.writeTextFile(
      pidFile,
      `${Deno.pid}\n${dataDir}/postgres/cluster\n1700000000\n5432\n/nowhere\n\n 1 2\nready\n`,
    );
    const server = await start(dataDir);
    await using(server, (sql) => sql.query("select 1"));
    await server.stop();
  }));

Deno.test("A first start that was cut off leaves nothing that the next one stumbles over", () =>
  inFolder(async (dataDir) => {
    const half = join(dataDir, "postgres", "new");
    await Deno.mkdir(half, { recursive: true });
    await Deno.writeTextFile(join(half, "PG_VERSION"), "18\n");
    const server = await start(dataDir);
    await using(server, (sql) => sql.query("select 1"));
    await server.stop();
  }));

Deno.test("A cluster of another major version is named with what to do", () =>
  inFolder(async (dataDir) => {
    const cluster = join(dataDir, "postgres", "cluster");
    await Deno.mkdir(cluster, { recursive: true });
    await Deno.writeTextFile(join(cluster, "PG_VERSION"), "17\n");
    await assert.rejects(
      start(dataDir),
      /made by PostgreSQL 17, this digi-persona carries 18: make a backup/,
    );
    await Deno.remove(cluster, { recursive: true });
    const server = await start(dataDir);
    await server.stop();
  }));

Deno.test("A DATA_DIR whose path is too long for a socket gets a short one, which is removed at the end", () =>
  inFolder(async (dataDir) => {
    const server = await start(dataDir);
    assert.match(server.socketDir, /^\/tmp\/digi-persona-[^/]+$/);
    assert.equal((await Deno.stat(server.socketDir)).mode! & 0o777, 0o700);
    await using(server, (sql) => sql.query("select 1"));
    assert.deepEqual((await runningEmbedded(dataDir))?.host, server.socketDir);
    await server.stop();
    await assert.rejects(Deno.stat(server.socketDir), Deno.errors.NotFound);
  }, "digi-persona-embedded-with-a-very-long-name-".repeat(3)));

Deno.test("Where root may not make a user namespace, the server runs as another user, also below a folder of root alone", () =>
  inFolder(async (folder) => {
    if (Deno.uid() !== 0) return console.log("skipped, to run it: start the tests as root");
    // makeTempDir makes folders of mode 0700.
    const dataDir = join(folder, "data");
    for (const rootMode of ["drop", "namespace", "drop"] as const) {
      const server = await startEmbeddedPostgres({ dataDir, log: () => {}, rootMode });
      await using(server, (sql) => sql.query("create table if not exists kept (n int)"));
      const owner = (await Deno.stat(join(dataDir, "postgres", "cluster"))).uid;
      assert.equal(owner, rootMode === "drop" ? 65534 : 0);
      await server.stop();
    }
  }));

Deno.test("The embedded server needs no more permissions than are named", () =>
  inFolder(async (dataDir) => {
    const program = PROGRAM.replace("setInterval(() => {}, 1000);", "await server.stop();");
    const root = join(import.meta.dirname!, "../..");
    const child = new Deno.Command(Deno.execPath(), {
      args: [
        "run",
        "--no-check",
        "--no-prompt",
        "--ext=ts",
        "--allow-run=sh",
        `--allow-read=${join(root, "node_modules")},${dataDir}`,
        `--allow-write=${dataDir}`,
        "--config",
        join(root, "deno.json"),
        "-",
        dataDir,
      ],
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    const input = child.stdin.getWriter();
    await input.write(new TextEncoder().encode(program));
    await input.close();
    const { success, stderr } = await child.output();
    assert.ok(success, new TextDecoder().decode(stderr));
  }));
