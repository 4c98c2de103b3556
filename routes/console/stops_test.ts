/** Stops in the console, on a real database: set, shown wherever a person looks, pushed live, lifted. */
import assert from "node:assert/strict";
import { stopKey } from "../../actors/supervisor/stop_scope.ts";
import type { StopScope } from "../../actors/supervisor/supervisor_port.ts";
import { ANN, type ConsoleSite, testConsole } from "../../tests/console_site.ts";
import { createLiveSource } from "./live_source.tsx";

const ALL: StopScope = { kind: "all" };
const BLUESKY: StopScope = { kind: "platform", platform: "bluesky" };
const HOSTILE = `<script>alert(1)</script> \u202egnp.exe`;

async function draft(site: ConsoleSite, personaId: string, text: string): Promise<string> {
  const postId = crypto.randomUUID();
  await site.give(personaId, { type: "compose", platform: "sandbox", brief: "bark", postId });
  await site.supervisor.write(personaId, postId, text);
  return postId;
}

async function approved(site: ConsoleSite, personaId: string, text: string): Promise<string> {
  const postId = await draft(site, personaId, text);
  const contentHash = (await site.supervisor.state(personaId)).posts[postId]?.contentHash ?? "";
  await site.give(personaId, { type: "approve", postId, contentHash });
  return postId;
}

const scopes = (site: ConsoleSite) => site.supervisor.stops().map(({ scope }) => scope);
const stop = (site: ConsoleSite, scope: StopScope, why = "") =>
  site.post("/posting/stop", { scope: stopKey(scope), why });
const lift = (site: ConsoleSite, scope: StopScope) => site.post("/posting/lift", { scope: stopKey(scope) });

testConsole(
  "all posting and a platform stopped: a banner on every page says who, when and why",
  async (site) => {
    const id = await site.createPersona({ name: "Ada Fern" });
    const postId = await draft(site, id, "Plane trees shed bark.");
    const answer = await stop(site, ALL, "the briefs were swapped");
    assert.equal(answer.status, 200);
    assert.match(answer.text, /All posting is stopped\./, "without loading the page again");
    await stop(site, BLUESKY, HOSTILE);
    assert.deepEqual(scopes(site), [ALL, BLUESKY]);
    for (const path of ["/", "/review", "/activity", "/settings", `/personas/${id}`, `/posts/${postId}`]) {
      const { text } = await site.get(path);
      assert.match(text, /All posting is stopped\.[^]*By Ann since[^]*the briefs were swapped/, path);
      assert.match(text, /Posting on Bluesky is stopped\.[^]*By Ann since/, path);
      assert.doesNotMatch(text, /<script>alert|Stop<span>/, path);
    }
    const lifted = await lift(site, ALL);
    assert.doesNotMatch(lifted.text, /All posting is stopped/);
    const { text } = await site.get("/");
    assert.match(text, /Posting on Bluesky is stopped\./, "the narrower one stays");
    assert.match(text, /Stop<span>/, "and all can be stopped again");
  },
);

testConsole("one persona stopped: its pages, its posts and Review say so, others do not", async (site) => {
  const [ada, bo] = [
    await site.createPersona({ name: "Ada Fern" }),
    await site.createPersona({ name: "Bo Reed" }),
  ];
  const postId = await approved(site, ada, "Plane trees shed bark.");
  const scope: StopScope = { kind: "persona", personaId: ada };
  const answer = await stop(site, scope, "not itself");
  assert.match(answer.text, new RegExp(`hx-target="#stopped-${ada}"`));
  const said = /Nothing of this persona goes out\.[^]*by Ann since[^]*not itself/;
  for (const path of ["", "/posts", "/identity"]) {
    assert.match((await site.get(`/personas/${ada}${path}`)).text, said, path);
  }
  assert.match((await site.get(`/posts/${postId}`)).text, said);
  assert.match((await site.get("/review")).text, /Held: posting of this persona is stopped[^]*not itself/);
  assert.match((await site.get("/activity")).text, /Posting of Ada Fern stopped/);
  const other = (await site.get(`/personas/${bo}`)).text;
  assert.doesNotMatch(other, /Nothing of this persona goes out\./);
  assert.match(other, /Stop posting/);
  await lift(site, scope);
  assert.doesNotMatch((await site.get(`/personas/${ada}`)).text, said);
});

testConsole("one post held on its card: the card says by whom and why, and lets it go", async (site) => {
  const id = await site.createPersona({ name: "Ada Fern" });
  const postId = await approved(site, id, "Tickets from 12 euro.");
  const waiting = await draft(site, id, "Lindens drip.");
  const at = `/personas/${id}/posts/${postId}`;
  const page = (await site.get(`/personas/${id}`)).text;
  assert.ok(
    page.includes(`hold-${postId}`) && !page.includes(`hold-${waiting}`),
    "only what may be going out",
  );
  const held = await site.post(`${at}/hold`, { reason: `  typo in the price ${HOSTILE} ` });
  assert.equal(held.status, 200);
  const said = /Held<\/b> by Ann since[^]*typo in the price[^]*Let it go out/;
  assert.match(held.text, said);
  assert.doesNotMatch(held.text, /<script>/);
  assert.deepEqual(scopes(site), [{ kind: "post", personaId: id, postId }]);
  for (const path of [`/personas/${id}`, `/posts/${postId}`, "/review"]) {
    assert.match((await site.get(path)).text, said, path);
  }
  assert.doesNotMatch((await site.get(`/posts/${waiting}`)).text, said);
  const gone = await site.post(`${at}/let-go`, {});
  assert.doesNotMatch(gone.text, said);
  assert.match(gone.text, /It may go out\./);
  assert.deepEqual(scopes(site), []);
  const other = await site.createPersona({ name: "Bo Reed" });
  const strange = await site.post(`/personas/${other}/posts/${postId}/hold`, {});
  assert.deepEqual([strange.status, scopes(site)], [404, []], "a post is its persona's");
});

testConsole("a reason with characters that no database takes is kept without them", async (site) => {
  assert.equal((await stop(site, ALL, "a\0b")).status, 200);
  assert.deepEqual(site.supervisor.stops().map(({ why }) => why), ["ab"]);
});

testConsole("the settings list all open stops by pages, and each can be lifted there", async (site) => {
  const id = await site.createPersona({ name: "Ada Fern" });
  const postId = await approved(site, id, "Tickets from 12 euro.");
  const empty = (await site.get("/settings")).text;
  assert.match(empty, /Nothing: what is approved goes out\./);
  await site.supervisor.stop({ kind: "post", personaId: id, postId }, "token:t", "typo");
  await stop(site, { kind: "persona", personaId: id });
  const { text } = await site.get("/settings");
  assert.match(
    text,
    /Posting of [^]*Ada Fern[^]*One post[^]*Tickets from 12 euro\.[^]*by a program with a token/,
  );
  for (let n = 0; n < 60; n++) {
    await site.supervisor.stop(
      { kind: "post", personaId: id, postId: crypto.randomUUID() },
      "system",
      `n${n}`,
    );
  }
  const first = (await site.get("/settings")).text;
  const [, next = ""] = /href="\/settings\?stops=([\w-]+)/.exec(first) ?? [];
  const second = (await site.get(`/settings?stops=${next}`)).text;
  const listed = (page: string) => page.match(/Let it go out|Let posts go out</g)?.length;
  assert.deepEqual([listed(first), listed(second)], [50, 12]);
  assert.equal((await site.get("/settings?stops=x")).status, 404);
});

testConsole("forms that name nothing: refused in a sentence, nothing is stopped or lifted", async (site) => {
  await stop(site, ALL);
  for (const path of ["/posting/stop", "/posting/lift"]) {
    for (const scope of ["", "everything", "platform orkut"]) {
      const { status, text } = await site.post(path, { scope });
      assert.deepEqual([status, /reload the page/.test(text)], [422, true], `${path} ${scope}`);
    }
  }
  const nobody = await stop(site, { kind: "persona", personaId: crypto.randomUUID() });
  assert.deepEqual([nobody.status, /no such persona/.test(nobody.text)], [404, true]);
  assert.deepEqual(scopes(site), [ALL]);
  const long = await stop(site, BLUESKY, "x".repeat(5_000));
  assert.equal(long.status, 200);
  assert.equal(site.supervisor.stops()[1]?.why.length, 2_000);
});

testConsole("live: a stop is pushed to every place that shows it, and to no other", async (site) => {
  const id = await site.createPersona({ name: "Ada Fern" });
  const other = await site.createPersona({ name: "Bo Reed" });
  const postId = await approved(site, id, "Tickets from 12 euro.");
  const source = createLiveSource(site.program);
  const drawn = async (scope: StopScope, act: (scope: StopScope) => Promise<void>) => {
    const after = site.log.head;
    await act(scope);
    return await source.render(await site.log.read(after, 100), WANTED);
  };
  const WANTED = new Set([
    "posting",
    "stops",
    "review",
    `review:${id}`,
    `review:${other}`,
    `persona:${id}`,
    `persona:${other}`,
    `post:${postId}`,
    "post:other",
  ]);
  const set = (scope: StopScope) => site.supervisor.stop(scope, "system", "drill");
  const lifted = (scope: StopScope) => site.supervisor.lift(scope, "system");
  const topics = (fragments: { topic: string }[]) => fragments.map(({ topic }) => topic).sort();
  const html = (fragments: { topic: string; html: string }[], topic: string) =>
    fragments.filter((one) => one.topic === topic).map((one) => one.html).join("");

  const post: StopScope = { kind: "post", personaId: id, postId };
  const held = await drawn(post, set);
  assert.deepEqual(
    topics(held),
    [
      `persona:${id}`,
      `post:${postId}`,
      "posting",
      "review",
      `review:${id}`,
      "stops",
    ].sort(),
  );
  for (const topic of [`post:${postId}`, "review", `review:${id}`]) {
    assert.match(html(held, topic), /Held<\/b> by digi-persona since[^]*drill/, topic);
  }
  assert.match(html(held, "stops"), /One post/);
  assert.doesNotMatch(html(await drawn(post, lifted), "review"), /Held/);

  const persona = await drawn({ kind: "persona", personaId: id }, set);
  assert.match(html(persona, `persona:${id}`), /Nothing of this persona goes out\./);
  const all = await drawn(ALL, set);
  assert.deepEqual(topics(all), ["posting", "stops"]);
  assert.match(html(all, "posting"), /All posting is stopped[^]*drill/);
  const gone = await drawn({ kind: "persona", personaId: id }, lifted);
  assert.doesNotMatch(html(gone, `persona:${id}`), /Nothing of this persona goes out\./);
});

testConsole("a post that was not sent because of a stop names people, not ids", async (site) => {
  const id = await site.createPersona({ name: "Ada Fern" });
  const postId = await draft(site, id, "Tickets from 12 euro.");
  const contentHash = (await site.supervisor.state(id)).posts[postId]?.contentHash ?? "";
  await site.give(id, { type: "approve", postId, contentHash, then: { kind: "publish" } });
  const [user] = await site.program.sql.query<{ id: string }>("select id from access_user");
  const reason = `Posting of this persona was stopped by user:${user?.id}: not itself`;
  await site.supervisor.attempt(id, postId, { kind: "not_sent", reason });
  const { text } = await site.get(`/posts/${postId}`);
  assert.match(text, new RegExp(`Posting of this persona was stopped by ${ANN.name}: not itself`));
  assert.ok(!text.includes(`user:${user?.id}`));
});
