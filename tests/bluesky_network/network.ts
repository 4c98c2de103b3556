import { folder, install, missing, nodePath } from "./install.ts";

export { missing };

export interface BlueskyNetwork {
  /** Origins, all on this machine, such as `http://localhost:41234`. */
  pdsUrl: string;
  plcUrl: string;
  appViewUrl: string;
  /** Makes an account on the PDS; `handle` ends in `.test`. */
  createAccount(account: NewAccount): Promise<{ did: string }>;
  /** Ends the network and its Postgres and removes its data. */
  stop(): Promise<void>;
}

export interface NewAccount {
  handle: string;
  password: string;
  email: string;
}

export interface NetworkOptions {
  /** @default free ones */
  ports?: { pds?: number; plc?: number; appView?: number };
  /** Whether the PDS counts requests and says so in its headers, as public ones do. @default false */
  rateLimits?: boolean;
  /** Told when something takes long. @default nothing is said */
  say?: (line: string) => void;
}

const START_DEADLINE_MS = 60_000;
const STDERR_KEPT = 4000;

/**
 * A real AT Protocol network (PLC, PDS, AppView), installed on first use, on 127.0.0.1. Its state is new at each
 * start and gone at the end; it ends with this process, however that ends.
 */
export async function startBlueskyNetwork(
  options: NetworkOptions = {},
): Promise<BlueskyNetwork> {
  const lacking = await missing();
  if (lacking !== null) throw new Error(lacking);
  await install(options.say);

  // Not below the project: as root, Postgres runs as `nobody`, who must be able to enter.
  const data = await Deno.makeTempDir({ prefix: "bluesky-network-" });
  await Deno.chmod(data, 0o755);
  const child = new Deno.Command(nodePath, {
    args: [
      `${folder}network.mjs`,
      data,
      JSON.stringify({
        ports: options.ports ?? {},
        rateLimits: options.rateLimits ?? false,
      }),
    ],
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
    clearEnv: true,
    env: { PATH: Deno.env.get("PATH") ?? "", HOME: data },
  }).spawn();
  const complaints = keepEnd(child.stderr);
  const ready = await firstLine(child.stdout);
  if (ready.line === null) {
    await kill(child);
    await Deno.remove(data, { recursive: true }).catch(ignoreNotFound);
    throw new Error(
      `the Bluesky test network did not start: ${await complaints}`,
    );
  }
  const urls = JSON.parse(ready.line) as Pick<
    BlueskyNetwork,
    "pdsUrl" | "plcUrl" | "appViewUrl"
  >;

  return {
    ...urls,
    createAccount: (account) => createAccount(urls.pdsUrl, account),
    async stop() {
      await child.stdin.close();
      await Promise.all([child.status, ready.drained, complaints]);
    },
  };
}

async function createAccount(
  pdsUrl: string,
  account: NewAccount,
): Promise<{ did: string }> {
  const answer = await fetch(
    `${pdsUrl}/xrpc/com.atproto.server.createAccount`,
    {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(account),
      signal: AbortSignal.timeout(20_000),
    },
  );
  const body = await answer.json();
  if (!answer.ok) {
    throw new Error(
      `${account.handle} was not created: ${JSON.stringify(body)}`,
    );
  }
  return { did: body.did };
}

/** The first line of a stream (null when it ends without one, or too late); the rest of it is read and dropped. */
async function firstLine(
  stream: ReadableStream<Uint8Array>,
): Promise<{ line: string | null; drained: Promise<void> }> {
  const lines = stream.pipeThrough(new TextDecoderStream()).getReader();
  let late: ReturnType<typeof setTimeout> | undefined;
  const tooLate = new Promise<null>((resolve) => late = setTimeout(() => resolve(null), START_DEADLINE_MS));
  let text = "";
  while (!text.includes("\n")) {
    const read = await Promise.race([lines.read(), tooLate]);
    if (read === null || read.done) break;
    text += read.value;
  }
  clearTimeout(late);
  const end = text.indexOf("\n");
  return { line: end < 0 ? null : text.slice(0, end), drained: drain(lines) };
}

async function drain(
  reader: ReadableStreamDefaultReader<string>,
): Promise<void> {
  while (!(await reader.read()).done);
}

async function keepEnd(stream: ReadableStream<Uint8Array>): Promise<string> {
  let kept = "";
  for await (const text of stream.pipeThrough(new TextDecoderStream())) {
    kept = (kept + text).slice(-STDERR_KEPT);
  }
  return kept;
}

async function kill(child: Deno.ChildProcess): Promise<void> {
  try {
    child.kill("SIGKILL");
  } catch (error) {
    if (!(error instanceof TypeError)) throw error; // it has ended already
  }
  await child.status;
}

function ignoreNotFound(error: unknown): void {
  if (!(error instanceof Deno.errors.NotFound)) throw error;
}
