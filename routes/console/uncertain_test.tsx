/** The inbox of doubts on a real database: what it shows, and what the three decisions do. */
import assert from "node:assert/strict";
import { type ConsoleSite, testConsole } from "../../tests/console_site.ts";
import { connect, lookedFor, sent, waiting } from "../../tests/sample_publishing.ts";
import { createLiveSource } from "./live_source.tsx";

let now = Date.now();
const DOUBT = { kind: "uncertain", reason: "No answer in 30 s." } as const;

async function scene(site: ConsoleSite) {
  const id = await site.createPersona({
    name: "Ada Fern",
    zone: "Europe/Lisbon",
    operatedBy: "City Arboretum",
  });
  await connect(site, id, "x", "adafern");
  const doubt = async (...texts: string[]) => {
    const postId = await waiting(site, id, "x", texts);
    await sent(site, id, postId, DOUBT);
    return postId;
  };
  const status = async (postId: string) => (await site.supervisor.state(id)).posts[postId]?.status;
  return { id, doubt, status, at: (postId: string) => `/personas/${id}/posts/${postId}` };
}

testConsole(
  "doubts stand on their page oldest first, with text, story, evidence and where to look",
  async (site) => {
    const calm = await site.get("/uncertain");
    assert.match(calm.text, /Nothing is in doubt/);
    assert.match(calm.text, /id="rail-doubts"><\/span>/);
    const { id, doubt } = await scene(site);
    const first = await doubt("Bark comes off.", "In plates.");
    const second = await doubt("Lindens drip.");
    await lookedFor(site, id, first, {
      kind: "unknown",
      reason: "One is much like it.",
      evidence: [
        { id: "9", url: "https://x.com/adafern/status/9" },
        { id: "8", url: "javascript:alert(1)" },
      ],
    });
    const { text } = await site.get("/uncertain");
    assert.ok(text.indexOf(`id="post-${first}"`) < text.indexOf(`id="post-${second}"`));
    for (
      const part of [
        "Bark comes off.",
        "In plates.",
        "Whether any of the 2 parts is out is not known.",
        "Sent to X",
        "No answer in 30 s.",
        "One is much like it.",
        "It is sent again to X, exactly as it stands here, at once.",
      ]
    ) assert.ok(text.includes(part), part);
    assert.match(text, /href="https:\/\/x.com\/adafern\/status\/9" target="_blank" rel="noopener/);
    assert.match(text, /href="https:\/\/x.com\/adafern" target="_blank" rel="noopener/);
    assert.doesNotMatch(text, /href="javascript/);
    assert.match(text, /id="rail-doubts">2</);
    assert.match((await site.get("/")).text, /href="\/uncertain"><b class="bad">2</);
  },
);

testConsole(
  "it went out: it counts as published where the person says, and leaves the page",
  async (site) => {
    const { id, doubt, status, at } = await scene(site);
    const one = await doubt("Bark.");
    const other = await doubt("Moss.");
    const bad = await site.post(`${at(one)}/resolve`, { outcome: "went_out", url: "javascript:alert(1)" });
    assert.equal(bad.status, 422);
    assert.match(bad.text, /value="javascript:alert\(1\)"/);
    assert.match(bad.text, /must be an http or https address/);
    assert.equal(await status(one), "uncertain");
    const url = "https://x.com/adafern/status/1";
    const done = await site.post(`${at(one)}/resolve`, { outcome: "went_out", url }, "/uncertain");
    assert.equal(done.status, 200);
    assert.match(done.text, new RegExp(`hx-target="#post-${one}" hx-swap="delete"`));
    const list = done.text.slice(done.text.indexOf('hx-target="#uncertain"'));
    assert.ok(list.includes(`id="post-${other}"`) && !list.includes(`id="post-${one}"`));
    assert.match(done.text, /Counted as published/);
    assert.equal((await site.supervisor.state(id)).posts[one]?.sent[0]?.url, url);
  },
);

testConsole(
  "it did not go out: it is sent again, or goes back to review once its approval has run out",
  async (site) => {
    const { id, doubt, status, at } = await scene(site);
    const one = await doubt("Bark.");
    const done = await site.post(`${at(one)}/resolve`, { outcome: "did_not" });
    assert.match(done.text, /it is sent again/);
    assert.equal(await status(one), "publishing");
    const expired = await doubt("Moss.");
    now += 8 * 24 * 3_600_000;
    assert.match((await site.get("/uncertain")).text, /Its approval has run out\. It goes back to review\./);
    await site.post(`${at(expired)}/resolve`, { outcome: "did_not" });
    await site.supervisor.internal(id, { type: "begin_attempt", postId: expired });
    assert.equal(await status(expired), "pending_review");
    const refused = await site.post(`${at(one)}/check-again`, {});
    assert.deepEqual([refused.status, /Only an uncertain post is looked for/.test(refused.text)], [
      422,
      true,
    ]);
  },
  { now: () => now },
);

testConsole("of a thread one part went out: with its address the rest is sent below it", async (site) => {
  const { id, doubt, status, at } = await scene(site);
  const thread = await doubt("Bark comes off.", "In plates.");
  const single = await doubt("Moss.");
  const { text } = await site.get("/uncertain");
  assert.match(text, /Part 1 did, the rest not/);
  assert.ok(
    text.includes(`data-opens="part_out-${thread}"`) && !text.includes(`data-opens="part_out-${single}"`),
  );
  for (
    const [url, why] of [["", /give its address/], [
      "https://x.com/adafern",
      /must lead to a post on X/,
    ]] as const
  ) {
    const refused = await site.post(`${at(thread)}/part-out`, { url });
    assert.equal(refused.status, 422);
    assert.match(refused.text, why);
  }
  const url = "https://x.com/adafern/status/1234567890123456789";
  const done = await site.post(`${at(thread)}/part-out`, { url });
  assert.match(done.text, /the rest is sent below it/);
  assert.equal(await status(thread), "publishing");
  const { sent } = (await site.supervisor.state(id)).posts[thread] ?? {};
  assert.deepEqual(sent, [{ id: "1234567890123456789", url }]);
});

testConsole("look again: it is looked for at once, by the name of who asked", async (site) => {
  const { doubt, status, at } = await scene(site);
  const one = await doubt("Bark.");
  const asked = await site.post(`${at(one)}/check-again`, {}, "/uncertain");
  assert.equal(asked.status, 200);
  assert.match(asked.text, /Ann had it looked for again/);
  assert.match(asked.text, /Being looked for now/);
  assert.equal(await status(one), "uncertain");
});

testConsole("the page of doubts and the rail follow what is committed", async (site) => {
  const { doubt, id } = await scene(site);
  const one = await doubt("Bark.");
  const source = createLiveSource(site.program);
  const draw = async (topic: string) => {
    const events = await site.log.readStream(id, 0, 1_000);
    const all = await source.render(events.slice(-1), new Set([topic]));
    return all.map(({ html }) => html).join("");
  };
  assert.ok((await draw("uncertain")).includes(`id="post-${one}"`));
  assert.match(await draw("dashboard"), /id="rail-doubts">1</);
  await site.give(id, { type: "resolve", postId: one, outcome: "went_out" });
  assert.match(await draw("uncertain"), /Nothing is in doubt/);
  assert.match(await draw("dashboard"), /id="rail-doubts"><\/span>/);
});
