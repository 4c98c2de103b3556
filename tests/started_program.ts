/** Test equipment: the real program as a process of its own, with exactly the permissions of `deno task start`. */
import { join } from "node:path";

export const ROOT = new URL("../", import.meta.url).pathname.replace(/\/$/, "");

/** What a running checkout consists of: the same list as in the Dockerfile. */
const PARTS = [
  "main.ts",
  "config.ts",
  "deno.json",
  "deno.lock",
  "actors",
  "db",
  "media",
  "routes",
  "start",
  "static",
];
const READY_LIMIT_MS = 60_000;
const END_LIMIT_MS = 45_000;

export interface StartOptions {
  /** The folder to start in, with `deno.json`. @default this checkout */
  folder?: string;
  /** Settings. Nothing else of this process's environment is passed on but PATH, HOME and what Deno and TLS need. */
  env: Record<string, string>;
  /** A program and arguments before Deno's own, for another user. It must end in an exec. */
  before?: string[];
  /** Through `deno task start`, rather than the same command without the task. @default false */
  task?: string[];
}

export interface StartedProgram {
  pid: number;
  /** What it has said so far, on either stream. */
  lines: string[];
  /** Resolves when it says that it is ready. Throws with its lines when it ends before. */
  ready(): Promise<{ url: string; ms: number; setUpLink: string | null }>;
  /** Resolves when it has ended. */
  ended(): Promise<{ code: number; signal: string | null }>;
  signal(name: Deno.Signal): void;
  /** SIGTERM, then the end. */
  stop(): Promise<{ code: number; signal: string | null }>;
}

/** Every program that was started here and has not ended. */
const running = new Set<StartedProgram>();

/** Kills what a failed test has left running, and what that has left in `folder`. */
export async function endAll(folder: string): Promise<void> {
  for (const program of running) program.signal("SIGKILL");
  for (const line of await processesIn(folder)) {
    try {
      Deno.kill(Number(line.split(" ")[0]), "SIGKILL");
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
  await Promise.all([...running].map((program) => program.ended()));
}

export async function startProgram(options: StartOptions): Promise<StartedProgram> {
  const folder = options.folder ?? ROOT;
  const env = {
    ...passedOn(),
    NO_COLOR: "1",
    DENO_NO_UPDATE_CHECK: "1",
    // Nobody answers personas unless a test asks for it.
    SANDBOX_AUDIENCE: "0",
    ...options.env,
  };
  const command = options.task ?? [Deno.execPath(), ...await startArguments(folder, env)];
  const [program = "", ...args] = [...options.before ?? [], ...command];
  const child = new Deno.Command(program, {
    args,
    cwd: folder,
    clearEnv: true,
    env,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const lines: string[] = [];
  const heard = new Set<() => void>();
  const drain = async (stream: ReadableStream<Uint8Array>) => {
    let rest = "";
    for await (const text of stream.pipeThrough(new TextDecoderStream())) {
      const parts = (rest + text).split("\n");
      rest = parts.pop() ?? "";
      lines.push(...parts);
      for (const listener of heard) listener();
    }
    if (rest !== "") lines.push(rest);
  };
  let gone = false;
  let over = false;
  const drained = Promise.all([drain(child.stdout), drain(child.stderr)]);
  const ending = child.status.then(async ({ code, signal }) => {
    gone = true;
    await drained;
    over = true;
    running.delete(started);
    for (const listener of heard) listener();
    return { code, signal };
  });
  const signal = (name: Deno.Signal) => {
    if (!gone) child.kill(name);
  };
  const ended = async () => {
    const timer = setTimeout(() => signal("SIGKILL"), END_LIMIT_MS);
    const status = await ending;
    clearTimeout(timer);
    return status;
  };
  const started: StartedProgram = {
    pid: child.pid,
    lines,
    ready: () =>
      new Promise((resolve, reject) => {
        const fail = (why: string) => done(() => reject(new Error(`${why}; it said:\n${lines.join("\n")}`)));
        const timer = setTimeout(() => fail("the program was not ready in time"), READY_LIMIT_MS);
        const done = (settle: () => void) => {
          clearTimeout(timer);
          heard.delete(look);
          settle();
        };
        const look = () => {
          const match = lines.map((line) => /is ready in (\d+) ms at (\S+)/.exec(line)).find((one) => one);
          const setUpLink = lines.map((line) => /(http\S+\/setup\?token=\S+)/.exec(line)?.[1])
            .find((one) => one !== undefined);
          // The link is the last thing that it says while there is no owner.
          if (match?.[1] && match[2]) {
            const [, ms, url] = match;
            done(() => resolve({ url: url ?? "", ms: Number(ms), setUpLink: setUpLink ?? null }));
          } else if (over) fail("the program ended before it was ready");
        };
        heard.add(look);
        look();
      }),
    ended,
    signal,
    stop: () => {
      signal("SIGTERM");
      return ended();
    },
  };
  running.add(started);
  return started;
}

/** The arguments that the task `start` gives to Deno, with the flags that depend on machine and settings. */
async function startArguments(folder: string, env: Record<string, string>): Promise<string[]> {
  const { tasks } = JSON.parse(await Deno.readTextFile(join(folder, "deno.json"))) as {
    tasks: Record<string, string>;
  };
  const [, before = "", helper = "", after = ""] = /^deno (.*)\$\(deno (.*)\)(.*)$/.exec(tasks.start ?? "") ??
    [];
  const words = (text: string) => text.trim().split(/\s+/).filter((word) => word !== "");
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: words(helper),
    cwd: folder,
    clearEnv: true,
    env,
    stdin: "null",
  }).output();
  if (code !== 0) {
    throw new Error(`the task start cannot say its permissions: ${new TextDecoder().decode(stderr)}`);
  }
  return [...words(before), ...words(new TextDecoder().decode(stdout)), ...words(after)];
}

/** A port that was free a moment ago. */
export function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

/**
 * A copy of what runs, with its packages, in a folder that every user may read: for a `.env` of its own, for another user.
 * Packages are hard links where the file system allows.
 */
export async function copyCheckout(target: string): Promise<void> {
  await Deno.mkdir(target, { recursive: true });
  const copy = (flags: string, parts: string[]) =>
    new Deno.Command("cp", { args: [flags, ...parts.map((part) => join(ROOT, part)), target] }).output();
  const files = await copy("-a", PARTS);
  if (!files.success) throw new Error(new TextDecoder().decode(files.stderr));
  if ((await copy("-al", ["node_modules"])).success) return;
  await Deno.remove(join(target, "node_modules"), { recursive: true });
  const packages = await copy("-a", ["node_modules"]);
  if (!packages.success) throw new Error(new TextDecoder().decode(packages.stderr));
}

/** Processes that work for what lies in `folder`, as the system sees them: the server, its guard, cells. Linux only. */
export async function processesIn(folder: string): Promise<string[]> {
  const found: string[] = [];
  for await (const { name } of Deno.readDir("/proc")) {
    if (!/^\d+$/.test(name) || Number(name) === Deno.pid) continue;
    try {
      const command = (await Deno.readTextFile(`/proc/${name}/cmdline`)).replaceAll("\0", " ");
      if (command.includes(folder)) found.push(`${name} ${command}`);
    } catch (error) {
      // It ended between the look at the list and the look at it.
      if (!(error instanceof Deno.errors.NotFound) && (error as { code?: string }).code !== "ESRCH") {
        throw error;
      }
    }
  }
  return found;
}

/** Polls until `condition` holds. Throws with `what` after `limitMs`. */
export async function until(
  what: string,
  condition: () => Promise<boolean> | boolean,
  limitMs = 15_000,
): Promise<void> {
  const deadline = Date.now() + limitMs;
  while (!await condition()) {
    if (Date.now() > deadline) throw new Error(`${what} did not come within ${limitMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function passedOn(): Record<string, string> {
  const names = [
    "PATH",
    "HOME",
    "DENO_DIR",
    "XDG_CACHE_HOME",
    "DENO_CERT",
    "DENO_TLS_CA_STORE",
    "SSL_CERT_FILE",
  ];
  return Object.fromEntries(names.flatMap((name) => {
    const value = Deno.env.get(name);
    return value === undefined ? [] : [[name, value]];
  }));
}
