import assert from "node:assert/strict";
import { type PrivateServer, privateServer, type Server, skips } from "../../tests/database.ts";
import { openDatabase } from "../database.ts";
import type { EventLog, StoredEvent } from "./log.ts";
import { openPostgresLog } from "./postgres_log.ts";
import { sqlState } from "./postgres_client.ts";
import { type Proxy, startProxy } from "./proxy_for_tests.ts";
import { appendTo, committed, counted, POSTGRES, readAll, TABLES, tally, until } from "./testing.ts";
import pg from "pg";

interface World {
  server: PrivateServer;
  proxy: Proxy;
  log: EventLog;
  /** SQLSTATEs of what the log reported. */
  states: Set<string | null>;
  admin(text: string): Promise<void>;
}

function testOutage(
  server: Server,
  name: string,
  settings: string[],
  run: (world: World) => Promise<void>,
): void {
  Deno.test(`log ${name} [${server}]`, async () => {
    if (await skips(server)) return;
    const home = await privateServer(server, settings);
    const proxy = startProxy(String(home.config.host));
    const admin = async (text: string) => {
      const sql = await openDatabase({ config: home.config });
      for (const statement of text.split(";\n")) await sql.query(statement);
      await sql.close();
    };
    try {
      await admin(TABLES.trim().replace(/;$/, ""));
      const states = new Set<string | null>();
      const log = await openPostgresLog({
        connection: { ...home.config, ...proxy.address },
        projections: [tally],
        limits: { retryMaxMs: 100, readers: 2 },
        report: (_message, error) => states.add(sqlState(error)),
      });
      await run({ server: home, proxy, log, states, admin });
      await log.close();
    } finally {
      proxy.close();
      await home.dispose();
    }
  });
}

/** Appends to its own stream until told to stop; gives the number of committed events. */
function appendOn(log: EventLog, stream: string): { stop(): Promise<number> } {
  let running = true;
  const done = (async () => {
    let version = 0;
    while (running) {
      committed(await log.append(appendTo(stream, version, [counted()])));
      version++;
    }
    return version;
  })();
  return {
    stop() {
      running = false;
      return done;
    },
  };
}

async function assertWhole(log: EventLog, heard: StoredEvent[], expected: number): Promise<void> {
  const all = await readAll(log);
  assert.equal(all.length, expected);
  assert.equal(log.head, expected);
  assert.deepEqual(all.map(({ position }) => position), all.map((_, at) => at + 1));
  assert.deepEqual(heard, all);
}

for (const server of POSTGRES) {
  for (const [how, away] of [["stopped", "stopServer"], ["killed", "killServer"]] as const) {
    testOutage(
      server,
      `waits for a server that is ${how} and started under load, and loses and doubles nothing`,
      [],
      async (world) => {
        const { log, server: home } = world;
        const heard: StoredEvent[] = [];
        log.subscribe((events) => heard.push(...events));
        const writers = Array.from({ length: 20 }, (_, at) => appendOn(log, `s${at}`));
        for (let round = 0; round < 3; round++) {
          const target = log.head + 200;
          await until(() => log.head >= target, "the load to go on");
          await home[away]();
          const fresh = log.append(appendTo(`while-away-${round}`, 0, [counted()]));
          await home.startServer();
          committed(await fresh);
        }
        const counts = await Promise.all(writers.map((writer) => writer.stop()));
        await assertWhole(log, heard, counts.reduce((sum, n) => sum + n, 3));
      },
    );
  }

  testOutage(server, "waits while the server has no connection left", [
    "max_connections=12",
    "superuser_reserved_connections=0",
  ], async (world) => {
    const { log, proxy, states, server: home } = world;
    committed(await log.append(appendTo("s", 0, [counted()])));
    const heard: StoredEvent[] = await readAll(log);
    log.subscribe((events) => heard.push(...events));
    proxy.refuse(true);
    proxy.cut();
    const pending = log.append(appendTo("s", 1, [counted()]));
    const fillers: pg.Client[] = [];
    const slots = 12;
    for (;;) {
      const filler = new pg.Client(home.config);
      filler.on("error", () => {});
      try {
        await filler.connect();
      } catch (error) {
        if (sqlState(error) !== "53300") throw error;
        // It may still be giving back a slot of the log's: it is full of fillers when there is one on every slot.
        if (fillers.length === slots) break;
        continue;
      }
      fillers.push(filler);
    }
    proxy.refuse(false);
    await until(() => states.has("53300"), "the log to be turned away");
    for (const filler of fillers) await filler.end();
    assert.deepEqual(committed(await pending).map(({ position }) => position), [2]);
    await assertWhole(log, heard, 2);
  });

  testOutage(server, "waits while the disk is full", [], async (world) => {
    const { log, states, admin, server: home } = world;
    const disk = await tinyDisk(home);
    try {
      const heard: StoredEvent[] = [];
      log.subscribe((events) => heard.push(...events));
      await disk.use(admin);
      // Incompressible, so that the table needs its size on disk.
      const noise = () => {
        const bytes = crypto.getRandomValues(new Uint8Array(30_000));
        return counted({ text: Array.from(bytes, (byte) => String.fromCharCode(0x100 + byte)).join("") });
      };
      const pending = Array.from({ length: 100 }, (_, at) => log.append(appendTo(`s${at}`, 0, [noise()])));
      await until(() => states.has("53100"), "the disk to be full");
      const few = log.head;
      assert.ok(few < 100);
      await disk.grow(admin);
      for (const answer of await Promise.all(pending)) committed(answer);
      await assertWhole(log, heard, 100);
    } finally {
      await disk.remove(admin);
    }
  });
}

interface TinyDisk {
  use(admin: World["admin"]): Promise<void>;
  grow(admin: World["admin"]): Promise<void>;
  remove(admin: World["admin"]): Promise<void>;
}

/** A really full disk where we may mount one (as root); else a trigger that reports one, SQLSTATE 53100. */
async function tinyDisk(home: PrivateServer): Promise<TinyDisk> {
  const folder = await Deno.makeTempDir({ dir: "/tmp", prefix: "digi-persona-tiny-" });
  const mount = async (...args: string[]) => {
    try {
      return (await new Deno.Command(args[0] ?? "", { args: args.slice(1), stderr: "null" }).output())
        .success;
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return false;
      throw error;
    }
  };
  const { uid, gid } = await Deno.stat(`${home.config.host}`);
  const options = (size: string) => `size=${size},uid=${uid},gid=${gid},mode=700`;
  if (await mount("mount", "-t", "tmpfs", "-o", options("2m"), "tmpfs", folder)) {
    return {
      use: (admin) =>
        admin(`create tablespace tiny location '${folder}';\nalter table event set tablespace tiny`),
      grow: async () => assert.ok(await mount("mount", "-o", `remount,${options("64m")}`, folder)),
      remove: async (admin) => {
        await admin("alter table event set tablespace pg_default;\ndrop tablespace tiny");
        await mount("umount", folder);
        await Deno.remove(folder);
      },
    };
  }
  await Deno.remove(folder);
  console.log("no disk can be mounted here: a trigger says that the disk is full");
  return {
    use: (admin) =>
      admin(
        "create function full_disk() returns trigger language plpgsql as $$ begin " +
          "raise exception 'no space' using errcode = '53100'; end $$;\n" +
          "create trigger full_disk before insert on event execute function full_disk()",
      ),
    grow: (admin) => admin("drop trigger full_disk on event"),
    remove: () => Promise.resolve(),
  };
}
