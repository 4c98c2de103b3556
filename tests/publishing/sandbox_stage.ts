import { createSandboxAdapter } from "../../actors/persona/platforms/sandbox/adapter.ts";
import { createSandboxAccount } from "../../db/sandbox/sandbox.ts";
import { sandboxPosts } from "../../db/sandbox/look.ts";
import type { SandboxHono } from "../../routes/sandbox/parts.ts";
import { sandboxApp, sandboxTokenHash } from "../../routes/sandbox/server.ts";
import { type Fault, startFaultProxy } from "../bluesky_network/fault_proxy.ts";
import { type FreshDatabase, freshDatabase } from "../database.ts";
import { START_MS } from "../simulation/clock.ts";
import { afterLate } from "./after_late.ts";
import type { Stage, StageOptions, StagePlay } from "./stage.ts";

/** Real ms for one request: what stands still is given up after it. */
const DEADLINE_MS = 300;
const FAULTS: Record<string, Fault> = {
  drop_before: { kind: "drop", when: "before" },
  drop_after: { kind: "drop", when: "after" },
  stall_before: { kind: "stall", when: "before" },
  stall_after: { kind: "stall", when: "after" },
  delay: { kind: "delay", ms: 10 },
  late: { kind: "late" },
  repeat: { kind: "repeat" },
  half: { kind: "half" },
  server_error_before: { kind: "answer", when: "before", status: 500 },
  server_error_after: { kind: "answer", when: "after", status: 500 },
  gateway_after: { kind: "answer", when: "after", status: 502, headers: { "content-type": "text/html" } },
  without_id: { kind: "answer", when: "after", status: 200 },
  refused: { kind: "answer", when: "before", status: 400, body: { error: "no" } },
  rate_limited: { kind: "answer", when: "before", status: 429, body: { error: "too many requests" } },
  unauthorized: { kind: "answer", when: "before", status: 401, body: { error: "no such account" } },
};
const NAMES = Object.keys(FAULTS);
/** Accounts stay in the table: a run that is repeated has new ones. */
let opened = 0;

/** What the server has taken: past it, and past the table, which forgets the words of what is deleted. */
interface Taken {
  id: string;
  text: string;
  replyTo: string | null;
  alts: string[];
}

export async function sandboxPlay(): Promise<StagePlay> {
  const database = await freshDatabase();
  let now = () => START_MS;
  const taken: Taken[] = [];
  /** Tokens that were given out, and whose; one that was taken back is not in here. */
  const doors = new Map<string, string>();
  const app = sandboxApp({
    sql: database.sql,
    now: () => now(),
    postUrl: (id) => `https://console.example/${id}`,
  });
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    (request) => letIn(app, request, doors, taken),
  );
  const target = `http://127.0.0.1:${server.addr.port}`;
  return {
    name: "sandbox",
    faults: NAMES,
    maxParts: 4,
    replyImages: true,
    answers: true,
    open: (options) => {
      now = options.now;
      return openSandbox(options, { app, target, database, doors, taken });
    },
    close: async () => {
      await server.shutdown();
      await database.drop();
    },
  };
}

interface Shared {
  app: SandboxHono;
  target: string;
  database: FreshDatabase;
  doors: Map<string, string>;
  taken: Taken[];
}

async function openSandbox(
  { now, random, run, deadlineMs = DEADLINE_MS }: StageOptions,
  shared: Shared,
): Promise<Stage> {
  const { app, target, database, doors, taken } = shared;
  const proxy = await startFaultProxy(target);
  const secrets: string[] = [];
  const laid = new Map<Fault, string>();
  const mark = `${run}-${random.uuid().slice(0, 8)}-${++opened}`;
  const account = (who: string) =>
    createSandboxAccount(database.sql, {
      id: `id-of-${who}-${mark}`,
      handle: `${who}-${mark}`,
      name: who,
      tokenHash: sandboxTokenHash(`inside-${who}-${mark}`),
      createdAt: new Date(now()).toISOString(),
    });
  const ada = await account("ada");
  await account("jo");
  return {
    newAdapter: () => afterLate(createSandboxAdapter({ now, deadlineMs }), () => proxy.settled()),
    link(connectionId) {
      const secret = `outside-${random.uuid()}`;
      secrets.push(secret);
      doors.set(secret, `inside-ada-${mark}`);
      return Promise.resolve({
        connection: {
          connectionId,
          platform: "sandbox",
          accountId: ada.id,
          handle: ada.handle,
          service: proxy.url,
          disclosure: "none",
        },
        secret,
      });
    },
    secrets: () => secrets,
    async speakTo(words) {
      const answer = await app.request(`/posts/said-${random.uuid()}`, {
        method: "PUT",
        headers: { authorization: `Bearer inside-jo-${mark}`, "content-type": "application/json" },
        body: JSON.stringify({
          text: `@${ada.handle} ${words}`,
          language: "en",
          createdAt: new Date(now()).toISOString(),
        }),
      });
      if (answer.status !== 201) throw new Error(`nobody could speak: ${await answer.text()}`);
    },
    async said(text) {
      // What was held until its client gave up arrives now.
      await proxy.settled();
      const made = taken.filter((one) => one.id.startsWith(`${ada.id}.`) && one.text === text);
      const there = await sandboxPosts(database.sql, made.map(({ id }) => id));
      return made.map(({ id, replyTo, alts }) => ({
        id,
        visible: there.get(id)?.deleted === false,
        answers: replyTo,
        alts,
      }));
    },
    trouble(_asked, first) {
      const name = first || random.chance(0.4) ? NAMES[run % NAMES.length] ?? "half" : random.pick(NAMES);
      const fault = FAULTS[name];
      if (fault === undefined) return;
      const isLimit = fault.kind === "answer" && fault.status === 429;
      const one = isLimit ? { ...fault, headers: limited(now()) } : fault;
      laid.set(one, name);
      proxy.inject("*", one);
    },
    outage: (begins) => proxy.setDown(begins),
    kill: () => {
      for (const secret of secrets) doors.delete(secret);
      return Promise.resolve();
    },
    mend: () => proxy.clear(),
    struck: () => proxy.met().map((fault) => laid.get(fault) ?? ""),
    blunders: () => [],
    lagsLong: false,
    close: async () => {
      for (const secret of secrets) doors.delete(secret);
      await proxy.stop();
    },
  };
}

/** Of a window that is used up, and ends in a minute. */
function limited(now: number): Record<string, string> {
  return {
    "ratelimit-limit": "10",
    "ratelimit-remaining": "0",
    "ratelimit-reset": String(Math.ceil(now / 1_000) + 60),
  };
}

/** Tokens can be taken back here; what comes in is remembered once it is taken. */
async function letIn(
  app: SandboxHono,
  request: Request,
  doors: Map<string, string>,
  taken: Taken[],
): Promise<Response> {
  const { pathname } = new URL(request.url);
  const inside = doors.get(request.headers.get("authorization")?.replace("Bearer ", "") ?? "");
  const headers = new Headers(request.headers);
  headers.set("authorization", `Bearer ${inside ?? "taken-back"}`);
  const isPost = request.method === "PUT" && pathname.startsWith("/posts/");
  const body = request.method === "PUT" ? await request.bytes() : undefined;
  const answer = await app.request(request.url, { method: request.method, headers, body });
  if (isPost && answer.status === 201 && body !== undefined) {
    const { text, replyTo, media } = JSON.parse(new TextDecoder().decode(body));
    const { id } = await answer.clone().json();
    taken.push({ id, text, replyTo, alts: media.map(({ alt }: { alt: string }) => alt) });
  }
  return answer;
}
