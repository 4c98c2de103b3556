/**
 * A whole AT Protocol network in one process: PLC directory, PDS, AppView and its Postgres, in `folder` (argument 1),
 * on 127.0.0.1. Runs under Node, not Deno (its SQLite is compiled). Says where it is in one line of JSON on standard
 * output, and ends when its standard input does.
 */
import { spawn } from "node:child_process";
import { rmSync } from "node:fs";
import net from "node:net";
import dns from "node:dns";
import { startPostgres } from "./postgres.mjs";

const folder = process.argv[2];
const { ports = {}, rateLimits = false } = JSON.parse(process.argv[3] ?? "{}");
process.env.TMPDIR = folder;
dns.setDefaultResultOrder("ipv4first");

// The servers name a port only, which would open them on every interface.
const listen = net.Server.prototype.listen;
net.Server.prototype.listen = function (...args) {
  if (typeof args[0] === "number") {
    return listen.call(this, args[0], "127.0.0.1", ...args.slice(1));
  }
  if (typeof args[0] === "object" && args[0]?.port !== undefined) {
    args[0] = { ...args[0], host: "127.0.0.1" };
  }
  return listen.apply(this, args);
};

// Should this process be killed, the folder goes all the same, as soon as Postgres has let go of it.
const broom = 'cat >/dev/null; for i in $(seq 100); do rm -rf "$1" 2>/dev/null && break; sleep 0.1; done';
spawn("sh", ["-c", broom, "broom", folder], {
  stdio: ["pipe", "ignore", "ignore"],
  detached: true,
  cwd: "/",
}).unref();

let postgres = null;
let leaving = false;
async function leave(code) {
  if (leaving) return;
  leaving = true;
  await postgres?.stop();
  rmSync(folder, {
    recursive: true,
    force: true,
    maxRetries: 20,
    retryDelay: 50,
  });
  process.exit(code);
}
// With the parent gone, whatever is still said goes nowhere.
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", () => {});
}
process.stdin.resume();
process.stdin.once("end", () => leave(0));
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => leave(0));
process.on("uncaughtException", (error) => {
  console.error(error);
  leave(1);
});

const { mockNetworkUtilities, TestBsync, TestBsky, TestPds, TestPlc } = await import("@atproto/dev-env");

const freePort = () =>
  new Promise((resolve, reject) => {
    const probe = net.createServer().once("error", reject).listen(0, () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });

const plc = await TestPlc.create({ port: ports.plc ?? await freePort() });
postgres = await startPostgres(folder);
const db = { dbUrl: postgres.url, dbPostgresUrl: postgres.url };
const pdsPort = ports.pds ?? await freePort();
const bsync = await TestBsync.create({
  ...db,
  dbSchema: "bsync",
  apiKeys: ["bsync-api-key"],
});
const bsky = await TestBsky.create({
  ...db,
  dbPostgresSchema: "appview",
  port: ports.appView ?? await freePort(),
  plcUrl: plc.url,
  pdsPort,
  repoProvider: `ws://localhost:${pdsPort}`,
  bsyncUrl: bsync.url,
});
bsync.ctx.dataplaneClients = [bsky.ctx.dataplane];
const pds = await TestPds.create({
  port: pdsPort,
  didPlcUrl: plc.url,
  bskyAppViewUrl: bsky.url,
  bskyAppViewDid: bsky.ctx.cfg.serverDid,
  rateLimitsEnabled: rateLimits,
});
mockNetworkUtilities(pds, bsky);

console.log(
  JSON.stringify({ pdsUrl: pds.url, plcUrl: plc.url, appViewUrl: bsky.url }),
);
