/** The real program as a process, from a fresh folder: what it says, what it refuses, how it ends, what it leaves behind. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { freshDatabase, skips } from "./database.ts";
import { copyCheckout, endAll, freePort, processesIn, startProgram, until } from "./started_program.ts";

const ADMIN_TOKEN = "a-token-of-the-start-tests-0123456789";
const NOBODY = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"];

/** A test with a folder of its own, which must hold no process when it is over. */
function startTest(name: string, work: (folder: string) => Promise<void>): void {
  Deno.test(`start: ${name}`, async () => {
    if (Deno.build.os !== "linux") return console.log("skipped, to run it: use Linux");
    if (await skips("embedded")) return;
    const folder = await Deno.makeTempDir({ dir: "/tmp", prefix: "dp-start-" });
    try {
      await work(folder);
      await until(
        `the end of every process in ${folder}`,
        async () => (await processesIn(folder)).length === 0,
      );
    } finally {
      await endAll(folder);
      await Deno.remove(folder, { recursive: true });
    }
  });
}

const settings = (folder: string, more: Record<string, string> = {}) => ({
  PORT: String(freePort()),
  DATA_DIR: join(folder, "data"),
  ADMIN_TOKEN,
  ...more,
});

/** A database on the server that all tests share: quicker than a server of one's own. */
async function withDatabase(work: (url: string) => Promise<void>): Promise<void> {
  const database = await freshDatabase();
  try {
    await work(database.url);
  } finally {
    await database.drop();
  }
}

/** Starts what must not start: one line, and an exit code that is not 0. */
async function refused(env: Record<string, string>, says: RegExp, code?: number): Promise<void> {
  const program = await startProgram({ env });
  const status = await program.ended();
  const said = program.lines.filter((line) => !line.startsWith("making the database"));
  assert.equal(said.length, 1, program.lines.join("\n"));
  assert.match(said[0] ?? "", /^digi-persona did not start: /);
  assert.match(said[0] ?? "", says);
  if (code === undefined) assert.notEqual(status.code, 0);
  else assert.equal(status.code, code);
}

async function call(url: string, path: string, body?: unknown): Promise<{ status: number; body: unknown }> {
  const answer = await fetch(url + path, {
    method: body === undefined ? "GET" : "POST",
    headers: { authorization: `Bearer ${ADMIN_TOKEN}`, "content-type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  return { status: answer.status, body: await answer.json() };
}

/** A persona on the sandbox with a draft: by then a cell runs. */
async function letOneWrite(url: string): Promise<void> {
  const made = await call(url, "/api/v1/personas", { name: "Ada Fern", interests: ["city trees"] });
  const { id } = made.body as { id: string };
  assert.equal(made.status, 201, JSON.stringify(made.body));
  const linked = await call(url, `/api/v1/personas/${id}/connections`, { platform: "sandbox" });
  assert.equal(linked.status, 201, JSON.stringify(linked.body));
  const command = { type: "compose", platform: "sandbox", brief: "why bark peels" };
  const sent = await call(url, `/api/v1/personas/${id}/commands`, command);
  assert.equal(sent.status, 200, JSON.stringify(sent.body));
  await until("a draft that waits for review", async () => {
    const { body } = await call(url, `/api/v1/personas/${id}/posts`);
    return (body as { items: { status: string }[] }).items[0]?.status === "pending_review";
  });
}

startTest(
  "a fresh folder is ready, answers, lets a persona write, drains at SIGTERM, and starts again by `deno task start`",
  async (folder) => {
    const env = settings(folder);
    const first = await startProgram({ env });
    const { url, ms } = await first.ready();
    for (const path of ["/healthz", "/readyz"]) assert.equal((await call(url, path)).status, 200, path);
    await until("the set-up link", () => first.lines.some((line) => line.includes(`${url}/setup?token=`)));
    await letOneWrite(url);
    const begun = performance.now();
    assert.deepEqual(await first.stop(), { code: 0, signal: null }, first.lines.join("\n"));
    const drainMs = Math.round(performance.now() - begun);
    assert.ok(drainMs < 15_000, `it took ${drainMs} ms to end`);

    const second = await startProgram({ env, task: [Deno.execPath(), "task", "start"] });
    const again = await second.ready();
    await letOneWrite(url);
    const command = second.lines.find((line) => line.includes("deno run")) ?? "";
    assert.match(command, /--allow-net /);
    assert.doesNotMatch(command, /--allow-all|-A\b/);
    // The task runner hands it on to the program.
    second.signal("SIGTERM");
    await second.ended();
    await until("the end of the program", async () => (await processesIn(folder)).length === 0);
    assert.ok(second.lines.some((line) => line.startsWith("digi-persona ends")), second.lines.join("\n"));
    console.log(`first start ${ms} ms, second ${again.ms} ms, end ${drainMs} ms`);
  },
);

startTest("one that is killed leaves no server and no cell, and the next start goes on", async (folder) => {
  const env = settings(folder);
  const killed = await startProgram({ env });
  await letOneWrite((await killed.ready()).url);
  const before = await processesIn(folder);
  for (const one of ["postgres -D", "actors/cell/main.ts"]) {
    assert.ok(before.some((line) => line.includes(one)), `${one} runs: ${before.join("\n")}`);
  }
  killed.signal("SIGKILL");
  await killed.ended();
  await until("the end of its children", async () => (await processesIn(folder)).length === 0);
  const next = await startProgram({ env });
  const { url } = await next.ready();
  const { body } = await call(url, "/api/v1/personas");
  assert.equal((body as { items: unknown[] }).items.length, 1);
  assert.equal((await next.stop()).code, 0);
});

startTest("through npx, on a machine with Node only, and with a deep DATA_DIR, it serves", async (folder) => {
  const version = Deno.version.deno;
  const bare = join(folder, "bin");
  await Deno.mkdir(bare);
  // A PATH without deno: only what npx needs.
  for (const name of ["node", "npx", "npm", "sh", "env"]) {
    const { stdout } = await new Deno.Command("sh", { args: ["-c", `command -v ${name}`] }).output();
    const path = new TextDecoder().decode(stdout).trim();
    if (path === "") return skip("npx", `install ${name === "env" || name === "sh" ? name : "Node.js"}`);
    await Deno.symlink(path, join(bare, name));
  }
  // Another prefix: npx would take what is installed for all.
  const env = {
    ...npmSettings(),
    // So deep that the database's socket cannot lie in it.
    ...settings(join(folder, "a-deep-folder/".repeat(6))),
    PATH: `${bare}:/usr/sbin:/sbin`,
    npm_config_prefix: folder,
  };
  const probe = await new Deno.Command(join(bare, "npx"), {
    args: ["-y", `deno@${version}`, "--version"],
    clearEnv: true,
    env,
    cwd: folder,
    stdin: "null",
  }).output();
  if (!probe.success) return skip("npx", `let npx fetch deno@${version}`);
  const program = await startProgram({ env, task: ["npx", "-y", `deno@${version}`, "task", "start"] });
  await letOneWrite((await program.ready()).url);
  const cells = (await processesIn(folder)).filter((line) => line.includes("actors/cell/main.ts"));
  assert.ok(cells.length > 0 && cells.every((line) => line.includes("/_npx/")), cells.join("\n"));
  const main = (await processesIn(folder)).find((line) => line.includes(" main.ts"));
  assert.ok(main, "main names DATA_DIR in its permissions");
  Deno.kill(Number(main.split(" ")[0]), "SIGTERM");
  await program.ended();
});

startTest(
  "a checkout that is somebody else's serves a user who is not root, with the settings of its .env",
  async (folder) => {
    const root = Deno.uid() === 0;
    if (root && Deno.execPath().startsWith("/root/")) {
      return skip("the start as another user", "install deno outside /root");
    }
    const checkout = join(folder, "checkout");
    await copyCheckout(checkout);
    await Deno.chmod(folder, 0o755);
    for (const own of ["home", "data"]) {
      await Deno.mkdir(join(folder, own));
      if (root) await Deno.chown(join(folder, own), 65534, 65534);
    }
    const file = Object.entries(settings(folder, { MAX_LIVE: "0" })).map(([name, value]) =>
      `${name}=${value}\n`
    );
    await Deno.writeTextFile(join(checkout, ".env"), file.join(""));
    const env = { HOME: join(folder, "home"), DENO_DIR: join(folder, "home", "deno") };
    const start = (more: Record<string, string> = {}) =>
      startProgram({ env: { ...env, ...more }, folder: checkout, before: root ? NOBODY : [] });
    const bad = await start();
    assert.equal((await bad.ended()).code, 78);
    assert.match(bad.lines.join("\n"), /^digi-persona did not start: MAX_LIVE must be .*$/);
    const program = await start({ MAX_LIVE: "7" });
    await letOneWrite((await program.ready()).url);
    if (root) assert.equal((await Deno.stat(join(folder, "data", "postgres"))).uid, 65534);
    assert.equal((await program.stop()).code, 0);
  },
);

startTest("a taken port, and a DATA_DIR that is in use, are each named in one line", async (folder) => {
  const env = settings(folder);
  const program = await startProgram({ env });
  await program.ready();
  await refused({ ...env, PORT: String(freePort()) }, /DATA_DIR .*data is in use .*process \d+/);
  await withDatabase((url) =>
    refused(
      { ...env, DATA_DIR: join(folder, "other"), DATABASE_URL: url },
      new RegExp(`port ${env.PORT} .*taken`),
    )
  );
  assert.equal((await program.stop()).code, 0);
});

startTest(
  "a database that another program writes is named in one line, and TAKE_OVER=1 ends that program with 86",
  (folder) =>
    withDatabase(async (DATABASE_URL) => {
      const old = await startProgram({ env: settings(join(folder, "a"), { DATABASE_URL }) });
      await old.ready();
      const env = settings(join(folder, "b"), { DATABASE_URL });
      await refused(env, /another process writes this database.*TAKE_OVER=1/);
      const next = await startProgram({ env: { ...env, TAKE_OVER: "1" } });
      await next.ready();
      assert.equal((await old.ended()).code, 86, old.lines.join("\n"));
      assert.equal((await next.stop()).code, 0);
    }),
);

startTest(
  "a filled vault without its key is refused in one line, and no new key is made",
  (folder) =>
    withDatabase(async (DATABASE_URL) => {
      const env = settings(folder, { DATABASE_URL });
      const program = await startProgram({ env });
      // Linking puts the account's token into the vault.
      await letOneWrite((await program.ready()).url);
      await program.stop();
      const key = join(folder, "data", "vault.key");
      await Deno.remove(key);
      await refused(env, /The vault holds secrets, and its key is missing/);
      await assert.rejects(Deno.stat(key), Deno.errors.NotFound);
      await refused({ ...env, DIGI_PERSONA_KEY: btoa("x".repeat(32)) }, /another key/);
    }),
);

startTest(
  "a database that does not answer, and addresses and folders that cannot be used, are each named in one line",
  async (folder) => {
    const away = `postgres://nobody:secret-word@127.0.0.1:${freePort()}/nothing`;
    const program = await startProgram({ env: settings(folder, { DATABASE_URL: away }) });
    assert.equal((await program.ended()).code, 1);
    assert.equal(program.lines.length, 1, program.lines.join("\n"));
    assert.match(program.lines[0] ?? "", /did not start: The database at 127\.0\.0\.1:\d+ does not answer/);
    assert.doesNotMatch(program.lines[0] ?? "", /secret-word/);
    const file = join(folder, "a-file");
    await Deno.writeTextFile(file, "");
    await refused(settings(folder, { DATA_DIR: file }), /DATA_DIR .*a-file cannot be used/);
    await withDatabase((url) =>
      refused(settings(folder, { DATABASE_URL: url, HOST: "192.0.2.1" }), /HOST 192\.0\.2\.1/)
    );
    await spacedFolderRefused(join(folder, "a space"));
  },
);

/** The task's helper says it, and nothing runs without permissions. */
async function spacedFolderRefused(dataDir: string): Promise<void> {
  const program = await startProgram({
    env: { DATA_DIR: dataDir },
    task: [Deno.execPath(), "task", "--quiet", "start"],
  });
  assert.deepEqual(await program.ended(), { code: 78, signal: null });
  assert.deepEqual(program.lines, [
    `digi-persona did not start: a path with a space or a comma cannot be permitted: ${dataDir}`,
  ]);
}

startTest(
  "each kind of bad setting is named in one line with exit code 78, a secret without its value",
  async (folder) => {
    const bad: [string, string, RegExp][] = [
      ["PORT", "0", /PORT must be a whole number from 1 to 65535, not “0”/],
      ["PORT", "http", /PORT must be a whole number/],
      ["TRUST_PROXY", "perhaps", /TRUST_PROXY must be 1 or 0, not “perhaps”/],
      ["PUBLIC_URL", "ftp://example.org", /PUBLIC_URL must be an http or https address/],
      ["PUBLIC_URL", "https://example.org/path", /PUBLIC_URL must be an origin only/],
      ["DATABASE_URL", "mysql://u:hidden@h/d", /DATABASE_URL must begin with postgres/],
      ["ADMIN_TOKEN", "hidden", /ADMIN_TOKEN must have at least 32 characters/],
      ["ADMIN_TOKEN_FILE", join(folder, "none"), /ADMIN_TOKEN_FILE names a file that cannot be read/],
      ["OPENAI_BASE_URL", "nowhere", /OPENAI_BASE_URL must be an http or https address/],
      ["ALLOWED_ORIGINS", "http://127.0.0.1:2583, nowhere", /ALLOWED_ORIGINS must be/],
    ];
    await Promise.all(bad.map(async ([name, value, says]) => {
      const env = settings(folder, { [name]: value });
      if (name === "ADMIN_TOKEN_FILE") env.ADMIN_TOKEN = "";
      const program = await startProgram({ env });
      assert.equal((await program.ended()).code, 78, name);
      assert.equal(program.lines.length, 1, program.lines.join("\n"));
      assert.match(program.lines[0] ?? "", says);
      assert.doesNotMatch(program.lines[0] ?? "", /hidden/);
    }));
    await assert.rejects(Deno.stat(join(folder, "data")), Deno.errors.NotFound);
  },
);

function skip(what: string, how: string): void {
  if (Deno.env.get("CI") === "true") throw new Error(`cannot test ${what}: ${how}`);
  console.log(`skipped ${what}, to run it: ${how}`);
}

/** How npm reaches its packages here, and where it keeps them. */
function npmSettings(): Record<string, string> {
  const kept = Object.entries(Deno.env.toObject()).filter(([name]) =>
    /^(npm_config_|NODE_EXTRA_CA_CERTS$|HTTPS?_PROXY$|NO_PROXY$)/i.test(name)
  );
  return Object.fromEntries(kept);
}
