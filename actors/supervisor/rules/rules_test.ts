import { deepStrictEqual, match, ok, rejects, strictEqual } from "node:assert/strict";
import { addOptOut } from "../../../db/opt_outs.ts";
import { eraseAuthor } from "../../../db/words/erase.ts";
import { rebuildProjections } from "../../../db/log/rebuild.ts";
import { projections } from "../../../db/projections/all.ts";
import { event } from "../../persona/events.ts";
import { mention } from "../../persona/policy/testing.ts";
import { rulesTest } from "./testing.ts";

const PEAR = "The old pear tree by the station is in bloom again, two weeks early this year.";
const PEAR_AGAIN = "The old pear tree by the station is in bloom again, three weeks early this year.";
const OTHER = "Something else altogether, about roots and rain in July.";
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
    const other = await world.says(ben, OTHER);
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
    world.later = 31 * DAY_MS;
    strictEqual(await world.level(ada, again, "near_duplicate"), "block", "as long as it may still go out");
    world.later = 0;
    await world.publish(ada, first);
    match(
      (await world.verdict(ada, again, "near_duplicate"))?.message ?? "",
      /this persona said .*the same words/,
    );
    world.later = 31 * DAY_MS;
    strictEqual(await world.level(ada, again, "near_duplicate"), "pass");
    world.later = 0;
    const other = await world.says(ada, OTHER);
    const otherAgain = await world.draft(ada, OTHER);
    strictEqual(await world.level(ada, otherAgain, "near_duplicate"), "block");
    await world.append(ada.id, [event("PublishRejected", { postId: other, attempt: 1, reason: "no" })]);
    strictEqual(await world.level(ada, otherAgain, "near_duplicate"), "pass");
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

rulesTest(
  "near duplicate, one text cut into a thread: each way round the whole is compared",
  async (world) => {
    const [ada, ben, cyd] = [
      await world.persona("Ada"),
      await world.persona("Ben"),
      await world.persona("Cyd"),
    ];
    const text =
      `${PEAR} Bees came on Tuesday and the whole street hums now. Come and look before the wind takes it all.`;
    const [first = "", ...more] = text.split(/(?<=[.,]) /);
    const whole = await world.says(ada, text);
    const thread = await world.says(ben, first, { more });
    strictEqual(await world.level(ben, thread, "near_duplicate"), "block");
    await world.append(ada.id, [event("PublishRejected", { postId: whole, attempt: 1, reason: "no" })]);
    const again = await world.draft(cyd, text);
    match(
      (await world.verdict(cyd, again, "near_duplicate"))?.message ?? "",
      /what Ben said .*the same words/,
    );
  },
);

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
    match((await world.verdict(ada, named, "opted_out"))?.message ?? "", /^Somebody named here asked/);
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

rulesTest("opted out by handle: holds for the account under its next handle", async (world) => {
  const ada = await world.persona("Ada", "bluesky");
  const add = async (handle: string) =>
    void await addOptOut(world.database.sql, {
      platform: "bluesky",
      handle,
      note: "",
      by: "user:ann",
      now: 0,
    });
  const answers = async (accountId: string, handle: string) => {
    const answering = await world.heard(ada, { accountId, handle });
    return await world.level(ada, await world.draft(ada, "hi", { answering }), "opted_out");
  };
  const names = async (accountId: string, handle: string) =>
    await world.level(
      ada,
      await world.draft(ada, "hi", { facets: [mention(handle, accountId)] }),
      "opted_out",
    );
  await world.heard(ada, { accountId: "did:plc:zoe", handle: "zoe.old" });
  await add("@zoe.old");
  deepStrictEqual([await answers("did:plc:zoe", "zoe.new"), await names("did:plc:zoe", "zoe.new")], [
    "block",
    "block",
  ]);
  await add("yan.old");
  strictEqual(await answers("did:plc:yan", "yan.new"), "pass", "nobody could know");
  strictEqual(await answers("did:plc:yan", "yan.old"), "block");
  deepStrictEqual([await answers("did:plc:yan", "yan.new"), await names("did:plc:yan", "yan.new")], [
    "block",
    "block",
  ]);
});

rulesTest("opted out by handle, then erased: stays out", async (world) => {
  const ada = await world.persona("Ada", "bluesky");
  const { sql } = world.database;
  const about = { platform: "bluesky", by: "user:ann", now: Date.now() } as const;
  await addOptOut(sql, { ...about, handle: "yan", note: "" });
  const answering = await world.heard(ada, { accountId: "did:plc:yan", handle: "yan" });
  const answer = await world.says(ada, "hi there", { answering });
  await eraseAuthor(sql, { ...about, handle: "yan", reason: "asked" });
  strictEqual(await world.level(ada, answer, "opted_out"), "block");
});

rulesTest("opted out: what it says names nobody, since it stays in the log", async (world) => {
  const ada = await world.persona("Ada", "bluesky");
  const zoe = { platform: "bluesky", accountId: "did:plc:zoe", handle: "zoe.secret" } as const;
  await addOptOut(world.database.sql, { ...zoe, note: "", by: "user:ann", now: 0 });
  const post = await world.draft(ada, "hi", { facets: [mention(zoe.handle, zoe.accountId)] });
  const verdict = await world.verdict(ada, post, "opted_out");
  strictEqual(verdict?.level, "block");
  ok(!/zoe/.test(JSON.stringify(verdict)), JSON.stringify(verdict));
});

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
