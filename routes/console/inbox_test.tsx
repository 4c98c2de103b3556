/** The inbox on a real database: what stands there in which order, and the ways to answer. */
import assert from "node:assert/strict";
import { addOptOut } from "../../db/opt_outs.ts";
import { listInbox, openCount } from "../../db/read/inbox.ts";
import { type ConsoleSite, testConsole } from "../../tests/console_site.ts";
import { connect, heard, lookedUp, sent, waiting } from "../../tests/sample_publishing.ts";
import { createLiveSource } from "./live_source.tsx";

async function scene(site: ConsoleSite) {
  const id = await site.createPersona({
    name: "Ada Fern",
    zone: "Europe/Lisbon",
    operatedBy: "City Arboretum",
  });
  const x = await connect(site, id, "x", "adafern");
  return {
    id,
    x,
    says: (text: string, more: Partial<Parameters<typeof heard>[3]> = {}) =>
      heard(site, id, x, { text, ...more }),
    at: (interactionId: string) => `/personas/${id}/interactions/${interactionId}/reply`,
    posts: async () => Object.values((await site.supervisor.state(id)).posts),
  };
}

/** The card of one thing that was said. */
function cardOf(text: string, id: string): string {
  const from = text.indexOf(`id="heard-${id}"`);
  return from === -1 ? "" : text.slice(from, text.indexOf("</article>", from));
}

testConsole(
  "the inbox shows what is not answered first, with our post, who said it and where",
  async (site) => {
    assert.match((await site.get("/inbox")).text, /Nobody has said anything yet/);
    const { id, says, at } = await scene(site);
    const ours = await waiting(site, id, "x", ["Lindens do not drip."]);
    await sent(site, id, ours, {
      kind: "sent",
      sent: [{ id: "77", url: "https://x.com/adafern/status/77" }],
    });
    const first = await says("<b>Who</b> drips then, \u202efdp.exe?", {
      kind: "reply",
      about: "77",
      by: "jo",
    });
    const second = await says("Nice.", { by: "kim" });
    const like = await says("", { kind: "like", about: "77" });
    await site.post(at(second), { how: "text", text: "Thank you." });
    const { text } = await site.get("/inbox");
    assert.ok(text.indexOf("Not answered") < text.indexOf(`id="heard-${first}"`));
    assert.ok(text.indexOf(`id="heard-${first}"`) < text.indexOf("The rest"));
    assert.ok(text.indexOf("The rest") < text.indexOf(`id="heard-${second}"`));
    assert.ok(!text.includes(`id="heard-${like}"`));
    const card = cardOf(text, first);
    assert.match(card, /hx-ignore=""[^>]*>&lt;b&gt;Who&lt;\/b&gt;/);
    assert.doesNotMatch(card, /\u202e/);
    assert.match(card, new RegExp(`href="/posts/${ours}">about its post</a>.*Lindens do not drip\\.`, "s"));
    assert.match(card, /href="https:\/\/example.com\/said\/1" target="_blank" rel="noopener/);
    assert.match(text, /id="rail-unanswered">1</);
    assert.ok((await site.get("/inbox?what=signs")).text.includes(`id="heard-${like}"`));
    const other = await site.createPersona({ name: "Milo" });
    assert.match((await site.get(`/inbox?persona=${other}`)).text, /Nobody has said anything yet/);
    assert.ok((await site.get(`/personas/${id}/inbox`)).text.includes(`id="heard-${first}"`));
  },
);

testConsole(
  "the inbox is paged without losing or repeating any, unanswered before answered",
  async (site) => {
    const { sql } = site.program;
    const { id, says, at } = await scene(site);
    const ids: string[] = [];
    for (let index = 0; index < 5; index++) ids.push(await says(`Said ${index}.`));
    for (const answered of [ids[1] ?? "", ids[4] ?? ""]) {
      await site.post(at(answered), {
        how: "text",
        text: "Yes.",
      });
    }
    const seen: string[] = [];
    let after: string | null = null;
    do {
      const page: Awaited<ReturnType<typeof listInbox>> = await listInbox(sql, { limit: 2, after });
      seen.push(...page.items.map((one) => one.id));
      after = page.next;
    } while (after !== null);
    assert.deepEqual(seen, [3, 2, 0, 4, 1].map((index) => ids[index]));
    assert.deepEqual([await openCount(sql), await openCount(sql, id), await openCount(sql, "other")], [
      3,
      3,
      0,
    ]);
    assert.equal((await site.get("/inbox?after=made-up")).status, 404);
  },
);

testConsole("an answer of one's own waits for review, and says what it answers", async (site) => {
  const { says, at, posts, id } = await scene(site);
  const one = await says("Is a bare tree ill?");
  const empty = await site.post(at(one), { how: "text", text: "" });
  assert.equal(empty.status, 422);
  assert.match(empty.text, /role="alert">The answer /);
  assert.match(empty.text, new RegExp(`id="text-${one}" data-panel="text"(?! hidden)`));
  const kept = await site.post(at(one), { how: "text", text: "No. It is working." });
  assert.equal(kept.status, 200);
  const [answer] = await posts();
  assert.match(kept.text, new RegExp(`href="/posts/${answer?.id}">its answer`));
  await lookedUp(site, id, answer?.id ?? "");
  const page = await site.get(`/posts/${answer?.id}`);
  assert.match(page.text, /Answers a mention by.*Is a bare tree ill\?/s);
  assert.match(page.text, /costs \$0\.01/);
  const again = await site.post(at(one), { how: "text", text: "Another." });
  assert.equal(again.status, 422);
  assert.match(again.text, /There is an answer to this already/);
  assert.match(again.text, new RegExp(`href="/posts/${answer?.id}">its answer`));
  assert.doesNotMatch(cardOf(again.text, one), /data-opens/);
  await site.give(id, { type: "reject", postId: answer?.id ?? "", reason: "too short" });
  assert.match(cardOf((await site.get("/inbox")).text, one), /rejected.*data-opens="brief-/s);
});

testConsole("the persona answers, with what it is to say or without", async (site) => {
  const { says, at, posts } = await scene(site);
  const one = await says("Is a bare tree ill?");
  const asked = await site.post(at(one), { how: "brief", brief: "no, and kindly" });
  assert.match(asked.text, /It is being written\./);
  assert.deepEqual((await posts()).map(({ brief, status }) => [brief, status]), [[
    "no, and kindly",
    "draft",
  ]]);
  const two = await says("And now?");
  assert.equal((await site.post(at(two), { how: "brief", brief: " " })).status, 200);
});

testConsole(
  "what cannot be answered says why, under which rule, and offers no button that is refused",
  async (site) => {
    const { id, says, at } = await scene(site);
    const unbidden = await says("Trees again.", { kind: "reply", summons: false });
    const gone = await says("A secret.");
    await site.program.sql.query(
      "update foreign_words set content = null, removed_at = '2026-11-20T00:00:00Z', rule = 'x_30_days' where content->>'text' = 'A secret.'",
    );
    const linkedin = await connect(site, id, "linkedin", "City Arboretum");
    const member = await heard(site, id, linkedin, { text: "Which street?", kind: "reply" });
    const { text } = await site.get("/inbox");
    const card = cardOf(text, unbidden);
    assert.match(card, /X takes an answer of a program only where the author named the persona/);
    assert.match(card, /href="https:\/\/docs\.x\.com\/changelog"/);
    assert.doesNotMatch(card, /data-opens/);
    const refused = await site.post(at(unbidden), { how: "brief" });
    assert.deepEqual([refused.status, /only where the author named/.test(refused.text)], [422, true]);
    assert.match(cardOf(text, gone), /Removed on 2026-11-20 under rule x_30_days\./);
    assert.doesNotMatch(cardOf(text, gone), /Let it answer/);
    assert.doesNotMatch(text, /A secret/);
    assert.match(cardOf(text, member), /is not shown to the writer/);
    const blind = await site.post(at(member), { how: "brief", brief: "" });
    assert.equal(blind.status, 422);
    assert.match(
      cardOf(blind.text, member),
      /role="alert">What people say on LinkedIn is not shown to the writer/,
    );
    await site.give(id, { type: "unlink", connectionId: linkedin });
    assert.match(cardOf((await site.get("/inbox")).text, member), /is not connected/);
  },
);

const erase = (site: ConsoleSite, words: string) =>
  site.program.sql.query(
    "update foreign_words set content = null, removed_at = now(), rule = 'erasure:author' where content->>'text' = $1",
    [words],
  );

testConsole(
  "what is said and not kept any more cannot be answered: it is not counted, and says so below what is open",
  async (site) => {
    const { says, at, posts } = await scene(site);
    const erased = await says("Erased.");
    const open = await says("Open.");
    await erase(site, "Erased.");
    const { text } = await site.get("/inbox");
    assert.match(text, /id="rail-unanswered">1</);
    assert.ok(text.indexOf(`id="heard-${open}"`) < text.indexOf("The rest"));
    assert.ok(text.indexOf("The rest") < text.indexOf(`id="heard-${erased}"`));
    assert.match(cardOf(text, erased), /not kept any more, so it cannot be answered/);
    assert.doesNotMatch(cardOf(text, erased), /data-key|href="[^"]*compose/);
    const late = await site.post(at(erased), { how: "text", text: "Too late." });
    assert.equal(late.status, 422);
    assert.match(late.text, /not kept any more/);
    assert.deepEqual(await posts(), []);
  },
);

testConsole(
  "what was answered leaves the inbox with its words, once the answer is over; the answer's page stays",
  async (site) => {
    const { id, says, at, posts } = await scene(site);
    const one = await says("Is a bare tree ill?");
    await site.post(at(one), { how: "text", text: "No. It is working." });
    const [answer] = await posts();
    const answerId = answer?.id ?? "";
    await lookedUp(site, id, answerId);
    await erase(site, "Is a bare tree ill?");
    assert.match(cardOf((await site.get("/inbox")).text, one), /its answer.*waits for review/s);
    await sent(site, id, answerId, {
      kind: "sent",
      sent: [{ id: "78", url: "https://x.com/adafern/status/78" }],
    });
    assert.equal(cardOf((await site.get("/inbox")).text, one), "");
    assert.equal(cardOf((await site.get(`/personas/${id}/inbox`)).text, one), "");
    const page = (await site.get(`/posts/${answerId}`)).text;
    assert.match(page, /Removed on .* under rule/s);
    assert.doesNotMatch(page, /in the inbox/);
  },
);

testConsole(
  "somebody who took back what they said is not offered for an answer again; one whose answer a person rejected is",
  async (site) => {
    const { id, says, at, posts } = await scene(site);
    const back = await says("Taken back.");
    const again = await says("Still there.");
    for (const one of [back, again]) await site.post(at(one), { how: "text", text: `To ${one}.` });
    const [gone, other] = await posts();
    await site.supervisor.internal(id, {
      type: "not_prepared",
      postId: gone?.id ?? "",
      revision: gone?.revision ?? 0,
      reason: "What this answers is not there any more.",
      final: true,
    });
    await site.give(id, { type: "reject", postId: other?.id ?? "", reason: "too short" });
    const { text } = await site.get("/inbox");
    assert.match(cardOf(text, back), /not there any more, so it cannot be answered/);
    assert.doesNotMatch(cardOf(text, back), /data-key/);
    assert.match(cardOf(text, again), /data-key="A".*data-key="E".*data-key="C"/s);
    const late = await site.post(at(back), { how: "brief" });
    assert.deepEqual([late.status, /not there any more/.test(late.text)], [422, true]);
  },
);

testConsole("the inbox follows what is said and what is answered", async (site) => {
  const { id, says, at } = await scene(site);
  const source = createLiveSource(site.program);
  const last = async (topic: string) => {
    const events = await site.log.readStream(id, 0, 1_000);
    return (await source.render(events.slice(-1), new Set([topic]))).map(({ html }) => html).join("");
  };
  const one = await says("Hello?");
  assert.ok((await last("inbox")).includes(`id="heard-${one}"`));
  assert.match(await last("dashboard"), /id="rail-unanswered">1</);
  await site.post(at(one), { how: "text", text: "Hello." });
  assert.match(cardOf(await last(`inbox:${id}`), one), /its answer.*Hello\./s);
});

testConsole(
  "somebody who asked to be left alone is not answered, and no writer is asked",
  async (site) => {
    const { says, at, posts } = await scene(site);
    const one = await says("Which street?", { by: "jo" });
    await addOptOut(site.program.sql, { platform: "x", handle: "@Jo", note: "", by: "user:ann", now: 0 });
    for (const typed of [{ how: "brief" }, { how: "text", text: "The one by the river." }]) {
      const { status, text } = await site.post(at(one), typed as Record<string, string>);
      assert.deepEqual([status, /asked to be left alone/.test(text)], [422, true]);
    }
    assert.deepEqual(await posts(), []);
  },
);
