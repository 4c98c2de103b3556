/** Answering what somebody said where posts are composed, on a real database. */
import assert from "node:assert/strict";
import { addOptOut } from "../../../db/opt_outs.ts";
import { asPng, photo } from "../../../media/testing.ts";
import { type ConsoleSite, testConsole } from "../../../tests/console_site.ts";
import { connect, heard } from "../../../tests/sample_publishing.ts";
import type { Platform } from "../../../actors/persona/platforms/port.ts";

async function scene(site: ConsoleSite, platform: Platform, said: Partial<Parameters<typeof heard>[3]> = {}) {
  const id = await site.createPersona({ name: "Ada Fern", operatedBy: "City Arboretum" });
  const account = await connect(site, id, platform, "ada.example");
  const one = await heard(site, id, account, { text: "Is a <b>bare</b> tree ill?", by: "jo", ...said });
  const at = `/personas/${id}/compose`;
  return {
    id,
    at,
    one,
    account,
    page: () => site.get(`${at}?answers=${one}`),
    form: (fields: Record<string, string>) => ({
      answers: one,
      mode: "own",
      [`to-${account}`]: "on",
      [`post-${account}`]: crypto.randomUUID(),
      ...fields,
    }),
    posts: async () => Object.values((await site.supervisor.state(id)).posts),
  };
}

const shown = (text: string) => text.replace(/<[^>]*>/g, " ").replace(/\s+/g, " ");

testConsole(
  "the inbox leads to where an answer is composed, with what was said above it and its one account alone",
  async (site) => {
    const { id, at, one, account, page, form } = await scene(site, "bluesky");
    assert.ok((await site.get("/inbox")).text.includes(`href="${at}?answers=${one}"`));
    const { status, text } = await page();
    assert.equal(status, 200);
    assert.match(shown(text), /Answers @jo , who mentions it/);
    assert.match(text, /&lt;b&gt;bare&lt;\/b&gt;/);
    assert.deepEqual([...text.matchAll(/name="to-([^"]*)"/g)].map(([, to]) => to), [account]);
    assert.doesNotMatch(text, /type="radio"/);
    const measured = await site.post(`${at}/measure`, form({ text: "No.\n---\nLook." }));
    assert.equal(shown(measured.text).match(/Reply to @jo/g)?.length, 1);
    assert.equal((await site.get(`/personas/${id}/compose?answers=${crypto.randomUUID()}`)).status, 404);
  },
);

testConsole(
  "an answer is a thread with a picture, tied to what it answers; sent twice it is once",
  async (site) => {
    const { id, at, one, form, posts } = await scene(site, "bluesky");
    const upload = await site.app.request(`http://localhost${at}/picture?for=bluesky`, {
      method: "POST",
      body: await asPng(photo(64, 40)),
      headers: {
        cookie: await site.logIn(),
        host: "localhost",
        origin: "http://localhost",
        "x-digi-persona": "1",
        "content-type": "application/octet-stream",
      },
    });
    const { shas } = await upload.json();
    const fields = form({
      text: "No. It is working.\n\n---\n\nLook.",
      pictures: JSON.stringify([{ shas, alt: "A bare tree.", part: 2 }]),
    });
    const sent = await site.post(at, fields);
    assert.equal(sent.headers.get("hx-redirect"), `/inbox#heard-${one}`);
    assert.equal((await site.post(at, fields)).headers.get("hx-redirect"), `/inbox#heard-${one}`);
    const made = await posts();
    assert.deepEqual(
      made.map(({ platform, status, answering, content }) => [
        platform,
        status,
        answering?.interactionId,
        content?.parts.map((part) => [part.text, part.media?.[0]?.alt]),
      ]),
      [["bluesky", "pending_review", one, [["No. It is working.", undefined], ["Look.", "A bare tree."]]]],
    );
    const second = await site.post(at, form({ text: "Another." }));
    assert.equal(second.status, 422);
    assert.match(second.text, /There is an answer to this already/);
    const page = await site.get(`/personas/${id}/compose?answers=${one}`);
    assert.match(page.text, /There is an answer to this already/);
    assert.doesNotMatch(page.text, /name="text"/);
  },
);

testConsole(
  "an answer is counted as one: LinkedIn takes less of it, in one part, and no pictures",
  async (site) => {
    const { at, form, page, posts } = await scene(site, "linkedin", { kind: "reply" });
    assert.doesNotMatch((await page()).text, /data-pictures/);
    const long = await site.post(`${at}/measure`, form({ text: "a ".repeat(700) }));
    assert.match(shown(long.text), /Like · Reply/);
    assert.doesNotMatch(long.text, /visible to everybody|see more/);
    assert.match(shown(long.text), /1400 \/ 1250/);
    const refused = await site.post(at, form({ text: "a ".repeat(700) }));
    assert.equal(refused.status, 422);
    assert.match(refused.text, /data-focus-on="text"/);
    assert.deepEqual(await posts(), []);
  },
);

testConsole("a long answer is split as posts are, where the platform has threads", async (site) => {
  const { at, account, form } = await scene(site, "bluesky");
  const text = "One sentence of some length. ".repeat(20).trim();
  const measured = await site.post(`${at}/measure`, form({ text }));
  assert.match(measured.text, new RegExp(`data-split="${account}"`));
  const split = await site.post(`${at}/split`, form({ text, place: account }));
  assert.equal(JSON.parse(split.text).text.split("\n\n---\n\n").length, 2);
});

testConsole("what cannot be answered says why instead of the form, and is refused", async (site) => {
  const unbidden = await scene(site, "x", { kind: "reply", summons: false });
  const page = await unbidden.page();
  assert.match(page.text, /only where the author named the persona/);
  assert.doesNotMatch(page.text, /name="text"/);
  const refused = await site.post(unbidden.at, unbidden.form({ text: "Still." }));
  assert.deepEqual([refused.status, /only where the author named/.test(refused.text)], [422, true]);

  const left = await scene(site, "bluesky", { by: "kim" });
  await addOptOut(site.program.sql, { platform: "bluesky", handle: "kim", note: "", by: "user:ann", now: 0 });
  const alone = await site.post(left.at, left.form({ text: "Hello." }));
  assert.deepEqual([alone.status, /asked to be left alone/.test(alone.text)], [422, true]);

  const cut = await scene(site, "bluesky", { by: "lee" });
  await site.give(cut.id, { type: "unlink", connectionId: cut.account });
  assert.match((await cut.page()).text, /is not connected/);
  const gone = await site.post(cut.at, cut.form({ text: "Hello." }));
  assert.deepEqual([gone.status, /is not connected/.test(gone.text)], [422, true]);
  for (const { posts } of [unbidden, left, cut]) assert.deepEqual(await posts(), []);
});
