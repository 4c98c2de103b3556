/**
 * A short life of the real program among indiscreet neighbours: a Bluesky server and a model that repeat every secret they are
 * given, a persona file full of keys. Afterwards nothing that the program keeps, says or shows holds any of them.
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { skips } from "./database.ts";
import { OWNER, type RunningProgram, startProgram, until } from "./program.ts";
import { filesBelow, scanBackup, scanDatabase, scanProcesses } from "./secrets/places.ts";
import { PLANTED } from "./secrets/planted.ts";
import { Scan } from "./secrets/scan.ts";
import { slips } from "./secrets/slips.ts";
import { startIndiscreetPds } from "./stand_ins/indiscreet_pds.ts";
import { startModelStandIn } from "./stand_ins/model/stand_in.ts";

/** Stands in the persona's background: what is scanned must hold it somewhere, or the scan sees nothing. */
const MARK = "Marisol keeps the lighthouse of Nowhere Point";

type Planted = Record<string, string>;

Deno.test({
  name:
    "secrets: after a life among indiscreet neighbours none is in database, events, output, pages, lists, exports, backup or processes",
  sanitizeOps: false,
  sanitizeResources: false,
  async fn() {
    if (await skips("embedded")) return;
    await using ends = new AsyncDisposableStack();
    const pds = await startIndiscreetPds({
      password: PLANTED["Bluesky password"],
      accessJwt: PLANTED["access token"],
      refreshJwt: PLANTED["refresh token"],
      renewedAccessJwt: PLANTED["renewed access token"],
      renewedRefreshJwt: PLANTED["renewed refresh token"],
    });
    ends.defer(() => pds.stop());
    const model = await startModelStandIn({ apiKey: PLANTED["model key"] });
    ends.defer(() => model.stop());
    const env = {
      DIGI_PERSONA_KEY: PLANTED["vault key"],
      OPENAI_API_KEY: PLANTED["model key"],
      OPENAI_BASE_URL: model.url,
      OPENAI_MODEL: "stand-in-1",
      ALLOWED_ORIGINS: pds.origin,
      X_CLIENT_ID: "app-on-x",
      X_CLIENT_SECRET: PLANTED["client secret of the app on X"],
      // Nobody listens there: whoever is asked is not asked outside.
      X_API_ORIGIN: "http://127.0.0.1:9",
      LINKEDIN_CLIENT_ID: "app-on-linkedin",
      LINKEDIN_CLIENT_SECRET: PLANTED["client secret of the app on LinkedIn"],
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

    const scan = new Scan(planted, MARK);
    for (const path of await pagesOf(program, life)) {
      const answer = await program.call("GET", path, {
        as: { cookie },
        headers: { accept: path.startsWith("/api") ? "*/*" : "text/html" },
      });
      assert.equal(answer.status, 200, path);
      scan.look(`GET ${path}`, answer.text);
    }
    scan.look("live updates", frames.text());
    scan.look("GET /new/import/:uploadId", await previewOf(program, cookie));
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
  const cookie = await program.logIn();
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

  answers.push(...await slips(program, personaId, cookie));

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
    ...[
      "",
      "/posts",
      "/inbox",
      "/memory",
      "/connections",
      "/connections?connect=x",
      "/connections?connect=linkedin",
      "/identity",
      "/command?line=lamp",
    ].map((tab) => `/personas/${personaId}${tab}`),
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

/** The console's page for a file that was uploaded and not yet taken. */
async function previewOf(program: RunningProgram, cookie: string): Promise<string> {
  const form = new FormData();
  form.set("file", new File([JSON.stringify(personaFile())], "marisol.json", { type: "application/json" }));
  const sent = await program.call("POST", "/new/import", {
    as: { cookie },
    raw: form,
    headers: { "hx-request": "true" },
  });
  const page = await program.call("GET", sent.headers.get("hx-redirect") ?? "", { as: { cookie } });
  assert.equal(page.status, 200, sent.text);
  assert.match(page.text, /secrets taken out/);
  return page.text;
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

const valueOf = (cookie: string) => cookie.slice(cookie.indexOf("=") + 1);
