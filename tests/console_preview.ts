/**
 * The console on sample data, to look at: a real database, access as it is, a supervisor in this process that writes and publishes at
 * once, X and LinkedIn as stand-ins that accounts can be connected to by hand. Run: `deno run -A tests/console_preview.ts [port] [personas]`. Log in as `Ann` with `correct horse battery`, or open `/preview`.
 */
import { Hono } from "hono";
import { TEMPLATES } from "../routes/console/templates.ts";
import type { PersonaCommand } from "../actors/persona/commands.ts";
import { recordNoted } from "../db/platform_use.ts";
import { freshDatabase } from "./database.ts";
import { putAside } from "./dead_letters.ts";
import { type ConsoleSite, consoleSite } from "./console_site.ts";
import { samplePublishing } from "./sample_publishing.ts";
import { sampleRuntime } from "./sample_runtime.ts";
import { startLinkedInStandIn } from "./stand_ins/linkedin/stand_in.ts";
import { startXStandIn } from "./stand_ins/x/stand_in.ts";

const port = Number(Deno.args[0] ?? 8123);
const many = Number(Deno.args[1] ?? 0);
const database = await freshDatabase();
const callbacks = (platform: string) =>
  ["127.0.0.1", "localhost"].map((host) => `http://${host}:${port}/oauth/${platform}/callback`);
const x = await startXStandIn({
  redirectUris: callbacks("x"),
  accounts: [{ username: "marisol_ink", name: "Marisol" }, { username: "tide_table", name: "Tide" }],
});
const linkedin = await startLinkedInStandIn({ application: { redirectUris: callbacks("linkedin") } });
const site = await consoleSite(database, {
  linking: {
    x: { apiOrigin: x.origin, webOrigin: x.origin, app: x.app },
    linkedIn: {
      apiOrigin: linkedin.origin,
      webOrigin: linkedin.webOrigin,
      version: "202610",
      app: linkedin.application,
    },
  },
});
const root = new Hono();
root.get("/preview", async (c) => {
  c.header("set-cookie", `${await site.logIn()}; Path=/; HttpOnly; SameSite=Lax`);
  return c.redirect("/");
});
root.route("/", site.app);
if (many >= 0) await sample(site, many);
Deno.serve({ port, hostname: "127.0.0.1" }, root.fetch);

async function sample(site: ConsoleSite, further: number): Promise<void> {
  const { supervisor, give, createPersona } = site;
  const ids: string[] = [];
  for (const { identity, brief } of TEMPLATES) {
    const id = await createPersona(identity);
    ids.push(id);
    const postId = crypto.randomUUID();
    await give(id, { type: "compose", platform: "sandbox", brief, postId });
    await supervisor.write(id, postId, identity.examples[1] ?? brief);
  }
  const [keeper = "", botanist = ""] = ids;
  const compose = async (text: string, id = botanist) => {
    const postId = crypto.randomUUID();
    await give(id, { type: "compose", platform: "sandbox", brief: "bark, and why it comes off", postId });
    await supervisor.write(id, postId, text);
    return postId;
  };
  const hash = async (postId: string, id = botanist) =>
    (await supervisor.state(id)).posts[postId]?.contentHash ?? "";
  const approve = async (postId: string, id = botanist) =>
    await give(id, {
      type: "approve",
      postId,
      contentHash: await hash(postId, id),
      then: { kind: "publish" },
    });

  const out = await compose("Plane trees shed bark the way we shed habits: in plates, when it gets hot.");
  await approve(out);
  await supervisor.attempt(botanist, out);
  const uncertain = await compose("A tree planted too deep takes about fifteen years to tell you.");
  await approve(uncertain);
  await supervisor.attempt(botanist, uncertain, { kind: "uncertain", reason: "No answer in 30 s." });
  const banned = await compose(
    "A miracle of a linden: <script>alert(1)</script> \u202egnp.exe javascript:alert(1)",
  );
  await give(botanist, { type: "schedule", postId: banned, at: "2027-03-01T14:30", zone: "Europe/Lisbon" });
  const timed = await compose(
    "The sticky rain under a linden is not sap. It is aphids, who drink more sugar than they can use. The ladybirds know the address.",
  );
  await give(botanist, { type: "schedule", postId: timed, at: "2026-12-01T14:30", zone: "Europe/Lisbon" });
  const writing = crypto.randomUUID();
  await give(botanist, {
    type: "compose",
    platform: "sandbox",
    brief: "roots under pavements",
    postId: writing,
  });
  await supervisor.internal(botanist, { type: "begin_writing", postId: writing });
  const failed = crypto.randomUUID();
  await give(keeper, { type: "compose", platform: "sandbox", brief: "the fog since four", postId: failed });
  await supervisor.internal(keeper, { type: "begin_writing", postId: failed });
  await supervisor.internal(keeper, {
    type: "written",
    postId: failed,
    attempt: 1,
    result: {
      kind: "not_written",
      reason: "slow",
      detail: "The model did not answer in 60 s.",
      retryable: true,
      retryAt: null,
      model: "gpt",
      templateVersion: "1",
      durationMs: 60_000,
    },
    promptHash: "0".repeat(64),
    promptRef: crypto.randomUUID(),
    answerRef: crypto.randomUUID(),
  });
  const state = await supervisor.state(botanist);
  await supervisor.hear(
    botanist,
    Object.keys(state.connections)[0] ?? "",
    "Is it bad for the tree if kids peel it? <b>asking</b> for \u202ea friend",
  );
  await give(keeper, { type: "pause" });
  const ann = { by: await ownerOf(site), reason: "RangeError: Maximum call stack size exceeded" };
  const asked: PersonaCommand = {
    type: "revise",
    postId: timed,
    text: "The sticky rain under a linden is not sap.",
  };
  await putAside(site, botanist, asked, ann);
  const connectionId = Object.keys(state.connections)[0] ?? "";
  await putAside(site, botanist, { type: "polled", connectionId, cursor: "7", items: [] }, {
    reason: "the cell ended: out of memory <b>with</b> \u202ewords",
  });
  await sampleAccount(site, keeper);
  for (let index = 0; index < further; index++) {
    const { identity } = TEMPLATES[index % TEMPLATES.length] ?? TEMPLATES[0]!;
    ids.push(await createPersona({ ...identity, name: `${identity.name} ${index + 2}` }));
  }
  await samplePublishing(site, botanist, ids[2] ?? keeper);
  supervisor.setRuntime(sampleRuntime([botanist, ...ids.filter((id) => id !== botanist)], Date.now()));
  setInterval(() => {
    const text =
      "Roots do not lift pavements. They look for air, and find it where the slabs were laid badly.";
    supervisor.progress(botanist, writing, text.slice(0, (Date.now() / 100) % text.length));
  }, 300);
}

/** An account on X that has been in use: limits, costs, a call that went wrong. */
async function sampleAccount({ program }: ConsoleSite, personaId: string): Promise<void> {
  const answer = await program.connections.linkX(personaId, "admin-token", {
    ...x.control.userKeys("tide_table"),
    operatedBy: "Holt Radio Workshop",
    disclose: true,
  });
  if (answer.kind !== "linked") throw new Error(answer.message);
  const now = Date.now();
  await recordNoted(program.sql, personaId, answer.connection.connectionId, {
    windows: [
      { name: "posts in 15 minutes", holds: "publish", limit: 100, remaining: 97, resetAt: now + 600_000 },
      { name: "mentions in 15 minutes", holds: "read", limit: 300, remaining: 12, resetAt: now + 600_000 },
    ],
    spent: [
      { what: "post", count: 12, microUsd: 180_000 },
      { what: "read", count: 340, microUsd: 340_000 },
    ],
    call: { ok: false, error: "X is down for a moment: 503 <b>Service</b> Unavailable" },
  }, now);
}

async function ownerOf({ program }: ConsoleSite): Promise<string> {
  const [user] = await program.sql.query<{ id: string }>("select id from access_user");
  return `user:${user?.id}`;
}
