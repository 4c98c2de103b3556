import { deepStrictEqual, match, ok, rejects, strictEqual } from "node:assert/strict";
import { addOptOut } from "../../../db/opt_outs.ts";
import { rebuildProjections } from "../../../db/log/rebuild.ts";
import { projections } from "../../../db/projections/all.ts";
import { event } from "../../persona/events.ts";
import { mention } from "../../persona/policy/testing.ts";
import { rulesTest } from "./testing.ts";

const PEAR = "The old pear tree by the station is in bloom again, two weeks early this year.";
const PEAR_AGAIN = "The old pear tree by the station is in bloom again, three weeks early this year.";
const LINK = "https://example.org/trees";
const DAY_MS = 86_400_000;

rulesTest(
  "near duplicate: of two that come at once the first goes, and the second is told what it repeats",
  async (world) => {
    const [ada, ben] = [await world.persona("Ada"), await world.persona("Ben")];
    const first = await world.says(ada, PEAR);
    const second = await world.says(ben, PEAR_AGAIN);
    strictEqual(await world.level(ada, first, "near_duplicate"), "pass");
    const verdict = await world.verdict(ben, second, "near_duplicate");
    strictEqual(verdict?.level, "block");
    match(verdict?.message ?? "", /what Ada said on \d{4}-\d\d-\d\d \(82% the same\)/);
    match(verdict?.source ?? "", /^https:\/\/docs\.x\.com/);
    const other = await world.says(ben, "Something else altogether, about roots and rain in July.");
    strictEqual(await world.level(ben, other, "near_duplicate"), "pass");
  },
);

rulesTest(
  "near duplicate, before approval: a draft is judged against all that is out or about to be, not against drafts",
  async (world) => {
    const [ada, ben] = [await world.persona("Ada"), await world.persona("Ben")];
    const draft = await world.draft(ben, PEAR);
    await world.draft(ada, PEAR);
    strictEqual(await world.level(ben, draft, "near_duplicate"), "pass");
    await world.says(ada, PEAR);
    strictEqual(await world.level(ben, draft, "near_duplicate"), "block");
  },
);

rulesTest(
  "near duplicate, the same account again: blocked for thirty days, and never by what did not go out",
  async (world) => {
    const ada = await world.persona("Ada");
    const first = await world.says(ada, PEAR);
    const again = await world.draft(ada, PEAR);
    match(
      (await world.verdict(ada, again, "near_duplicate"))?.message ?? "",
      /this persona said .*the same words/,
    );
    world.later = 31 * DAY_MS;
    strictEqual(await world.level(ada, again, "near_duplicate"), "pass");
    world.later = 0;
    await world.append(ada.id, [event("PublishRejected", { postId: first, attempt: 1, reason: "no" })]);
    strictEqual(await world.level(ada, again, "near_duplicate"), "pass");
  },
);

rulesTest(
  "near duplicate, variants of one set on several platforms: no repetition; on one platform it is one",
  async (world) => {
    const x = await world.persona("Ada", "x");
    const bluesky = { ...x, platform: "bluesky" as const, connectionId: "c-b", accountId: "did:plc:ada" };
    await world.says(x, PEAR, { setId: "s" });
    const variant = await world.says(bluesky, PEAR, { setId: "s" });
    strictEqual(await world.level(x, variant, "near_duplicate"), "pass");
    strictEqual(await world.level(x, await world.draft(x, PEAR, { setId: "s" }), "near_duplicate"), "block");
  },
);

rulesTest("near duplicate, a thread: each part is compared with each part", async (world) => {
  const [ada, ben] = [await world.persona("Ada"), await world.persona("Ben")];
  await world.says(ada, "A thread about trees in seven parts, more or less.", { more: [PEAR] });
  const post = await world.draft(ben, "Quite another beginning, and then it comes.", { more: [PEAR_AGAIN] });
  strictEqual(await world.level(ben, post, "near_duplicate"), "block");
});

rulesTest("own personas: named, answered or led to, by account and never by an old handle", async (world) => {
  const [ada, ben] = [await world.persona("Ada", "bluesky"), await world.persona("Ben", "bluesky")];
  const level = async (facets: ReturnType<typeof mention>[]) =>
    await world.level(ada, await world.draft(ada, "hello", { facets }), "own_personas");
  strictEqual(await level([mention("anything", ben.accountId)]), "block");
  strictEqual(await level([mention(ben.handle, "did:plc:somebody-else")]), "pass");
  strictEqual(await level([mention(ada.handle, ada.accountId)]), "pass", "its own account");

  const heard = await world.heard(ada, { accountId: ben.accountId });
  const answer = await world.draft(ada, "hello", { answering: heard });
  match((await world.verdict(ada, answer, "own_personas"))?.message ?? "", /^Answers Ben, another persona/);
  const stranger = await world.heard(ada, { accountId: "did:plc:zoe" });
  const fine = await world.draft(ada, "hello", { answering: stranger });
  strictEqual(await world.level(ada, fine, "own_personas"), "pass");

  const post = await world.says(ben, PEAR);
  const { id, url } = await world.publish(ben, post);
  const link = { kind: "link" as const, uri: url, start: 0, end: 1 };
  const leads = await world.draft(ada, "look", { facets: [link] });
  match((await world.verdict(ada, leads, "own_personas"))?.message ?? "", /^Leads to a post of Ben/);
  const unknownAuthor = await world.draft(ada, "hi", { answering: { ...stranger, targetId: id } });
  strictEqual(await world.level(ada, unknownAuthor, "own_personas"), "block", "known by the post alone");
  const own = await world.draft(ben, "my own", { facets: [link] });
  strictEqual(await world.level(ben, own, "own_personas"), "pass");
});

rulesTest(
  "own personas, an account of odd characters or one unlinked since: recognised all the same",
  async (world) => {
    const ada = await world.persona("Ada", "linkedin");
    const ben = await world.persona('B"e\\n\u00e9/ü', "linkedin");
    const heard = await world.heard(ada, { accountId: ben.accountId });
    const answer = await world.draft(ada, "hello", { answering: heard });
    await world.append(ben.id, [event("ConnectionUnlinked", { connectionId: ben.connectionId })]);
    strictEqual(await world.level(ada, answer, "own_personas"), "block");
  },
);

rulesTest("own personas, in the sandbox: named in the text, which has no facets", async (world) => {
  const ada = await world.persona("ada.fern");
  await world.persona("ben.fern");
  strictEqual(
    await world.level(ada, await world.draft(ada, "what does @ben.fern say?"), "own_personas"),
    "block",
  );
  strictEqual(
    await world.level(ada, await world.draft(ada, "what does @zoe.fern say?"), "own_personas"),
    "pass",
  );
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
    await world.send(cyd, third, ["coordinated"]);
    strictEqual(await world.level(cyd, third, "coordinated"), "warn");
    world.later = 25 * 3_600_000;
    strictEqual(await world.level(cyd, third, "coordinated"), "pass");
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

rulesTest(
  "one reply: the first answer goes, also where two posts answer the same; no summons, no answer",
  async (world) => {
    const ada = await world.persona("Ada", "x");
    const heard = await world.heard(ada, { accountId: "7" });
    const first = await world.says(ada, "Yes, it is a plane tree", { answering: heard });
    const second = await world.says(ada, "And what a tree that is", { answering: heard });
    strictEqual(await world.level(ada, first, "one_reply"), "pass");
    strictEqual(await world.level(ada, second, "one_reply"), "block");
    const sameThing = { ...await world.heard(ada, { accountId: "7" }), targetId: heard.targetId };
    const third = await world.draft(ada, "Once more about it", { answering: sameThing });
    strictEqual(await world.level(ada, third, "one_reply"), "block", "heard twice, said once");

    const unsummoned = await world.heard(ada, { accountId: "8", summons: false });
    const verdict = await world.verdict(
      ada,
      await world.draft(ada, "Hello you", { answering: unsummoned }),
      "one_reply",
    );
    strictEqual(verdict?.level, "block");
    match(verdict?.source ?? "", /docs\.x\.com/);
    const unknown = await world.draft(ada, "Hm", { answering: { interactionId: "none", targetId: "t" } });
    strictEqual(await world.level(ada, unknown, "one_reply"), "block");
    strictEqual(await world.level(ada, await world.draft(ada, "Of my own"), "one_reply"), undefined);
  },
);

rulesTest(
  "opted out: by account, by handle and by hash, on the platform of the list alone",
  async (world) => {
    const ada = await world.persona("Ada", "bluesky");
    const add = async (entry: { accountId?: string; handle?: string }) =>
      void await addOptOut(world.database.sql, {
        platform: "bluesky",
        note: "",
        by: "user:ann",
        now: 0,
        ...entry,
      });
    const named = await world.draft(ada, "hi", { facets: [mention("bob.example", "did:plc:bob")] });
    const answer = await world.draft(ada, "hi", {
      answering: await world.heard(ada, { accountId: "did:plc:zoe", handle: "zoe.example" }),
    });
    strictEqual(await world.level(ada, named, "opted_out"), "pass");
    strictEqual(await world.level(ada, answer, "opted_out"), "pass");
    await add({ accountId: "did:plc:bob" });
    await add({ handle: "ZOE.example" });
    match(
      (await world.verdict(ada, named, "opted_out"))?.message ?? "",
      /@bob\.example asked to be left alone/,
    );
    strictEqual(await world.level(ada, answer, "opted_out"), "block");

    const nameless = await world.draft(ada, "hi", {
      answering: await world.heard(ada, { accountId: "did:plc:kit" }),
    });
    strictEqual(await world.level(ada, nameless, "opted_out"), "pass");
    await add({ accountId: "did:plc:kit" });
    strictEqual(await world.level(ada, nameless, "opted_out"), "block");
    const x = await world.persona("Ben", "x");
    const elsewhere = await world.draft(x, "hi", { facets: [mention("bob.example", "did:plc:bob")] });
    strictEqual(await world.level(x, elsewhere, "opted_out"), "pass");
  },
);

rulesTest(
  "check: every verdict has its source; another persona's post is refused, one without a text says nothing",
  async (world) => {
    const [ada, ben] = [await world.persona("Ada"), await world.persona("Ben")];
    const post = await world.draft(ada, PEAR);
    const verdicts = await world.rules.check(ada.id, post);
    deepStrictEqual(verdicts.map(({ rule }) => rule), [
      "near_duplicate",
      "own_personas",
      "coordinated",
      "opted_out",
    ]);
    for (const { source } of verdicts) ok(source?.startsWith("https://"));
    await rejects(world.rules.check(ben.id, post), /has no post/);
    await world.append(ada.id, [event("CompositionRequested", {
      postId: "empty",
      connectionId: ada.connectionId,
      platform: "sandbox",
      brief: "b",
      seed: 1,
      previousReason: null,
    })]);
    deepStrictEqual(await world.rules.check(ada.id, "empty"), []);
    deepStrictEqual(await world.rules.companions("empty"), []);
    deepStrictEqual(await world.rules.companions("none"), []);
  },
);

rulesTest("said: a rebuild makes identical rows", async (world) => {
  const { sql } = world.database;
  const ada = await world.persona("Ada", "bluesky");
  const heard = await world.heard(ada, { accountId: "did:plc:zoe" });
  await world.publish(ada, await world.says(ada, PEAR, { more: [`${LINK} and some more words`] }));
  await world.says(ada, "Yes it is one", { answering: heard, facets: [mention("zoe", "did:plc:zoe")] });
  await world.draft(ada, "Later");
  const rows = () => sql.query("select * from said order by id");
  const before = await rows();
  strictEqual(before.length, 3);
  await world.log.close();
  await rebuildProjections({ connection: world.database.config, projections });
  deepStrictEqual(await rows(), before);
});
