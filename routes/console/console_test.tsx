/** The console's routes on a real database: what pages say, what forms do, and what hostile text cannot. */
import assert from "node:assert/strict";
import { ANN, type ConsoleSite, testConsole } from "../../tests/console_site.ts";
import { createLiveSource } from "./live_source.tsx";

const HOSTILE =
  `<script>alert(1)</script> <img src=x onerror=alert(1)> "onfocus=alert(1) javascript:alert(1) \u202egnp.exe <hx-partial hx-target="body">`;

async function draft(site: ConsoleSite, personaId: string, text: string): Promise<string> {
  const postId = crypto.randomUUID();
  await site.give(personaId, { type: "compose", platform: "sandbox", brief: "bark", postId });
  await site.supervisor.write(personaId, postId, text);
  return postId;
}

const hashOf = async (site: ConsoleSite, personaId: string, postId: string) =>
  (await site.supervisor.state(personaId)).posts[postId]?.contentHash ?? "";
const statusOf = async (site: ConsoleSite, personaId: string, postId: string) =>
  (await site.supervisor.state(personaId)).posts[postId]?.status;

testConsole(
  "the overview of an empty house shows first steps, one press brings a template to life",
  async (site) => {
    const empty = await site.get("/");
    assert.match(empty.text, /Who shall speak first\?/);
    const answer = await site.post("/new/template", { template: "botanist" });
    const [, id = ""] = /^\/personas\/([\w-]+)$/.exec(answer.headers.get("hx-redirect") ?? "") ?? [];
    const page = await site.get(`/personas/${id}`);
    assert.equal(page.status, 200);
    assert.match(page.text, /Ada Fern/);
    assert.match(page.text, /Writing: why lindens drip/);
    assert.match((await site.get("/")).text, new RegExp(`id="row-${id}"`));
  },
);

testConsole("hostile text is shown as text everywhere, marked where it hides", async (site) => {
  const id = await site.createPersona({
    name: HOSTILE.slice(0, 60),
    background: HOSTILE,
    purpose: HOSTILE,
    zone: "Europe/Lisbon",
  });
  const postId = await draft(site, id, HOSTILE);
  const state = await site.supervisor.state(id);
  await site.supervisor.hear(id, Object.keys(state.connections)[0] ?? "", HOSTILE);
  const paths = [
    "/",
    "/review",
    "/activity",
    `/posts/${postId}`,
    `/posts/${postId}/why`,
    "/find?q=alert",
    `/find?q=${encodeURIComponent(HOSTILE)}`,
    "/events/4",
  ];
  const tabs = ["", "/posts", "/inbox", "/memory", "/connections", "/identity", "/compose"].map((tab) =>
    `/personas/${id}${tab}`
  );
  for (const path of [...paths, ...tabs]) {
    const { status, text } = await site.get(path);
    assert.equal(status, 200, path);
    assert.doesNotMatch(text, /<script>|<img|<hx-partial/i, path);
    assert.doesNotMatch(text.replace(/"[^"]*"/g, ""), /<[a-z][^>]*\son\w+=/i, path);
    assert.doesNotMatch(text.replace(/<(?:textarea|input|title)[^]*?>[^<]*/g, ""), />[^<]*\u202e/u, path);
    assert.doesNotMatch(text, /(?:href|src|action)="javascript:/i, path);
  }
  assert.match((await site.get("/review")).text, /right-to-left override/);
});

testConsole("a card says where, when and what its button will do", async (site) => {
  const id = await site.createPersona({ name: "Ada", zone: "Europe/Lisbon" });
  const now = await draft(site, id, "Plane trees shed bark.");
  const timed = await draft(site, id, "Lindens drip.");
  await site.give(id, { type: "schedule", postId: timed, at: "2026-12-01T14:30", zone: "Europe/Lisbon" });
  const { text } = await site.get(`/personas/${id}`);
  assert.match(text, /Approve and publish now/);
  assert.match(text, /Approve · goes out Tue 1 Dec 14:30 \(Lisbon\)/);
  assert.match(text, /Sandbox · only here/);
  assert.match(text, /22 \/ 500/);
  assert.ok(text.includes(`id="post-${now}"`));
}, { now: () => Date.parse("2026-11-22T18:00:00Z") });

testConsole("approving needs the text that was seen; the answer is the card as it is then", async (site) => {
  const id = await site.createPersona();
  const postId = await draft(site, id, "First.");
  const stale = await hashOf(site, id, postId);
  const at = `/personas/${id}/posts/${postId}`;
  const revised = await site.post(`${at}/revise`, { text: "Second." });
  assert.equal(revised.status, 200);
  assert.match(revised.text, /Second\./);
  const refused = await site.post(`${at}/approve`, { contentHash: stale, then: "publish" });
  assert.equal(refused.status, 422);
  assert.match(refused.text, /has changed since you saw it/);
  const approved = await site.post(`${at}/approve`, {
    contentHash: await hashOf(site, id, postId),
    then: "publish",
  });
  assert.equal(approved.status, 200);
  assert.equal(await statusOf(site, id, postId), "publishing");
});

testConsole("a form that failed comes back with what was typed and what was wrong", async (site) => {
  const id = await site.createPersona();
  const postId = await draft(site, id, "First.");
  const at = `/personas/${id}/posts/${postId}`;
  const nowhere = await site.post(`${at}/schedule`, { at: "2027-13-45T99:00", zone: "Europe/Atlantis" });
  assert.equal(nowhere.status, 422);
  assert.match(nowhere.text, /value="Europe\/Atlantis"/);
  assert.match(nowhere.text, /no time zone/);
  const bluesky = await site.post(`/personas/${id}/connections/bluesky`, {
    identifier: "ada.example",
    password: "wrong",
    operatedBy: "City Arboretum",
    disclose: "on",
  });
  assert.match(bluesky.text, /refuses this password/);
  assert.match(bluesky.text, /value="ada.example"/);
  assert.doesNotMatch(bluesky.text, /value="wrong"/);
  const hidden = await site.post(`/personas/${id}/connections/bluesky`, {
    identifier: "a.example",
    password: "p",
    operatedBy: "X",
  });
  assert.match(hidden.text, /has to say that a machine writes there/);
});

testConsole("an identity is edited without touching what was left as it was", async (site) => {
  const identity = {
    name: "Ada",
    rules: ["One\nrule, two lines"],
    interests: ["a, b", "c"],
    examples: ["x\n\ny"],
    knowledge: [{ key: "K", text: "a\n\nb" }],
  };
  const id = await site.createPersona(identity);
  const page = (await site.get(`/personas/${id}/identity`)).text;
  assert.match(page, /Bring to life|Save/);
  const fields = {
    name: "Ada Fern",
    rules: "One\r\nrule, two lines",
    interests: "a, b, c",
    examples: "x\r\n\r\ny",
    knowledge0key: "K",
    knowledge0text: "a\r\n\r\nb",
    zone: "UTC",
  };
  const saved = await site.post(`/personas/${id}/identity`, fields);
  assert.match(saved.text, /Saved: name\./);
  const { identity: after } = await site.supervisor.state(id);
  assert.deepEqual(after, { ...after, ...identity, name: "Ada Fern" });
  const wrong = await site.post(`/personas/${id}/identity`, { ...fields, zone: "Atlantis", name: "Typed" });
  assert.equal(wrong.status, 422);
  assert.match(wrong.text, /value="Typed"/);
});

testConsole("deleting asks for the name", async (site) => {
  const id = await site.createPersona({ name: "Ada" });
  assert.match((await site.post(`/personas/${id}/delete`, { name: "Eve" })).text, /not its name/);
  assert.equal((await site.post(`/personas/${id}/delete`, { name: "Ada" })).headers.get("hx-redirect"), "/");
  const gone = await site.get(`/personas/${id}`);
  assert.deepEqual([gone.status, gone.text.includes("no such persona")], [404, true]);
});

testConsole("an uploaded file is looked at first, then created paused, without its secrets", async (site) => {
  const secret = "sk-abcdefghijklmnopqrstuvwxyz012345";
  const form = new FormData();
  const character = {
    name: "Nora Quill",
    bio: ["A baker."],
    lore: [],
    messageExamples: [],
    postExamples: [],
    adjectives: ["warm"],
    topics: ["bread"],
    style: { all: [], chat: [], post: [] },
    settings: { secrets: { KEY: secret } },
    plugins: ["x"],
  };
  form.set("file", new File([JSON.stringify(character)], "nora.json", { type: "application/json" }));
  const to = (await site.post("/new/import", form)).headers.get("hx-redirect") ?? "";
  const preview = await site.get(to);
  assert.equal(preview.status, 200);
  assert.match(preview.text, /Nothing is created yet/);
  assert.match(preview.text, /taken out/);
  assert.ok(!preview.text.includes(secret));
  const created = (await site.post(to, {})).headers.get("hx-redirect") ?? "";
  assert.match((await site.get(created)).text, /‖ paused/);
  const broken = new FormData();
  broken.set("file", new File(["{"], "x.json"));
  const refused = await site.post("/new/import", broken);
  assert.deepEqual([refused.status, /id="upload"/.test(refused.text)], [422, true]);
});

testConsole("why this? shows text, approval, prompt, answer, model and rules", async (site) => {
  const id = await site.createPersona();
  const postId = await draft(site, id, "Plane trees shed bark.");
  await site.post(`/personas/${id}/posts/${postId}/approve`, { contentHash: await hashOf(site, id, postId) });
  const { text } = await site.get(`/posts/${postId}/why`);
  for (
    const part of [
      "Plane trees shed bark.",
      `by ${ANN.name}`,
      "Write: Plane trees",
      "offline",
      "no fact was checked",
      "30",
      "Draft written",
    ]
  ) {
    assert.ok(text.includes(part), part);
  }
});

testConsole("the command bar's preview and the command mean the same", async (site) => {
  const id = await site.createPersona();
  const line = "/compose about bark, for the sandbox";
  assert.match((await site.get(`/personas/${id}/command?line=${encodeURIComponent(line)}`)).text, /bark/);
  assert.match((await site.post(`/personas/${id}/command`, { line })).text, /Asked for a draft for Sandbox/);
  assert.equal(Object.keys((await site.supervisor.state(id)).posts).length, 1);
  const refused = await site.post(`/personas/${id}/command`, { line: "/dance" });
  assert.deepEqual([refused.status, /no \/dance/.test(refused.text)], [422, true]);
});

testConsole("a token is shown once, and revoked", async (site) => {
  const made = await site.post("/settings/tokens", { name: "nightly", "scope-read": "on" });
  assert.match(made.text, /dp_[0-9a-f]{16}_/);
  assert.doesNotMatch((await site.get("/settings")).text, /dp_[0-9a-f]{16}_/);
  const [token] = await site.access.tokens.list();
  await site.post(`/settings/tokens/${token?.id}/revoke`, {});
  assert.deepEqual(await site.access.tokens.list(), []);
  assert.match((await site.post("/settings/tokens", { name: "nothing" })).text, /Say what it may do/);
});

testConsole("a thousand personas are paged, a made-up cursor is a page that is not there", async (site) => {
  for (let index = 0; index < 60; index++) {
    const command = {
      type: "create" as const,
      identity: { ...(await site.supervisor.state("x")).identity, name: `P${index}` },
      origin: "form" as const,
    };
    await site.give(crypto.randomUUID(), command);
  }
  const first = await site.get("/");
  assert.equal(first.text.match(/data-row=/g)?.length, 50);
  const [, next = ""] = /href="(\/\?after=[^"]+)"/.exec(first.text) ?? [];
  assert.equal((await site.get(next)).text.match(/data-row=/g)?.length, 10);
  for (
    const path of [
      "/?after=x",
      "/activity?before=x",
      "/review?after=%00",
      "/events/0",
      "/events/x",
      "/posts/nope",
      "/personas/nope",
      "/nope",
    ]
  ) {
    assert.equal((await site.get(path)).status, 404, path);
  }
});

testConsole("strangers see no name of a persona, also where there is no page", async (site) => {
  await site.createPersona({ name: "Secretive Sam" });
  for (const path of ["/", "/nope", "/review", "/settings"]) {
    const answer = await site.app.request(`http://localhost${path}`, {
      headers: { host: "localhost", accept: "text/html" },
    });
    assert.doesNotMatch(await answer.text(), /Secretive/, path);
    assert.notEqual(answer.status, 200, path);
  }
});

testConsole("live fragments hold each event once and nothing of a person", async (site) => {
  const id = await site.createPersona({ name: "Ada" });
  const source = createLiveSource(site.program);
  const before = site.log.head;
  const batches: Parameters<typeof source.render>[0][] = [];
  const stop = site.log.subscribe((events) => void batches.push(events));
  const postId = await draft(site, id, HOSTILE);
  stop();
  const fragments = (await Promise.all(batches.map((events) => source.render(events)))).flat();
  const feed = fragments.filter(({ topic }) => topic === `feed:${id}`).map(({ html }) => html).join("");
  const ids = [...feed.matchAll(/id="event-(\d+)"/g)].map(([, position]) => Number(position));
  assert.deepEqual(
    [...ids].sort((a, b) => a - b),
    Array.from({ length: site.log.head - before }, (_, index) => before + index + 1),
  );
  const all = fragments.map(({ html }) => html).join("");
  assert.doesNotMatch(all, /<script|<img|hx-post|hx-on|nonce|hx-nonce/i);
  const state = await source.state([
    `feed:${id}`,
    `review:${id}`,
    `persona:${id}`,
    `post:${postId}`,
    "dashboard",
    "posting",
    "nonsense:1",
  ], before);
  assert.equal(state.position, site.log.head);
  assert.equal([...state.html.matchAll(/<li id="event-\d+" class="new"/g)].length, site.log.head - before);
  const wanted = await source.render(batches.flat(), new Set([`review:${id}`]));
  assert.deepEqual(
    [...new Set(wanted.map(({ topic }) => topic))].sort(),
    [`review:${id}`],
  );
  const [progress] = source.progress({ personaId: id, postId, text: "<b>so far</b>" });
  assert.match(progress?.html ?? "", /&lt;b&gt;so far/);
});

testConsole(
  "the sandbox shows what was said there, newest first, answers with what they answer",
  async (site) => {
    const { sql } = site.program;
    const at = "2026-11-22T18:00:00Z";
    await sql.query(
      "insert into sandbox_account (id, handle, name, created_at) values ('a', 'ada.sandbox', 'Ada', $1), ('b', 'bo.sandbox', $2, $1)",
      [at, HOSTILE],
    );
    for (let index = 0; index < 55; index++) {
      await sql.query(
        "insert into sandbox_post (id, account_id, key, text, language, reply_to, created_at) values ($1, $2, $1, $3, 'en', $4, $5)",
        [
          `p${index}`,
          index % 2 ? "b" : "a",
          index === 54 ? HOSTILE : `Said ${index}.`,
          index === 54 ? "p53" : null,
          at,
        ],
      );
    }
    const { text } = await site.get("/sandbox");
    assert.match(text, /nobody outside digi-persona sees this/);
    assert.match(text, /answers @bo\.sandbox: Said 53\./);
    assert.doesNotMatch(text, /<script>alert/);
    assert.equal(text.match(/id="said-/g)?.length, 50);
    const [, next = ""] = /href="(\/sandbox\?after=[^"]+)"/.exec(text) ?? [];
    assert.equal((await site.get(next)).text.match(/id="said-/g)?.length, 5);
    assert.equal((await site.get("/sandbox?account=ada.sandbox")).text.match(/id="said-/g)?.length, 28);
  },
);
