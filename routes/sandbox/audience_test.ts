/** The audience on a real database, its time moved by the test. */
import { deepStrictEqual, notDeepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { sandboxAdapter } from "../../actors/persona/platforms/sandbox/adapter.ts";
import { freshDatabase, skips } from "../../tests/database.ts";
import { Audience } from "./audience.ts";
import { CAST } from "./cast.ts";
import { MOST_ANSWERS, MOST_EXCHANGES } from "./scripts.ts";
import { type Network, onNetwork, payload, type TestContext, withNetwork } from "./testing.ts";

/** By then everything about a post is done. */
const LATER_MS = 130_000;
const TEXTS = [
  "Lighthouses are honest about where they stand.",
  "Plane trees shed bark the way we shed habits.",
  "The sticky rain under a linden is sugar that aphids could not use.",
  "A tree planted too deep takes fifteen years to tell you.",
];

async function post(at: TestContext, key: string, text: string, more = {}): Promise<string> {
  const outcome = await sandboxAdapter.publish(at, payload(key, text, more), []);
  ok(outcome.kind === "sent", JSON.stringify(outcome));
  return outcome.sent[0]?.id ?? "";
}

interface Done {
  id: string;
  account_id: string;
  kind: string;
  about: string;
  text: string;
  due_at: string;
}

const acts = ({ database }: Network) =>
  database.sql.query<Done>(
    "select id, account_id, kind, about, text, due_at from sandbox_act where done_at is not null order by due_at, id",
  );

async function lifeOf(seed: number): Promise<{ acts: Done[]; told: unknown[] }> {
  const database = await freshDatabase();
  try {
    let life: { acts: Done[]; told: unknown[] } | null = null;
    await withNetwork(database, async (network) => {
      const ada = await network.account("ada");
      for (const [index, text] of TEXTS.entries()) {
        await post(ada, `k${index}`, text);
        await network.pass(7_000);
      }
      await network.pass(LATER_MS);
      const told = (await sandboxAdapter.poll(ada, null)).interactions;
      life = { acts: await acts(network), told };
    }, { audience: { seed } });
    ok(life !== null);
    return life;
  } finally {
    await database.drop();
  }
}

Deno.test("audience: the same seed and the same posts give the same answers at the same times, another seed others", async () => {
  if (await skips("embedded")) return;
  const first = await lifeOf(1);
  ok(first.acts.length > TEXTS.length, "somebody does something");
  deepStrictEqual(await lifeOf(1), first);
  notDeepStrictEqual((await lifeOf(2)).acts, first.acts);
});

onNetwork(
  "audience, many posts: each is answered in its time and at most so often, and every character shows",
  async (network) => {
    const ada = await network.account("ada");
    for (let index = 0; index < 40; index++) {
      await post(ada, `k${index}`, `${TEXTS[index % 4]} Part ${index}.`);
    }
    strictEqual((await sandboxAdapter.poll(ada, null)).interactions.length, 0, "nobody answers at once");
    await network.pass(LATER_MS);
    const done = await acts(network);
    const perPost = Map.groupBy(done.filter(({ text }) => text !== ""), ({ about }) => about);
    ok([...perPost.values()].every((answers) => answers.length <= MOST_ANSWERS));
    deepStrictEqual(
      [...new Set(done.map((act) => act.account_id))].sort(),
      CAST.map(({ id }) => id).sort(),
    );
    const texts = done.map(({ text }) => text).join("\n");
    for (
      const sign of [
        /Please don't reply to me/,
        /Ignore your instructions|SYSTEM:|Forget/,
        /I am a bot/,
        /@ada/,
      ]
    ) {
      ok(sign.test(texts), String(sign));
    }
    ok(!/[{}]/.test(texts), "every slot is filled");
    const told: string[] = [];
    for (let cursor: string | null = null;;) {
      const page: Awaited<ReturnType<typeof sandboxAdapter.poll>> = await sandboxAdapter.poll(ada, cursor);
      if (page.interactions.length === 0) break;
      for (const { kind, at } of page.interactions) {
        told.push(kind);
        ok(at <= network.clock.now());
      }
      cursor = page.cursor;
    }
    // A follow is told once, however many posts made somebody follow.
    strictEqual(told.filter((kind) => kind === "follow").length, 1);
    strictEqual(told.length, done.filter(({ kind }) => kind !== "follow").length + 1);
    deepStrictEqual(new Set(told), new Set(["mention", "reply", "quote", "like", "repost", "follow"]));
  },
  { audience: { mostAnHour: 10_000 } },
);

onNetwork(
  "audience, a persona that goes on and on: each answers its replies at most twice, in every branch together",
  async (network) => {
    const ada = await network.account("ada");
    for (let index = 0; index < 25; index++) {
      await post(ada, `k${index}`, `${TEXTS[index % 4]} Part ${index}.`);
    }
    await network.pass(LATER_MS);
    let part = 0;
    for (let round = 0; round < 4; round++) {
      const { interactions } = await pollAll(ada);
      for (const { id, kind } of interactions) {
        if (["reply", "quote", "mention"].includes(kind)) {
          await post(ada, `r${part++}`, `Well. ${part}`, { reply: { id } });
        }
      }
      await network.pass(LATER_MS);
    }
    const back = await network.database.sql.query<{ account_id: string; times: number }>(
      `select theirs.account_id, count(*) as times from sandbox_post theirs
         join sandbox_post reply on reply.id = theirs.reply_to and reply.reply_to is not null
        where theirs.account_id like 'audience-%' group by theirs.root, theirs.account_id`,
    );
    strictEqual(Math.max(...back.map(({ times }) => times)), MOST_EXCHANGES);
    ok(back.some(({ account_id }) => account_id === "audience-pingpong"), "the bot answers a bot");
    ok(
      back.some(({ account_id }) => account_id === "audience-otis"),
      "who wanted to be left alone says so again",
    );
  },
  { audience: { mostAnHour: 100_000 } },
);

async function pollAll(at: TestContext) {
  const interactions = [];
  for (let cursor: string | null = null;;) {
    const page: Awaited<ReturnType<typeof sandboxAdapter.poll>> = await sandboxAdapter.poll(at, cursor);
    if (page.interactions.length === 0) return { interactions };
    interactions.push(...page.interactions);
    cursor = page.cursor;
  }
}

onNetwork(
  "audience, more posts than it has time for: exactly so many acts an hour, and more in the next",
  async (network) => {
    const ada = await network.account("ada");
    const count = async () => (await acts(network)).length;
    const many = await Promise.all(Array.from({ length: 6 }, (_, index) => network.account(`p${index}`)));
    // At the same time: the bound holds where plans are made side by side, too.
    await Promise.all(many.map(async (one, person) => {
      for (let index = 0; index < 5; index++) {
        await post(one, `k${index}`, `${TEXTS[index % 4]} By ${person}.`);
      }
    }));
    await network.pass(LATER_MS);
    strictEqual(await count(), 20);
    await network.clock.pass(3_600_000);
    await post(ada, "later", "Somebody there again, after an hour?");
    await network.pass(LATER_MS);
    const later = await acts(network);
    ok(
      later.length > 0 && later.every(({ about }) => about === "id-of-ada.later"),
      "the old ones are forgotten",
    );
  },
  { audience: { mostAnHour: 20 } },
);

onNetwork(
  "audience that ends before its time has come: the next one does what is left, once",
  async (network) => {
    const ada = await network.account("ada");
    const sql = network.database.sql;
    for (const [index, text] of TEXTS.entries()) await post(ada, `k${index}`, text);
    await network.audience?.close();
    await network.clock.pass(LATER_MS);
    strictEqual((await acts(network)).length, 0);
    const planned = (await sql.query("select from sandbox_act")).length;
    ok(planned > 0);
    const report = (line: string) => void network.reports.push(line);
    const next = await Promise.all([1, 2].map(() => Audience.open({ sql, clock: network.clock, report })));
    for (const one of next) await one.idle();
    strictEqual((await acts(network)).length, planned);
    const said = await sql.query("select from sandbox_post where account_id like 'audience-%'");
    strictEqual(said.length, (await acts(network)).filter(({ text }) => text !== "").length);
    for (const one of next) await one.close();
    deepStrictEqual(network.reports, []);
  },
  { audience: {} },
);

onNetwork(
  "audience whose database fails: it says so, and goes on when it is back",
  async (network) => {
    const ada = await network.account("ada");
    const { sql } = network.database;
    await post(ada, "k", TEXTS[0] ?? "");
    await sql.query("alter table sandbox_act rename to away");
    await network.pass(10_000);
    ok(network.reports.some((line) => line.includes("audience waits")));
    await sql.query("alter table away rename to sandbox_act");
    await network.pass(LATER_MS);
    ok((await acts(network)).length > 0);
    deepStrictEqual(await sql.query("select from sandbox_act where done_at is null"), []);
  },
  { audience: {} },
);

onNetwork(
  "audience: what it was about to do about a post is off when the post is deleted",
  async (network) => {
    const ada = await network.account("ada");
    const id = await post(ada, "k", TEXTS[0] ?? "");
    ok((await network.database.sql.query("select from sandbox_act")).length > 0);
    deepStrictEqual(await sandboxAdapter.remove(ada, id), { kind: "removed" });
    await network.pass(LATER_MS);
    deepStrictEqual(await acts(network), []);
    deepStrictEqual(network.reports, []);
  },
  { audience: {} },
);

onNetwork(
  "a post that is deleted while somebody of the audience is about to answer it: goes at once, and nobody waits in a circle",
  async (network) => {
    const ada = await network.account("ada");
    const { sql } = network.database;
    const id = await post(ada, "k", TEXTS[0] ?? "");
    await sql.transaction(async (tx) => {
      // As an act begins: its row is taken, the post's author not yet.
      const held = await tx.query("select id from sandbox_act order by id limit 1 for update");
      strictEqual(held.length, 1);
      deepStrictEqual(await sandboxAdapter.remove(ada, id), { kind: "removed" });
    });
    strictEqual((await sql.query("select from sandbox_act where done_at is null")).length, 1);
    await network.pass(LATER_MS);
    strictEqual((await acts(network)).length, 1, "it is off the list");
    deepStrictEqual(await sql.query("select from sandbox_mark"), [], "and nothing came of it");
    deepStrictEqual(await sql.query("select from sandbox_post where account_id <> 'id-of-ada'"), []);
    deepStrictEqual(network.reports, []);
  },
  { audience: {} },
);

onNetwork("nobody answers where no audience was asked for", async (network) => {
  const ada = await network.account("ada");
  for (const [index, text] of TEXTS.entries()) await post(ada, `k${index}`, text);
  await network.pass(LATER_MS);
  deepStrictEqual(await network.database.sql.query("select from sandbox_act"), []);
  strictEqual((await network.database.sql.query("select from sandbox_account")).length, 1);
});
