/**
 * A short life of the real program among indiscreet neighbours: a Bluesky server and a model that repeat every secret they are
 * given, a persona file full of keys. Afterwards nothing that the program keeps, says or shows holds any of them.
 */
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import pg from "pg";
import { runningEmbedded } from "../db/embedded/embedded.ts";
import { skips } from "./database.ts";
import { OWNER, type RunningProgram, startProgram, until } from "./program.ts";
import { ROOT } from "./started_program.ts";
import { startModelStandIn } from "./stand_ins/model/stand_in.ts";

/** Stands in the persona's background: what is scanned must hold it somewhere, or the scan sees nothing. */
const MARK = "Marisol keeps the lighthouse of Nowhere Point";

const random = (length = 24) =>
  crypto.getRandomValues(new Uint8Array(length)).toBase64({ alphabet: "base64url" }).replace(/[-_]/g, "x");

const PLANTED = {
  "vault key": crypto.getRandomValues(new Uint8Array(32)).toBase64(),
  "model key": `sk-proj-${random()}`,
  "Bluesky password": `Aa1&+/="'<${random()}`,
  "wrong Bluesky password": random(),
  "access token": `eyJ${random()}.${random(48)}.${random()}`,
  "refresh token": `eyJ${random()}.${random(48)}.${random()}`,
  "renewed access token": `plain${random(48)}`,
  "renewed refresh token": `plain${random(48)}`,
  "key in a persona file's settings": `sk-${random(36)}`,
  "key in a persona file's text": `sk-ant-api03-${random(48)}`,
  "token in a persona file's secrets": `xoxb-${random(36)}`,
};
type Planted = Record<string, string>;

Deno.test({
  name:
    "secrets: after a life among indiscreet neighbours none is in database, events, output, pages, lists, exports, backup or processes",
  sanitizeOps: false,
  sanitizeResources: false,
  async fn() {
    if (await skips("embedded")) return;
    await using ends = new AsyncDisposableStack();
    const pds = await startIndiscreetPds();
    ends.defer(() => pds.stop());
    const model = await startModelStandIn({ apiKey: PLANTED["model key"] });
    ends.defer(() => model.stop());
    const env = {
      DIGI_PERSONA_KEY: PLANTED["vault key"],
      OPENAI_API_KEY: PLANTED["model key"],
      OPENAI_BASE_URL: model.url,
      OPENAI_MODEL: "stand-in-1",
      ALLOWED_ORIGINS: pds.origin,
    };
    const program = await startProgram({ env });
    ends.defer(() => program.dispose());
    const planted: Planted = {
      ...PLANTED,
      ADMIN_TOKEN: program.adminToken,
      "owner's password": OWNER.password,
      "set-up link": new URL(await program.setUpLink()).searchParams.get("token") ?? "",
    };
    // It must be printed; after its use it opens nothing.
    const printedByDesign = new Set(["set-up link"]);
    const first = await program.setUpOwner();
    const cookie = await program.logIn();
    planted["session"] = valueOf(cookie);
    planted["earlier session"] = valueOf(first);
    const madeToken = await program.call("POST", "/api/v1/tokens", {
      as: { cookie },
      body: { name: "robot", scopes: ["read", "metrics"] },
    });
    planted["API token"] = madeToken.json.token;
    await program.call("GET", "/api/v1/personas", { as: { token: planted["API token"] ?? "" } });

    const frames = await listen(program, cookie);
    ends.defer(() => frames.close());
    const life = await live(program, model, pds.origin);

    const scan = new Scan(planted);
    for (const path of await pagesOf(program, life)) {
      const answer = await program.call("GET", path, {
        as: { cookie },
        headers: { accept: path.startsWith("/api") ? "*/*" : "text/html" },
      });
      assert.equal(answer.status, 200, path);
      scan.look(`GET ${path}`, answer.text);
    }
    scan.look("live updates", frames.text());
    await scanDatabase(program, scan);
    await scanBackup(program, scan, env);
    await scanProcesses(program, scan);
    scan.look("output", program.output(), printedByDesign);
    const answered = life.answers.join("\n");
    scan.look("answers to commands", answered);

    assert.deepEqual(scan.found, []);
    for (const place of ["column", "GET /api/v1/events", "GET /personas/", "backup", "live updates"]) {
      assert.ok(
        scan.marked.some((one) => one.startsWith(place)),
        `the mark is seen in: ${place}; it was in ${scan.marked.join(", ")}`,
      );
    }
    assert.ok(pds.echoed() >= 3, `the server repeated secrets ${pds.echoed()} times`);

    assert.deepEqual(await program.stop(), { code: 0, signal: null });
    for await (const path of filesBelow(join(program.dataDir, "data"))) {
      scan.lookAtBytes(`file ${path}`, await Deno.readFile(path));
    }
    scan.look("output at the end", program.output(), printedByDesign);
    assert.deepEqual(scan.found, []);
    assert.ok(scan.marked.some((one) => one.startsWith("file ")), "the mark is in the database's files");
  },
});

interface Life {
  personaId: string;
  postIds: string[];
  answers: string[];
}

/** Import, link (first with a wrong password), write with a model that tells its key, approve, publish to a server that tells all. */
async function live(
  program: RunningProgram,
  model: Awaited<ReturnType<typeof startModelStandIn>>,
  service: string,
): Promise<Life> {
  const answers: string[] = [];
  const call = async (method: string, path: string, body?: unknown) => {
    const answer = await program.call(method, path, { body });
    answers.push(answer.text);
    return answer;
  };
  const imported = await call("POST", "/api/v1/personas/import", personaFile());
  assert.equal(imported.status, 201, imported.text);
  const personaId: string = imported.json.persona?.id ?? imported.json.id;
  const commands = `/api/v1/personas/${personaId}/commands`;
  assert.equal((await call("POST", commands, { type: "resume" })).status, 200);
  assert.equal(
    (await call("PATCH", `/api/v1/personas/${personaId}`, { operatedBy: "Nowhere Point Trust" })).status,
    200,
  );
  const connections = `/api/v1/personas/${personaId}/connections`;
  const account = { platform: "bluesky", service, identifier: "marisol.test" };
  assert.equal((await call("POST", connections, { platform: "sandbox" })).status, 201);
  assert.ok(
    (await call("POST", connections, { ...account, password: PLANTED["wrong Bluesky password"] })).status >=
      400,
  );
  const linked = await call("POST", connections, { ...account, password: PLANTED["Bluesky password"] });
  assert.equal(linked.status, 201, linked.text);

  const postIds: string[] = [];
  const compose = async (platform: string, fault: Parameters<typeof model.setFault>[0], ends: string[]) => {
    model.setFault(fault);
    const postId = crypto.randomUUID();
    postIds.push(postId);
    const asked = await call("POST", commands, {
      type: "compose",
      platform,
      brief: `${MARK}: the lamp at night`,
      postId,
    });
    assert.equal(asked.status, 200, asked.text);
    await happened(program, postId, ends);
    return postId;
  };
  await compose("sandbox", "key_in_error", ["CompositionFailed"]);
  await compose("sandbox", "key_in_answer", ["CompositionFailed", "PostSubmitted"]);
  const postId = await compose("bluesky", null, ["PostSubmitted"]);
  const tested = await program.call("POST", "/settings/writer/test");
  answers.push(tested.text);
  await happened(program, postId, ["DraftPrepared", "PreparationFailed"]);
  const { json: post } = await call("GET", `/api/v1/posts/${postId}`);
  const cookie = await program.logIn();
  const approve = { type: "approve", postId, contentHash: post.contentHash, then: { kind: "publish" } };
  const approved = await program.call("POST", commands, { as: { cookie }, body: approve });
  assert.equal(approved.status, 200, approved.text);
  await happened(program, postId, [
    "PublishRejected",
    "PublishDeferred",
    "PublishUncertain",
    "ConnectionLost",
  ]);
  return { personaId, postIds, answers };
}

async function happened(program: RunningProgram, postId: string, types: string[]): Promise<void> {
  await until(types.join(" or "), async () => {
    const { json } = await program.call("GET", "/api/v1/events?limit=200");
    return json.items.some((event: { type: string; data: { postId?: string } }) =>
      types.includes(event.type) && (event.data.postId ?? postId) === postId
    );
  }, 60_000);
}

function personaFile(): unknown {
  return {
    name: "Marisol",
    system: `Speak as Marisol. Use ${PLANTED["key in a persona file's text"]} for everything.`,
    bio: [`${MARK}.`, "She counts ships."],
    lore: [`Her radio key is ${PLANTED["key in a persona file's text"]}`],
    messageExamples: [],
    postExamples: ["Fog again."],
    topics: ["ships"],
    adjectives: ["patient"],
    style: { all: ["short"], chat: [], post: [] },
    plugins: ["@elizaos/plugin-bluesky"],
    settings: { secrets: { OPENAI_API_KEY: PLANTED["key in a persona file's settings"] }, model: "x" },
    secrets: { SLACK_TOKEN: PLANTED["token in a persona file's secrets"] },
  };
}

async function pagesOf(program: RunningProgram, { personaId, postIds }: Life): Promise<string[]> {
  const { json } = await program.call("GET", "/api/v1/events?limit=200");
  const positions = json.items.map((event: { position: number }) => event.position);
  return [
    ...["/", "/activity", "/review", "/sandbox", "/settings", "/new", "/new/form", "/find?q=lamp"],
    ...["", "/posts", "/inbox", "/memory", "/connections", "/identity", "/command?line=lamp"].map((tab) =>
      `/personas/${personaId}${tab}`
    ),
    ...["card_v3", "eliza", "original"].map((format) => `/personas/${personaId}/export?format=${format}`),
    ...postIds.flatMap((id) => [`/posts/${id}`, `/posts/${id}/why`, `/api/v1/posts/${id}`]),
    ...positions.flatMap((position: number) => [`/events/${position}`, `/api/v1/events/${position}`]),
    ...["personas", "tokens", "posting", "events?limit=200"].map((list) => `/api/v1/${list}`),
    ...[
      "",
      "/events",
      "/posts",
      "/interactions",
      "/memories",
      "/connections",
      "/export?format=card_v3",
      "/export?format=eliza",
    ]
      .map((list) => `/api/v1/personas/${personaId}${list}`),
    ...["/healthz", "/readyz", "/metrics", "/openapi.json"],
  ];
}

/** Where a value would stand in other clothes. */
function disguises(value: string): string[] {
  const bytes = new TextEncoder().encode(value);
  const inBase64 = [0, 1, 2].flatMap((shift) => {
    const padded = new Uint8Array(shift + bytes.length);
    padded.set(bytes, shift);
    // Characters that neighbours have a part in are left off.
    const text = padded.toBase64({ omitPadding: true }).slice(shift === 0 ? 0 : 4, -2);
    return [text, text.replaceAll("+", "-").replaceAll("/", "_")];
  });
  const escaped = value.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;").replaceAll(
    "'",
    "&#39;",
  );
  return [
    ...new Set([
      value,
      JSON.stringify(value).slice(1, -1),
      escaped,
      encodeURIComponent(value),
      bytes.toHex(),
      ...inBase64,
    ]),
  ];
}

class Scan {
  found: string[] = [];
  /** Places where the mark was seen: proof that there was something to see. */
  marked: string[] = [];
  #wanted: { name: string; forms: string[] }[];

  constructor(planted: Planted) {
    for (const [name, value] of Object.entries(planted)) assert.ok(value.length >= 16, name);
    this.#wanted = Object.entries(planted).map(([name, value]) => ({ name, forms: disguises(value) }));
  }

  look(place: string, text: string, except: Set<string> = new Set()): void {
    if (text.includes(MARK) || text.includes(Buffer.from(MARK).toString("hex"))) this.marked.push(place);
    for (const { name, forms } of this.#wanted) {
      if (!except.has(name) && forms.some((form) => text.includes(form))) {
        this.found.push(`${name} in ${place}`);
      }
    }
  }

  lookAtBytes(place: string, bytes: Uint8Array): void {
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    if (buffer.includes(MARK)) this.marked.push(place);
    for (const { name, forms: [plain = ""] } of this.#wanted) {
      if (buffer.includes(plain)) this.found.push(`${name} in ${place}`);
    }
  }
}

/** Every column of every table that is ours. */
async function scanDatabase(program: RunningProgram, scan: Scan): Promise<void> {
  const config = await runningEmbedded(join(program.dataDir, "data"));
  assert.ok(config !== null);
  const client = new pg.Client(config);
  await client.connect();
  try {
    const { rows: columns } = await client.query<{ table: string; column: string }>(
      `select format('%I.%I', table_schema, table_name) as table, format('%I', column_name) as column from information_schema.columns
       where table_schema not in ('pg_catalog', 'information_schema')`,
    );
    assert.ok(columns.length > 50, `${columns.length} columns`);
    for (const { table, column } of columns) {
      const { rows } = await client.query<{ value: string }>(
        `select ${column}::text as value from ${table} where ${column} is not null`,
      );
      scan.look(`column ${table}.${column}`, rows.map((row) => row.value).join("\n"));
    }
  } finally {
    await client.end();
  }
}

async function scanBackup(program: RunningProgram, scan: Scan, env: Record<string, string>): Promise<void> {
  const file = join(program.dataDir, "backup.gz");
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["task", "backup", file],
    cwd: ROOT,
    env: { ...env, DATA_DIR: join(program.dataDir, "data"), NO_COLOR: "1" },
    stdin: "null",
  }).output();
  const said = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
  assert.ok(success, said);
  scan.look("what the backup says", said);
  scan.look("backup", new TextDecoder().decode(gunzipSync(await Deno.readFile(file))));
}

/** What the system shows of each process below the program; of the program itself, its arguments. */
async function scanProcesses(program: RunningProgram, scan: Scan): Promise<void> {
  const parents = new Map<number, number>();
  for await (const { name } of Deno.readDir("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    const stat = await orEmpty(`/proc/${name}/stat`);
    parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]));
  }
  const isBelow = (pid: number): boolean => {
    const parent = parents.get(pid);
    return parent !== undefined && parent > 1 && (parent === program.pid || isBelow(parent));
  };
  const below = [...parents.keys()].filter(isBelow);
  let cells = 0;
  for (const pid of below) {
    const command = await orEmpty(`/proc/${pid}/cmdline`);
    if (command.includes("cell")) cells++;
    scan.look(`arguments of ${command.replaceAll("\0", " ")}`, command);
    scan.look(`environment of ${command.replaceAll("\0", " ")}`, await orEmpty(`/proc/${pid}/environ`));
  }
  assert.ok(cells >= 1, "a cell is among the processes");
  scan.look("arguments of the program", await orEmpty(`/proc/${program.pid}/cmdline`));
}

async function orEmpty(path: string): Promise<string> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    // It has ended meanwhile.
    if (error instanceof Deno.errors.NotFound || /os error 3\b/.test(String(error))) return "";
    throw error;
  }
}

/** All but the vault's own key file, which has to hold the key. */
async function* filesBelow(folder: string): AsyncGenerator<string> {
  for await (const entry of Deno.readDir(folder)) {
    const path = join(folder, entry.name);
    if (entry.isDirectory) yield* filesBelow(path);
    else if (entry.isFile) yield path;
  }
}

/** A page's socket that looks at everything. */
async function listen(program: RunningProgram, cookie: string): Promise<{ text(): string; close(): void }> {
  const socket = new WebSocket(
    `${program.url.replace("http", "ws")}/live?topics=feed,review,dashboard,posting&after=0`,
    {
      headers: { cookie, origin: program.url },
    },
  );
  const frames: string[] = [];
  socket.onmessage = ({ data }) => void frames.push(String(data));
  await new Promise((resolve, reject) => {
    socket.onopen = resolve;
    socket.onerror = () => reject(new Error("the socket was refused"));
  });
  return { text: () => frames.join("\n"), close: () => socket.close() };
}

/** A Bluesky server that puts whatever it is told into its refusals. */
async function startIndiscreetPds(): Promise<{ origin: string; echoed(): number; stop(): Promise<void> }> {
  const did = "did:plc:marisolmarisolmarisolmar";
  let echoed = 0;
  let renewed = false;
  const server = createServer(async (request, response) => {
    const method = new URL(request.url ?? "/", "http://pds").pathname.replace("/xrpc/", "");
    const body = await bodyOf(request);
    const answer = (status: number, value: unknown) => {
      response.writeHead(status, { "content-type": "application/json" });
      response.end(JSON.stringify(value));
    };
    const tell = (status: number, error: string) => {
      echoed++;
      const heard = `${request.headers.authorization ?? ""} ${body}`;
      answer(status, { error, message: `You said: ${heard}` });
    };
    switch (method) {
      case "com.atproto.server.createSession":
        if (JSON.parse(body).password !== PLANTED["Bluesky password"]) {
          return tell(401, "AuthenticationRequired");
        }
        return answer(200, {
          did,
          handle: "marisol.test",
          accessJwt: PLANTED["access token"],
          refreshJwt: PLANTED["refresh token"],
        });
      case "com.atproto.server.refreshSession":
        renewed = true;
        return answer(200, {
          did,
          handle: "marisol.test",
          accessJwt: PLANTED["renewed access token"],
          refreshJwt: PLANTED["renewed refresh token"],
        });
      case "com.atproto.repo.getRecord":
        return answer(400, { error: "RecordNotFound", message: "Could not locate record" });
      case "com.atproto.repo.putRecord": {
        const { collection, rkey, repo } = JSON.parse(body);
        if (collection === "app.bsky.actor.profile") {
          return answer(200, { uri: `at://${repo}/${collection}/${rkey}`, cid: "bafyone" });
        }
        return renewed ? tell(400, "InvalidRequest") : tell(401, "ExpiredToken");
      }
      default:
        return renewed ? tell(400, "InvalidRequest") : tell(401, "ExpiredToken");
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    echoed: () => echoed,
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of request.setEncoding("utf8")) text += chunk;
  return text;
}

const valueOf = (cookie: string) => cookie.slice(cookie.indexOf("=") + 1);
