/** Composing and editing over the console's routes, on a real database. */
import assert from "node:assert/strict";
import type { Platform } from "../../../actors/persona/platforms/port.ts";
import { createSandboxAccount } from "../../../db/sandbox/sandbox.ts";
import { asPng, photo } from "../../../media/testing.ts";
import { type ConsoleSite, testConsole } from "../../../tests/console_site.ts";

const ACCOUNTS: Partial<Record<Platform, [accountId: string, handle: string]>> = {
  x: ["12345", "ada_fern"],
  bluesky: ["did:plc:ada", "ada.example"],
  linkedin: ["urn:li:person:abc123", "Ada Fern"],
};

/** A persona with these accounts beside the sandbox's; ids of connections by platform. */
async function scene(site: ConsoleSite, platforms: Platform[]) {
  const id = await site.createPersona({ name: "Ada Fern", operatedBy: "City Arboretum" });
  for (const platform of platforms) {
    const [accountId = "", handle = ""] = ACCOUNTS[platform] ?? [];
    await site.give(id, {
      type: "link",
      connection: {
        connectionId: crypto.randomUUID(),
        platform,
        accountId,
        handle,
        service: "https://platform.example",
        disclosure: "profile_label",
      },
    });
  }
  const { connections } = await site.supervisor.state(id);
  const to = Object.fromEntries(Object.values(connections).map((one) => [one.platform, one.connectionId]));
  const at = `/personas/${id}/compose`;
  const form = (chosen: Platform[], more: Record<string, string> = {}) => ({
    mode: "own",
    set: crypto.randomUUID(),
    ...Object.fromEntries(chosen.map((platform) => [`to-${to[platform]}`, "on"])),
    ...Object.fromEntries(chosen.map((platform) => [`post-${to[platform]}`, crypto.randomUUID()])),
    ...more,
  });
  const posts = async () => Object.values((await site.supervisor.state(id)).posts);
  return { id, to, at, form, posts };
}

const shown = (text: string) => text.replace(/<[^>]*>/g, " ").replace(/\s+/g, " ");

async function upload(site: ConsoleSite, at: string, platforms: Platform[], body: Uint8Array<ArrayBuffer>) {
  const answer = await site.app.request(`http://localhost${at}/picture?for=${platforms.join(",")}`, {
    method: "POST",
    body,
    headers: {
      cookie: await site.logIn(),
      host: "localhost",
      origin: "http://localhost",
      "x-digi-persona": "1",
      "content-type": "application/octet-stream",
    },
  });
  return { status: answer.status, said: await answer.json() };
}

testConsole("counters say at once where a text fits and where not, and mark what is over", async (site) => {
  const { at, to, form } = await scene(site, ["x", "bluesky", "linkedin"]);
  const page = await site.get(at);
  assert.equal(page.status, 200);
  for (const label of ["Sandbox", "X", "Bluesky", "LinkedIn"]) {
    assert.match(page.text, new RegExp(`<b>${label}</b>`));
  }
  const text = `${"word ".repeat(70)}https://example.com <script>alert(1)</script>`;
  const { text: answer } = await site.post(`${at}/measure`, form(["x", "bluesky", "linkedin"], { text }));
  assert.match(shown(answer), /\d+ \/ 280/);
  assert.match(shown(answer), /395 \/ 300/);
  assert.match(shown(answer), /395 \/ 3000/);
  assert.match(shown(answer), /It is 95 over the limit of 300\./);
  assert.match(shown(answer), /costs \$0\.20 on X: it has a link/);
  assert.match(shown(answer), /✕ 95 over/);
  assert.match(shown(answer), /✓ fits/);
  assert.match(answer, /<mark class="pv-over"/);
  assert.match(answer, /…see more/);
  assert.doesNotMatch(answer, /<script>/);
  assert.match(answer, new RegExp(`data-split="${to.bluesky}"`));
  assert.doesNotMatch(answer, new RegExp(`data-split="${to.linkedin}"`));
  assert.doesNotMatch(answer, new RegExp(`measured-${to.sandbox}`), "not chosen");
});

testConsole(
  "one text and a variant become one post a platform, tied together; sent twice it is once",
  async (site) => {
    const { id, at, to, form, posts } = await scene(site, ["linkedin"]);
    const fields = form(["sandbox", "linkedin"], {
      text: "For all.\r\n\r\nTwo lines.",
      [`variant-${to.linkedin}`]: "on",
      [`text-${to.linkedin}`]: "For LinkedIn.",
    });
    const sent = await site.post(at, fields);
    assert.equal(sent.headers.get("hx-redirect"), `/personas/${id}`);
    assert.equal((await site.post(at, fields)).headers.get("hx-redirect"), `/personas/${id}`);
    const other = await site.post(at, { ...fields, text: "Something else." });
    assert.equal(other.status, 422);
    assert.match(other.text, /sent before with another text/);
    const made = await posts();
    assert.deepEqual(made.map((post) => [post.platform, post.status, post.content?.parts[0]?.text]), [
      ["sandbox", "pending_review", "For all.\n\nTwo lines."],
      ["linkedin", "pending_review", "For LinkedIn."],
    ]);
    const { text } = await site.get(`/posts/${made[0]?.id}`);
    assert.match(shown(text), /also for LinkedIn: waits for review/);
    assert.match(text, new RegExp(`href="/posts/${made[1]?.id}"`));
    const alone = await site.post(at, form(["sandbox"], { text: "Alone." }));
    assert.equal(alone.status, 200);
    const last = (await posts()).at(-1);
    assert.doesNotMatch(shown((await site.get(`/posts/${last?.id}`)).text), /also for/);
  },
);

testConsole("a preview names the account as its platform does, never the persona", async (site) => {
  const { id, at, form, posts } = await scene(site, ["x", "bluesky", "linkedin"]);
  const sandbox = Object.values((await site.supervisor.state(id)).connections)
    .find(({ platform }) => platform === "sandbox");
  await createSandboxAccount(site.program.sql, {
    id: sandbox?.accountId ?? "",
    handle: sandbox?.handle ?? "",
    name: "Ada of the sandbox",
    tokenHash: null,
    createdAt: "2026-11-23T00:00:00Z",
  });
  await site.give(id, { type: "edit", changes: { name: "Somebody Else" } });
  const { text } = await site.post(
    `${at}/measure`,
    form(["sandbox", "x", "bluesky", "linkedin"], { text: "Bark." }),
  );
  const by = (html: string) =>
    [...html.matchAll(/class="pv-face"[^>]*>(.*?)<\/div><p class="pv-by"(.*?)<\/p>/gs)]
      .map(([, face = "", line = ""]) => [face, shown(`<p${line}</p>`).trim()]);
  assert.deepEqual(by(text), [
    ["AS", `Ada of the sandbox @${sandbox?.handle} · now`],
    ["A", "@ada_fern · now"],
    ["A", "@ada.example · now"],
    ["AF", "Ada Fern now · visible to everybody"],
  ]);
  assert.doesNotMatch(text, /Somebody Else/);
  await site.post(at, form(["x"], { text: "Bark." }));
  const [post] = await posts();
  assert.deepEqual(by((await site.get(`/posts/${post?.id}`)).text), [["A", "@ada_fern · now"]]);
  const measured = await site.post(`/personas/${id}/posts/${post?.id}/edit/measure`, { text: "Bark." });
  assert.deepEqual(by(measured.text), [["A", "@ada_fern · now"]]);
});

testConsole("what cannot go out is refused before anything is sent, with where to mend it", async (site) => {
  const { at, to, form, posts } = await scene(site, ["bluesky"]);
  const refused = async (fields: Record<string, string>, message: RegExp, place: string) => {
    const answer = await site.post(at, fields);
    assert.equal(answer.status, 422);
    assert.match(shown(answer.text), message);
    assert.match(answer.text, new RegExp(`data-focus-on="${place}"`));
  };
  const long = "a ".repeat(200);
  await refused(
    form(["sandbox", "bluesky"], { text: long }),
    /Bluesky: It is 100 over the limit of 300/,
    "text",
  );
  await refused(form([], { text: "x" }), /Choose at least one account/, `to-${to.sandbox}`);
  await refused(form(["sandbox"], { text: "  " }), /Write a text first/, "text");
  await refused(form(["sandbox"], { mode: "brief", brief: "" }), /Say what it is about/, "brief");
  await refused(form(["sandbox"], { text: "x", pictures: "{" }), /could not be read/, "text");
  assert.deepEqual(await posts(), []);
});

testConsole("a brief asks for a draft on each platform, tied together", async (site) => {
  const { at, form, posts } = await scene(site, ["bluesky"]);
  await site.post(at, form(["sandbox", "bluesky"], { mode: "brief", brief: "why lindens drip" }));
  const made = await posts();
  assert.deepEqual(made.map((post) => [post.platform, post.brief, post.status]), [
    ["sandbox", "why lindens drip", "draft"],
    ["bluesky", "why lindens drip", "draft"],
  ]);
  const sets = await site.program.sql.query<{ sets: number }>(
    "select count(distinct set_id)::int as sets from post",
  );
  assert.equal(sets[0]?.sets, 1);
});

testConsole(
  "a text is split where it was too long, as a variant where there are several accounts",
  async (site) => {
    const { at, to, form } = await scene(site, ["bluesky"]);
    const text = "One sentence of some length. ".repeat(20).trim();
    const split = async (chosen: Platform[], more = {}) =>
      JSON.parse(
        (await site.post(`${at}/split`, form(chosen, { text, place: to.bluesky ?? "", ...more }))).text,
      );
    const alone = await split(["bluesky"]);
    assert.deepEqual([alone.field, alone.variant], ["text", null]);
    assert.equal(alone.text.split("\n\n---\n\n").length, 2);
    const several = await split(["sandbox", "bluesky"], { numbered: "1" });
    assert.deepEqual([several.field, several.variant], [`text-${to.bluesky}`, `variant-${to.bluesky}`]);
    assert.match(several.text, /1\/2\n\n---/);
  },
);

testConsole(
  "pictures are made for each platform, need an alt text, and stay with their post when it is edited",
  async (site) => {
    const { id, at, form, posts } = await scene(site, ["linkedin"]);
    const broken = await upload(site, at, ["sandbox"], new Uint8Array([1, 2, 3]));
    assert.equal(broken.status, 422);
    assert.match(broken.said.message, /picture/i);
    const { status, said } = await upload(site, at, ["sandbox", "linkedin"], await asPng(photo(64, 40)));
    assert.equal(status, 200);
    assert.match(said.shas.sandbox, /^[0-9a-f]{64}$/);
    assert.match(said.shas.linkedin, /^[0-9a-f]{64}$/);

    const pictures = (alt: string) => JSON.stringify([{ shas: said.shas, alt, part: 2 }]);
    const text = "One.\n\n---\n\nTwo.";
    const bare = await site.post(at, form(["sandbox"], { text, pictures: pictures(" ") }));
    assert.equal(bare.status, 422);
    assert.match(bare.text, /data-focus-on="alt 1"/);
    await site.post(at, form(["sandbox"], { text, pictures: pictures("A tree.") }));
    const [post] = await posts();
    assert.deepEqual(post?.content?.parts.map(({ text, media }) => [text, media?.map((one) => one.alt)]), [
      ["One.", undefined],
      ["Two.", ["A tree."]],
    ]);
    const page = (await site.get(`/posts/${post?.id}`)).text;
    assert.match(shown(page), /1 of 2 One\..*2 of 2 Two\. alt: A tree\./);
    assert.match(page, new RegExp(`src="/media/${id}/${said.shas.sandbox}"`));

    const edit = `/personas/${id}/posts/${post?.id}`;
    const measured = await site.post(`${edit}/edit/measure`, { text, pictures: pictures("A tree.") });
    assert.match(shown(measured.text), /part 1: 4 \/ 500 part 2: 4 \/ 500/);
    assert.match(measured.text, new RegExp(`alt="A tree\\."`));
    const unsaid = await site.post(`${edit}/revise`, { text, pictures: pictures("") });
    assert.equal(unsaid.status, 422);
    assert.match(shown(unsaid.text), /has no alt text/);
    assert.match(unsaid.text, /data-focus-on="alt 1"/);
    assert.equal((await site.post(`${edit}/revise`, { text: "One!\n---\nTwo." })).status, 200);
    const [revised] = await posts();
    assert.deepEqual(revised?.content?.parts.map(({ text, media = [] }) => [text, media.length]), [[
      "One!",
      0,
    ], ["Two.", 1]]);
  },
);

testConsole("what is out of a thread already is locked in its editor", async (site) => {
  const { id, at, form, posts } = await scene(site, []);
  await site.post(at, form(["sandbox"], { text: "One.\n\n---\n\nTwo." }));
  const postId = (await posts())[0]?.id ?? "";
  await site.give(id, {
    type: "approve",
    postId,
    contentHash: (await posts())[0]?.contentHash ?? "",
    then: { kind: "publish" },
  });
  const sent = [{ id: "sandbox:1", url: "http://127.0.0.1/sandbox/1" }];
  await site.supervisor.attempt(id, postId, { kind: "uncertain", reason: "No answer.", parts: sent });
  await site.give(id, { type: "resolve", postId, outcome: "did_not" });
  // It was to go on with the second part; a rule that is new speaks against it, so a person has to look.
  await site.give(id, { type: "edit", changes: { bannedWords: ["two"] } });
  await site.supervisor.internal(id, { type: "begin_attempt", postId });
  const { text, status } = await site.get(`/posts/${postId}`);
  assert.equal(status, 200);
  assert.match(shown(text), /1 of 2 · out already, cannot be changed/);
  assert.match(shown(text), /1 part out already: locked/);
  const edit = `/personas/${id}/posts/${postId}`;
  const measured = await site.post(`${edit}/edit/measure`, { text: "Zwei." });
  assert.match(shown(measured.text), /part 2: 5 \/ 500/);
  assert.equal((await site.post(`${edit}/revise`, { text: "Zwei." })).status, 200);
  assert.deepEqual((await posts())[0]?.content?.parts.map((part) => part.text), ["One.", "Zwei."]);
});
