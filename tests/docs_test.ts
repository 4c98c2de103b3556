/** What is written for people is true: generated parts are fresh, links lead somewhere, marked commands run. */
import assert from "node:assert/strict";
import { dirname, join } from "node:path";
import { CONFIGURATION, ENV_EXAMPLE, envExample, withTable } from "../start/settings_docs.ts";
import { skips } from "./database.ts";
import { startProgram } from "./program.ts";
import { ROOT } from "./started_program.ts";

/** Where nothing of ours lies. */
const NOT_OURS = /(^|\/)(node_modules|\.git|data|coverage|secrets)(\/|$)/;
/** May name what no other file may: this one, to look for it, and what tools write by themselves. */
const MAY_NAME_HOSTS = ["tests/docs_test.ts", "deno.lock", "tests/bluesky_network/package-lock.json"];

interface Text {
  path: string;
  text: string;
}

/** Every text file of the project, by its path in it. */
async function texts(): Promise<Text[]> {
  const found: Text[] = [];
  const walk = async (folder: string): Promise<void> => {
    for await (const entry of Deno.readDir(join(ROOT, folder))) {
      const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
      if (NOT_OURS.test(path) || /^\.env$|\.log$/.test(entry.name)) continue;
      if (entry.isDirectory) await walk(path);
      else if (entry.isFile) {
        const bytes = await Deno.readFile(join(ROOT, path));
        if (!bytes.includes(0)) found.push({ path, text: new TextDecoder().decode(bytes) });
      }
    }
  };
  await walk("");
  return found;
}

const markdown = async () => (await texts()).filter(({ path }) => path.endsWith(".md"));
const read = (path: string) => Deno.readTextFile(join(ROOT, path));

Deno.test("docs: .env.example and the table of settings are what config.ts says; if not, run `deno task docs`", async () => {
  assert.equal(await Deno.readTextFile(ENV_EXAMPLE), envExample());
  const text = await Deno.readTextFile(CONFIGURATION);
  assert.equal(text, withTable(text));
});

Deno.test("docs: every link inside the project leads to a file and a heading that are there", async () => {
  const broken: string[] = [];
  const anchors = new Map<string, Set<string>>();
  const pages = await markdown();
  for (const { path, text } of pages) anchors.set(path, new Set(headings(text)));
  for (const { path, text } of pages) {
    for (const [, target = ""] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^[a-z]+:/.test(target)) continue;
      const [file = "", anchor] = target.split("#");
      const leads = file === "" ? path : join(dirname(path), file);
      if (!await exists(leads) || anchor && !anchors.get(leads)?.has(anchor)) {
        broken.push(`${path}: ${target}`);
      }
    }
  }
  assert.deepEqual(broken, []);
});

Deno.test("docs: files and folders that the README and pages on how it is built name are there", async () => {
  const missing: string[] = [];
  const pages = ["architecture.md", "supervision.md", "platforms.md", "dependencies.md", "security.md"]
    .map((name) => `docs/${name}`);
  for (const page of [...pages, "README.md", "CONTRIBUTING.md"]) {
    for (const [, path = ""] of (await read(page)).matchAll(/`([\w.]+(?:\/[\w.]+)*\/?)`/g)) {
      const looksLikePath = /^(actors|bench|db|docs|media|ops|routes|start|static|tests|\.ci)\//.test(path) ||
        /^(?!x_)[\w-]+\.(ts|sh|json|yaml)$/.test(path);
      const below = ["", "db/embedded/", "db/log/"].map((folder) => folder + path);
      const found = await Promise.all(below.map((one) => exists(one)));
      if (looksLikePath && !found.includes(true)) missing.push(`${page}: ${path}`);
    }
  }
  assert.deepEqual(missing, []);
});

Deno.test("docs: architecture.md names the permissions that the task `start` has, and every table", async () => {
  const text = await read("docs/architecture.md");
  const { tasks } = JSON.parse(await read("deno.json")) as { tasks: Record<string, string> };
  const flags = (tasks.start ?? "").split("$(")[0]?.match(/--allow-\S+/g) ?? [];
  assert.ok(flags.length > 0);
  for (const flag of flags) assert.ok(text.includes(flag), flag);
  for (const { path, text: sql } of await texts()) {
    if (!path.startsWith("db/migrations/")) continue;
    for (const [, table = ""] of sql.matchAll(/create table (\w+)/g)) {
      assert.ok(text.includes(`\`${table}\``), table);
    }
  }
});

Deno.test("docs: the container runs with the permissions of the task `start`", async () => {
  const { tasks } = JSON.parse(await read("deno.json")) as { tasks: Record<string, string> };
  const helper = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--allow-read", "--allow-env", "start/permissions.ts"],
    cwd: ROOT,
    clearEnv: true,
    env: { DATA_DIR: "/data", HOME: Deno.env.get("HOME") ?? "/", DENO_DIR: Deno.env.get("DENO_DIR") ?? "" },
  }).output();
  const task = `${tasks.start?.split("$(")[0]} ${new TextDecoder().decode(helper.stdout)}`;
  const expected = (task.match(/--allow-\S+/g) ?? []).map((flag) =>
    flag.replace(Deno.execPath(), "/usr/local/bin/deno").replace(/^(--allow-read=.*)$/, "$1,/run/secrets")
  );
  const dockerfile = (await read("Dockerfile")).replaceAll("\\\n", "");
  const commands = [...dockerfile.matchAll(/^CMD (\[.*\])$/gm)].map(([, json = "[]"]) =>
    JSON.parse(json) as string[]
  );
  const command = commands.at(-1) ?? [];
  assert.deepEqual(command.filter((word) => word.startsWith("--allow-")).sort(), expected.sort());
  assert.equal(command.at(-1), "main.ts");
  assert.match(dockerfile, new RegExp(`deno@${Deno.version.deno}\\b`));
});

Deno.test("docs: dependencies.md lists every package that is asked for, and no other", async () => {
  const text = await read("docs/dependencies.md");
  const { imports } = JSON.parse(await read("deno.json")) as { imports: Record<string, string> };
  const network = JSON.parse(await read("tests/bluesky_network/package.json")) as {
    dependencies: Record<string, string>;
  };
  const listed = [...text.matchAll(/^\| `([^`]+)` +\| ([^|]+) \| ([^|]+) \|/gm)];
  const names = listed.map(([, name = ""]) => name).sort();
  assert.deepEqual(names, [...Object.keys(imports), ...Object.keys(network.dependencies)].sort());
  for (const [, name, licence = "", why = ""] of listed) {
    assert.ok(licence.trim() !== "" && why.trim() !== "", `${name} has a licence and a reason`);
  }
  for (const version of Object.values(imports)) assert.match(version, /^npm:.+@\d+\.\d+\.\d+[\w.-]*$/);
});

Deno.test("docs: what operations.md says that the program says, it can say", async () => {
  const source = (await texts()).filter(({ path }) =>
    /\.(ts|sh)$/.test(path) && !/_test\.ts$|^tests\//.test(path)
  )
    .map(({ text }) => text).join("\n");
  const lines = [...(await read("docs/operations.md")).matchAll(/^\| `([^`]+)` +\|/gm)].map(([, line = ""]) =>
    line
  );
  assert.ok(lines.length > 5);
  for (const line of lines) {
    for (const part of line.split("…")) {
      assert.ok(source.includes(part.trim()), `nothing says “${part.trim()}”`);
    }
  }
});

Deno.test("docs: no file names a path of one machine or a registry's host", async () => {
  const named: string[] = [];
  const hostile =
    /(^|[\s"'`(=:,])(\/work\/|\/root\/\w|\/home\/(?!deno\b)\w+\/)|registry\.npmjs|npm\.jsr\.io|deno\.land\/x/;
  for (const { path, text } of await texts()) {
    if (MAY_NAME_HOSTS.includes(path)) continue;
    for (const [index, line] of text.split("\n").entries()) {
      if (hostile.test(line)) named.push(`${path}:${index + 1}: ${line.trim().slice(0, 100)}`);
    }
  }
  assert.deepEqual(named, []);
});

Deno.test("docs: blocks that are marked `sh test` run as they stand against a running program", async () => {
  if (await skips("embedded")) return;
  const blocks = (await markdown()).flatMap(({ path, text }) =>
    [...text.matchAll(/^```sh test\n([\s\S]*?)^```$/gm)].map(([, script = ""]) => ({ path, script }))
  );
  assert.ok(blocks.length > 0, "some block is marked");
  const program = await startProgram();
  const folder = await Deno.makeTempDir({ prefix: "digi-persona-docs-" });
  try {
    for (const { path, script } of blocks) {
      const { code, stdout, stderr } = await new Deno.Command("bash", {
        args: ["-euo", "pipefail", "-c", script],
        cwd: folder,
        clearEnv: true,
        env: {
          PATH: Deno.env.get("PATH") ?? "",
          HOME: folder,
          API: program.url,
          ADMIN_TOKEN: program.adminToken,
          CHECKOUT: ROOT,
        },
        stdin: "null",
        signal: AbortSignal.timeout(60_000),
      }).output();
      const said = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
      assert.equal(code, 0, `${path}:\n${script}\nsaid:\n${said}`);
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
    await program.dispose();
  }
});

/** Headings as the addresses that they get on a code host. */
function headings(text: string): string[] {
  const prose = text.replace(/^```[\s\S]*?^```$/gm, "");
  return [...prose.matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) =>
    heading.toLowerCase().replace(/[^\p{L}\p{N}\s_-]/gu, "").trim().replaceAll(/\s/g, "-")
  );
}

async function exists(path: string): Promise<boolean> {
  try {
    await Deno.stat(join(ROOT, path));
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) return false;
    throw error;
  }
}
