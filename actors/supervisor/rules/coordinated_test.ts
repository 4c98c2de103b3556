import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import type { Other } from "../../../db/read/said.ts";
import { event } from "../../persona/events.ts";
import { mention } from "../../persona/policy/testing.ts";
import { coordinated, MAX_SEEN, together } from "./coordinated.ts";
import { rulesTest, type Someone } from "./testing.ts";

const LINK = "https://example.org/trees";
const HOUR_MS = 3_600_000;

const by = (persona: string, ...shared: string[]): Other & { shared: string[] } => ({
  postId: `${persona}-${shared.join()}`,
  personaId: persona,
  personaName: persona,
  platform: "x",
  at: "2026-11-22T09:00:00.000Z",
  shared,
});

Deno.test("together: counted by persona on each thing by itself, not by post and not over several things", () => {
  deepStrictEqual(together([by("Ada", "tag a"), by("Ada", "tag a")]).on, [], "one persona twice");
  deepStrictEqual(together([by("Ada", "tag a"), by("Ben", "tag b")]).on, [], "two things");
  const { on, posts } = together([by("Ada", "tag a", "tag b"), by("Ben", "tag a"), by("Cyd", "tag c")]);
  deepStrictEqual(on, ["tag a"]);
  deepStrictEqual(posts.map(({ personaId }) => personaId), ["Ada", "Ben"]);
});

Deno.test("coordinated, what it is on: said in words, with how many and who; a long list is cut", () => {
  const says = (key: string, ...personas: string[]) =>
    coordinated("x", personas.map((one) => by(one, key)), null).message;
  match(
    says("link a.example/b", "Ada", "Ben"),
    /^3 personas on one link \(a\.example\/b\) .*: this one and Ada and Ben/,
  );
  match(says("cashtag abc", "Ada", "Ben"), /on \$ABC within/);
  match(says("who 1f", "Ada", "Ben"), /on one person within/);
  match(says("post x 1", "Ada", "Ben"), /on one post within/);
  match(says("tag t", ..."ABCDEFG"), /^8 personas .*A, B, C, D, E and 2 more, in 7 other posts/);
  match(
    coordinated("x", [{ ...by("Ada", "t"), personaName: null }, by("Ben", "t")], null).message,
    /a deleted persona/,
  );
});

Deno.test("coordinated, seen by a person: those and no more; fewer personas need nobody", () => {
  const two = [by("Ada", "tag a"), by("Ben", "tag a")];
  const seen = two.map(({ postId }) => postId);
  strictEqual(coordinated("x", two, seen).level, "warn");
  match(coordinated("x", two, seen).message, /A person has seen them together/);
  strictEqual(coordinated("x", two, null).level, "block");
  strictEqual(coordinated("x", two, []).level, "block", "of before it was kept what was seen");
  strictEqual(coordinated("x", two.slice(1), null).level, "pass");
  const joined = coordinated("x", [...two, by("Cyd", "tag a")], seen);
  strictEqual(joined.level, "block");
  match(joined.message, /in 3 other posts, 1 of which nobody has seen with it yet/);
  strictEqual(coordinated("x", two.slice(0, 2), [...seen, "gone"]).level, "warn", "one that went away since");
});

Deno.test("coordinated, more posts than anybody sees together: it waits, whoever lets it pass", () => {
  const posts = Array.from({ length: MAX_SEEN + 1 }, (_, at) => by(`P${at}`, "tag a"));
  const seen = posts.map(({ postId }) => postId);
  match(coordinated("x", posts, seen).message, /Nobody can see so many together: it has to wait/);
  strictEqual(coordinated("x", posts, seen).level, "block");
  strictEqual(coordinated("x", posts.slice(1), seen).level, "warn");
});

const onLink = (uri: string) => ({ facets: [{ kind: "link" as const, uri, start: 0, end: 1 }] });

rulesTest(
  "coordinated, posts that wait for longer than a day: they count until they are out, and from then on for a day",
  async (world) => {
    const said: { who: Someone; post: string }[] = [];
    for (const [at, name] of ["Ada", "Ben", "Cyd", "Dan"].entries()) {
      const who = await world.persona(name, "bluesky");
      const words = Array.from("abcde", (letter) => `${letter}${at}`).join(" ");
      said.push({ who, post: await world.says(who, words, onLink("https://example.org/z")) });
    }
    const levels = () => Promise.all(said.map(({ who, post }) => world.level(who, post, "coordinated")));
    deepStrictEqual(await levels(), ["pass", "pass", "block", "block"]);
    world.later = 25 * HOUR_MS;
    deepStrictEqual(await levels(), ["pass", "pass", "block", "block"]);
    for (const { who, post } of said.slice(0, 2)) await world.publish(who, post);
    deepStrictEqual(await levels(), ["pass", "pass", "pass", "pass"], "out for 25 hours");
    world.later = 23 * HOUR_MS;
    deepStrictEqual(await levels(), ["pass", "pass", "block", "block"], "out for 23 hours");
  },
);

rulesTest(
  "coordinated, let pass by a person: for those that were there then, and again for more",
  async (world) => {
    const say = async (name: string) => {
      const who = await world.persona(name, "bluesky");
      return await world.says(who, `${name}1 ${name}2 ${name}3 ${name}4`, onLink("https://example.org/z"));
    };
    const cyd = await world.persona("Cyd", "bluesky");
    const post = await world.draft(cyd, "c1 c2 c3 c4 c5 c6", onLink("https://example.org/z"));
    const verdictIf = async (seen: string[]) => {
      const all = await world.rules.check(cyd.id, post, { acknowledged: ["coordinated"], seen });
      return all.find(({ rule }) => rule === "coordinated")?.level;
    };
    const seen = [await say("Ada"), await say("Ben")];
    strictEqual(await verdictIf([]), "block");
    strictEqual(await verdictIf(seen), "warn");
    const joined = await say("Dan");
    strictEqual(await verdictIf(seen), "block", "while the person was looking");
    await world.send(cyd, post, { acknowledged: ["coordinated"], seen });
    strictEqual(await world.level(cyd, post, "coordinated"), "block");
    await world.append(cyd.id, [event("PostHeldBack", { postId: post, reason: "r", verdicts: [] })]);
    await world.send(cyd, post, { acknowledged: ["coordinated"], seen: [...seen, joined] });
    strictEqual(await world.level(cyd, post, "coordinated"), "warn");
    await say("Eli");
    strictEqual(await world.level(cyd, post, "coordinated"), "warn", "what begins after it waits for itself");
  },
);

rulesTest("coordinated, let pass in advance: nobody has seen those that came since", async (world) => {
  const [ada, ben, cyd] = [
    await world.persona("Ada", "bluesky"),
    await world.persona("Ben", "bluesky"),
    await world.persona("Cyd", "bluesky"),
  ];
  const post = await world.draft(cyd, "third to come about the thing", onLink("https://example.org/z"));
  await world.says(ada, "first of them all about it", onLink("https://example.org/z?page=1"));
  await world.says(ben, "second one in words of its own", onLink("https://example.org./%7A"));
  await world.send(cyd, post, { acknowledged: ["coordinated"], seen: [] });
  strictEqual(await world.level(cyd, post, "coordinated"), "block");
});

rulesTest("coordinated, one post: led to by two addresses and answered by a third persona", async (world) => {
  const [ada, ben, cyd] = [
    await world.persona("Ada", "bluesky"),
    await world.persona("Ben", "x"),
    await world.persona("Cyd", "bluesky"),
  ];
  await world.says(ada, "one two three four", onLink("https://bsky.app/profile/did:plc:zoe/post/3k"));
  await world.says(ben, "five six seven eight", onLink("https://bsky.app/profile/zoe.example/post/3k"));
  const targetId = "at://did:plc:zoe/app.bsky.feed.post/3k";
  const heard = await world.heard(cyd, { accountId: "did:plc:zoe", targetId });
  const answer = await world.draft(cyd, "nine ten eleven twelve", { answering: heard });
  match((await world.verdict(cyd, answer, "coordinated"))?.message ?? "", /^3 personas on one post/);
});

rulesTest(
  "coordinated: the third persona on one link within a day waits until a person has seen them together",
  async (world) => {
    const [ada, ben, cyd] = [
      await world.persona("Ada"),
      await world.persona("Ben"),
      await world.persona("Cyd"),
    ];
    const first = await world.says(ada, `Trees cool the street more than awnings do: ${LINK}`);
    const second = await world.says(
      ben,
      `I spent an hour with this map and regret nothing. ${LINK}?utm_source=ben`,
    );
    strictEqual(await world.level(ben, second, "coordinated"), "pass");
    await world.says(ben, `Ben again, on the same page, a bit later in the day ${LINK}`);
    const third = await world.says(cyd, `Which of these have you climbed? ${LINK}/#map`);
    const verdict = await world.verdict(cyd, third, "coordinated");
    strictEqual(verdict?.level, "block");
    match(
      verdict?.message ?? "",
      /^3 personas on one link \(example\.org\/trees\) within 24 hours: this one and Ben and Ada, in 3 other/,
    );
    match(verdict?.source ?? "", /authenticity/);
    const companions = await world.rules.companions(third);
    deepStrictEqual(new Set(companions.map(({ personaId }) => personaId)), new Set([ada.id, ben.id]));
    strictEqual(companions.at(-1)?.postId, first);
    deepStrictEqual(await world.rules.companions(first), []);

    await world.append(cyd.id, [event("PostHeldBack", { postId: third, reason: "r", verdicts: [] })]);
    const seen = companions.map(({ postId }) => postId);
    await world.send(cyd, third, { acknowledged: ["coordinated"], seen });
    strictEqual(await world.level(cyd, third, "coordinated"), "warn");
  },
);

rulesTest(
  "coordinated, on a tag, a person or a post: whoever answers somebody is on that person too",
  async (world) => {
    const [ada, ben, cyd] = [
      await world.persona("Ada", "bluesky"),
      await world.persona("Ben", "bluesky"),
      await world.persona("Cyd", "x"),
    ];
    const tag = (tag: string) => ({ facets: [{ kind: "tag" as const, tag, start: 0, end: 1 }] });
    await world.says(ada, "one thing about it", tag("trees"));
    await world.says(ben, "another matter", tag("Trees"));
    const third = await world.draft(cyd, "a third", tag("TREES"));
    match((await world.verdict(cyd, third, "coordinated"))?.message ?? "", /on #trees/);
    strictEqual(
      await world.level(cyd, await world.draft(cyd, "a fourth", tag("tree")), "coordinated"),
      "pass",
    );

    const dan = await world.persona("Dan", "bluesky");
    await world.says(ada, "yes", { answering: await world.heard(ada, { accountId: "did:plc:zoe" }) });
    await world.says(ben, "hello there", { facets: [mention("zoe", "did:plc:zoe")] });
    const answer = await world.draft(dan, "no", {
      answering: await world.heard(dan, { accountId: "did:plc:zoe" }),
    });
    match((await world.verdict(dan, answer, "coordinated"))?.message ?? "", /on one person/);
    const names = await world.draft(dan, "hm", { facets: [mention("zoe", "did:plc:zoe")] });
    strictEqual(
      await world.level(dan, names, "coordinated"),
      "block",
      "who is answered counts for who is named",
    );
  },
);

rulesTest("coordinated, the sandbox and real platforms: do not count against each other", async (world) => {
  for (const name of ["Ada", "Ben", "Cyd"]) await world.says(await world.persona(name), `${name} ${LINK}`);
  const dan = await world.persona("Dan", "bluesky");
  const facets = [{ kind: "link" as const, uri: LINK, start: 0, end: 1 }];
  strictEqual(await world.level(dan, await world.draft(dan, "d", { facets }), "coordinated"), "pass");
});
