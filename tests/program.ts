/** Test equipment: the real program with a life of its own: a data folder, a port, settings; it can be stopped, killed and started again. */
import { join } from "node:path";
import {
  freePort,
  processesIn,
  type StartedProgram,
  startProgram as startProcess,
  until,
} from "./started_program.ts";

export { until };

export const OWNER = { name: "Ada Lovelace", password: "tandem gravel orchid 47" };

export interface ProgramOptions {
  /** Settings beside port, data folder and ADMIN_TOKEN. */
  env?: Record<string, string>;
  /** @default a new one, removed by `dispose` */
  dataDir?: string;
}

export interface RunningProgram {
  /** `http://127.0.0.1:port`; the same after `restart`. */
  url: string;
  dataDir: string;
  adminToken: string;
  /** The latest one printed; waits for it. */
  setUpLink(): Promise<string>;
  readonly pid: number;
  /** All that it has said in all its lives, on either stream. */
  output(): string;
  /** SIGTERM; resolves with how it ended. */
  stop(): Promise<{ code: number; signal: string | null }>;
  /** SIGKILL; resolves when it is gone. */
  kill(): Promise<void>;
  /** After `stop` or `kill`. Resolves when it is ready again. */
  start(): Promise<void>;
  /** `stop`, then `start`. */
  restart(): Promise<void>;
  /** Processes that belong to it, and are there now. Linux only. */
  processes(): Promise<string[]>;
  /** A request to it. The body is sent as JSON; ADMIN_TOKEN is used unless `as` says otherwise. */
  call(method: string, path: string, options?: CallOptions): Promise<Answer>;
  /** Makes the owner through the set-up link, as a browser would; the cookie of the session. */
  setUpOwner(): Promise<string>;
  /** The owner's session anew. */
  logIn(): Promise<string>;
  /** Ends what runs and removes the data. */
  dispose(): Promise<void>;
}

export interface CallOptions {
  body?: unknown;
  raw?: BodyInit;
  headers?: Record<string, string>;
  /** A bearer token, a session's cookie, or nobody. @default ADMIN_TOKEN */
  as?: { token: string } | { cookie: string } | null;
}

export interface Answer {
  status: number;
  headers: Headers;
  text: string;
  /** The parsed body; null where it is no JSON. */
  // deno-lint-ignore no-explicit-any
  json: any;
}

/** Starts the real program on a free port and waits until it is ready. */
export async function startProgram(options: ProgramOptions = {}): Promise<RunningProgram> {
  const dataDir = options.dataDir ?? await Deno.makeTempDir({ prefix: "digi-persona-life-" });
  const adminToken = `admin-${crypto.randomUUID()}`;
  const port = freePort();
  const env = {
    PORT: String(port),
    DATA_DIR: join(dataDir, "data"),
    ADMIN_TOKEN: adminToken,
    ...options.env,
  };
  const url = `http://127.0.0.1:${port}`;
  const earlier: string[] = [];
  let running: StartedProgram | null = null;

  async function start(): Promise<void> {
    if (running !== null) throw new Error("it runs already");
    running = await startProcess({ env });
    try {
      await running.ready();
    } catch (error) {
      running.signal("SIGKILL");
      await running.ended();
      throw error;
    }
  }

  async function end(how: (process: StartedProgram) => Promise<{ code: number; signal: string | null }>) {
    if (running === null) throw new Error("it does not run");
    const status = await how(running);
    earlier.push(...running.lines);
    running = null;
    return status;
  }

  const stop = () => end((process) => process.stop());
  const kill = async () => {
    await end((process) => {
      process.signal("SIGKILL");
      return process.ended();
    });
  };

  const call: RunningProgram["call"] = async (
    method,
    path,
    { body, raw, headers, as = { token: adminToken } } = {},
  ) => {
    const who: Record<string, string> = as === null
      ? {}
      : "token" in as
      ? { authorization: `Bearer ${as.token}` }
      : { cookie: as.cookie };
    const answer = await fetch(url + path, {
      method,
      redirect: "manual",
      headers: {
        origin: url,
        "x-digi-persona": "1",
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...who,
        ...headers,
      },
      body: body === undefined ? raw : JSON.stringify(body),
      signal: AbortSignal.timeout(30_000),
    });
    const text = await answer.text();
    return { status: answer.status, headers: answer.headers, text, json: parsed(text) };
  };

  const door = async (path: string, fields: Record<string, string>): Promise<string> => {
    const answer = await call("POST", path, { raw: new URLSearchParams(fields), as: null });
    const cookie = answer.headers.getSetCookie()[0]?.split(";")[0];
    if (answer.status !== 303 || cookie === undefined) {
      throw new Error(`${path}: ${answer.status} ${answer.text}`);
    }
    return cookie;
  };

  const setUpLink = async () => {
    const find = () =>
      running?.lines.map((line) => /http\S+\/setup\?token=\S+/.exec(line)?.[0]).findLast((link) =>
        link !== undefined
      );
    await until("the set-up link", () => find() !== undefined);
    return find() ?? "";
  };

  try {
    await start();
  } catch (error) {
    if (options.dataDir === undefined) await Deno.remove(dataDir, { recursive: true });
    throw error;
  }

  return {
    url,
    dataDir,
    adminToken,
    setUpLink,
    get pid() {
      if (running === null) throw new Error("it does not run");
      return running.pid;
    },
    output: () => [...earlier, ...running?.lines ?? []].join("\n"),
    stop,
    kill,
    start,
    restart: async () => {
      const { code, signal } = await stop();
      if (code !== 0) throw new Error(`it ended with ${signal ?? code}`);
      await start();
    },
    processes: () => processesIn(dataDir),
    call,
    setUpOwner: async () => {
      const token = new URL(await setUpLink()).searchParams.get("token") ?? "";
      return await door("/setup", { token, ...OWNER });
    },
    logIn: () => door("/login", { ...OWNER, next: "/" }),
    dispose: async () => {
      if (running !== null) await kill();
      await until("the end of its processes", async () => (await processesIn(dataDir)).length === 0, 30_000);
      await Deno.remove(dataDir, { recursive: true });
    },
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
