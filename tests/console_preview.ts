/**
 * The console on sample data, to look at: a real database, access as it is, a supervisor in this process that writes and publishes at
 * once. Run: `deno run -A tests/console_preview.ts [port] [personas]`. Log in as `Ann` with `correct horse battery`, or open `/preview`.
 */
import { Hono } from "hono";
import { TEMPLATES } from "../routes/console/templates.ts";
import type { PersonaCommand } from "../actors/persona/commands.ts";
import { freshDatabase } from "./database.ts";
import { putAside } from "./dead_letters.ts";
import { type ConsoleSite, consoleSite } from "./console_site.ts";
import { sampleRuntime } from "./sample_runtime.ts";

const port = Number(Deno.args[0] ?? 8123);
const many = Number(Deno.args[1] ?? 0);
const database = await freshDatabase();
const site = await consoleSite(database);
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
  for (let index = 0; index < further; index++) {
    const { identity } = TEMPLATES[index % TEMPLATES.length] ?? TEMPLATES[0]!;
    ids.push(await createPersona({ ...identity, name: `${identity.name} ${index + 2}` }));
  }
  supervisor.setRuntime(sampleRuntime([botanist, ...ids.filter((id) => id !== botanist)], Date.now()));
  setInterval(() => {
    const text =
      "Roots do not lift pavements. They look for air, and find it where the slabs were laid badly.";
    supervisor.progress(botanist, writing, text.slice(0, (Date.now() / 100) % text.length));
  }, 300);
}

async function ownerOf({ program }: ConsoleSite): Promise<string> {
  const [user] = await program.sql.query<{ id: string }>("select id from access_user");
  return `user:${user?.id}`;
}
