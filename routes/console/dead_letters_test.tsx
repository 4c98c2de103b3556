/** Commands that failed twice, in the console: where they are shown, what their buttons do, and how open pages learn of it. */
import assert from "node:assert/strict";
import { recordParked, recordUnparked } from "../../actors/supervisor/parking.ts";
import { type ConsoleSite, testConsole } from "../../tests/console_site.ts";
import { putAside } from "../../tests/dead_letters.ts";
import { createLiveSource } from "./live_source.tsx";

const HOSTILE = `<script>alert(1)</script> \u202egnp.exe <hx-partial hx-target="body">`;

async function draft(site: ConsoleSite, personaId: string): Promise<string> {
  const postId = crypto.randomUUID();
  await site.give(personaId, { type: "compose", platform: "sandbox", brief: "bark", postId });
  await site.supervisor.write(personaId, postId, "First.");
  return postId;
}

testConsole(
  "a command that failed twice is shown wherever a person looks, with what was asked and the error",
  async (site) => {
    const id = await site.createPersona({ name: "Ada" });
    const postId = await draft(site, id);
    const [user] = await site.program.sql.query<{ id: string }>("select id from access_user");
    const letter = await putAside(site, id, { type: "revise", postId, text: HOSTILE }, {
      by: `user:${user?.id}`,
      reason: `out of memory ${HOSTILE}`,
    });
    for (const path of ["/review", `/personas/${id}`, "/failed", `/failed?persona=${id}`]) {
      const { status, text } = await site.get(path);
      assert.equal(status, 200, path);
      assert.match(text, new RegExp(`id="letter-${letter}"`), path);
      assert.match(text, /Change a text/, path);
      assert.match(text, /asked by Ann/, path);
      assert.match(text, /out of memory &lt;script&gt;/, path);
      assert.match(text, /2 crashes/, path);
      assert.match(text, new RegExp(`href="/posts/${postId}"`), path);
      assert.match(text, /Try again[^]*Drop/, path);
      assert.doesNotMatch(text, /<script>|<hx-partial|\u202e/u, path);
    }
    const overview = (await site.get("/")).text;
    assert.match(overview, /1 command failed twice/);
    assert.match(overview, /id="rail-waiting">2</, "the post and the command wait for a person");
    const activity = (await site.get("/activity?kind=failures")).text;
    assert.match(activity, /Command failed twice<\/b> <span>change a text · asked by Ann · out of memory/);
  },
);

testConsole(
  "trying again does what was asked and settles the card; dropping settles it too",
  async (site) => {
    const id = await site.createPersona({ name: "Ada" });
    const postId = await draft(site, id);
    const retried = await putAside(site, id, { type: "revise", postId, text: "Second." });
    const dropped = await putAside(site, id, { type: "pause" });
    const at = `/personas/${id}/dead-letters`;
    const answer = await site.post(`${at}/${retried}/retry`, {});
    assert.equal(answer.status, 200);
    assert.match(answer.text, new RegExp(`hx-target="#letter-${retried}"[^]*card settled[^]*tried again`));
    assert.doesNotMatch(answer.text, /<form/);
    assert.equal((await site.supervisor.state(id)).posts[postId]?.content?.parts[0]?.text, "Second.");
    assert.match((await site.post(`${at}/${dropped}/drop`, {})).text, /card settled[^]*dropped/);
    assert.equal((await site.supervisor.state(id)).life, "active");
    assert.doesNotMatch((await site.get("/review")).text, /failed twice/);
    const all = (await site.get("/failed")).text;
    assert.match(all, new RegExp(`letter-${dropped}[^]*letter-${retried}`), "they can still be looked at");
    assert.doesNotMatch(all, /Try again/);
    for (const gone of ["none", retried]) {
      const again = await site.post(`${at}/${gone}/retry`, {});
      assert.ok([404, 422].includes(again.status), gone);
    }
  },
);

testConsole("a retry that is refused says why on its card, which keeps its buttons", async (site) => {
  const id = await site.createPersona();
  const postId = await draft(site, id);
  const letter = await putAside(site, id, { type: "revise", postId, text: "Second." });
  await site.give(id, { type: "withdraw", postId });
  const refused = await site.post(`/personas/${id}/dead-letters/${letter}/retry`, {});
  assert.equal(refused.status, 422);
  assert.match(refused.text, /role="alert">A post that is withdrawn cannot be changed\./);
  assert.match(refused.text, /Drop/);
  const other = await site.createPersona();
  assert.equal((await site.post(`/personas/${other}/dead-letters/${letter}/drop`, {})).status, 404);
});

testConsole(
  "what cannot be tried again offers to be dropped only, and says what became of it",
  async (site) => {
    const id = await site.createPersona();
    const postId = crypto.randomUUID();
    await site.give(id, { type: "compose", platform: "sandbox", brief: "bark", postId });
    await putAside(site, id, { type: "begin_writing", postId });
    const { text } = await site.get("/failed");
    assert.match(text, /The draft counts as not written: ask for it again\./);
    assert.doesNotMatch(text, /\/retry"/);
    assert.match(text, /\/drop"/);
  },
);

testConsole("open pages learn of a command that failed twice, and of its end, at once", async (site) => {
  const id = await site.createPersona({ name: "Ada" });
  const source = createLiveSource(site.program);
  const before = site.log.head;
  const letter = await putAside(site, id, { type: "pause" });
  const topics = new Set(["review", `review:${id}`, "letters", "dashboard", `feed:${id}`]);
  const draw = async (after: number) =>
    new Map(
      (await source.render(await site.log.read(after, 10), topics)).map(({ topic, html }) => [topic, html]),
    );
  const failed = await draw(before);
  for (const topic of ["review", `review:${id}`, "letters"]) {
    assert.match(failed.get(topic) ?? "", new RegExp(`letter-${letter}`), topic);
  }
  assert.match(failed.get("dashboard") ?? "", /1 command failed twice/);
  assert.match(failed.get(`feed:${id}`) ?? "", /Command failed twice/);
  const middle = site.log.head;
  await site.post(`/personas/${id}/dead-letters/${letter}/drop`, {});
  const ended = await draw(middle);
  assert.doesNotMatch(ended.get("review") ?? "", /letter-/);
  assert.match(ended.get("letters") ?? "", /card settled/);
});

testConsole("parked and unparked are told in plain words", async (site) => {
  const id = await site.createPersona({ name: "Ada" });
  const place = async () => ({
    log: site.log,
    stream: id,
    version: (await site.supervisor.state(id)).version,
    waiting: 0,
  });
  await recordParked(await place(), "system", "6 crashes within 60 s");
  await recordUnparked(await place(), "admin-token");
  const { text } = await site.get(`/personas/${id}`);
  assert.match(text, /Stopped after repeated crashes<\/b> <span>6 crashes within 60 s/);
  assert.match(text, /Started again<\/b> <span>by a program with the ADMIN_TOKEN/);
});
