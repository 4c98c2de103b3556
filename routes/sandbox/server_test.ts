/** The sandbox as its adapter meets it: over HTTP, on a real database. */
import { deepStrictEqual, ok, rejects, strictEqual } from "node:assert/strict";
import { sandboxAdapter } from "../../actors/persona/platforms/sandbox/adapter.ts";
import type { AdapterContext, Interaction, Payload } from "../../actors/persona/platforms/port.ts";
import { createSandboxAccount } from "../../db/sandbox/sandbox.ts";
import { type FreshDatabase, testOn } from "../../tests/database.ts";
import { answersTo } from "./audience.ts";
import { sandboxApp, sandboxTokenHash } from "./server.ts";

const START = Date.UTC(2026, 10, 22, 9);
/** By then every answer to a post can be seen. */
const LATER = 60_000;

interface Network {
  url: string;
  /** ms since the epoch, as the server has it. */
  clock: { now: number };
  account(name: string): Promise<AdapterContext>;
}

function onNetwork(name: string, test: (network: Network, database: FreshDatabase) => Promise<void>): void {
  testOn("embedded", `sandbox, ${name}`, async (database) => {
    const clock = { now: START };
    const app = sandboxApp({
      sql: database.sql,
      now: () => clock.now,
      postUrl: (id) => `https://console.example/${id}`,
    });
    const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, app.fetch);
    const url = `http://127.0.0.1:${server.addr.port}`;
    try {
      await test({ url, clock, account: (handle) => account(database, url, handle) }, database);
    } finally {
      await server.shutdown();
    }
  });
}

async function account(database: FreshDatabase, url: string, handle: string): Promise<AdapterContext> {
  const made = await createSandboxAccount(database.sql, {
    id: crypto.randomUUID(),
    handle,
    name: handle,
    tokenHash: sandboxTokenHash(`token-of-${handle}`),
    createdAt: new Date(START).toISOString(),
  });
  return {
    account: {
      connectionId: "c",
      platform: "sandbox",
      accountId: made.id,
      handle: made.handle,
      service: url,
    },
    secret: `token-of-${handle}`,
    keepSecret: () => Promise.resolve(),
    signal: AbortSignal.timeout(20_000),
  };
}

const payload = (key: string, ...texts: string[]): Payload => ({
  keys: texts.map((_, index) => texts.length === 1 ? key : `${key}-${index}`),
  records: texts.map((text) => ({ text, language: "en", createdAt: new Date(START).toISOString() })),
});

/** A text that gets `count` answers when it is posted at `START`. */
const talkedAbout = (at: AdapterContext, index: number) =>
  payload(`key-${index}`, `Post ${index} about lighthouses by ${at.account.handle}`);

async function pollAll(
  at: AdapterContext,
  cursor: string | null,
): Promise<{ interactions: Interaction[]; cursor: string | null }> {
  const interactions: Interaction[] = [];
  for (;;) {
    const page = await sandboxAdapter.poll(at, cursor);
    if (page.interactions.length === 0) return { interactions, cursor: page.cursor };
    interactions.push(...page.interactions);
    cursor = page.cursor;
  }
}

onNetwork(
  "the same post again: nothing is doubled, the same id; another one under its key: rejected",
  async ({ account }, database) => {
    const ada = await account("ada");
    const first = await sandboxAdapter.publish(ada, payload("k1", "hello"), []);
    deepStrictEqual(first, {
      kind: "sent",
      sent: [{
        id: `${ada.account.accountId}.k1`,
        url: `https://console.example/${ada.account.accountId}.k1`,
      }],
    });
    deepStrictEqual(await sandboxAdapter.publish(ada, payload("k1", "hello"), []), first);
    const racing = await Promise.all(
      Array.from({ length: 8 }, () => sandboxAdapter.publish(ada, payload("k2", "twice?"), [])),
    );
    strictEqual(new Set(racing.map((outcome) => JSON.stringify(outcome))).size, 1);
    const count = await database.sql.query("select from sandbox_post where account_id = $1", [
      ada.account.accountId,
    ]);
    strictEqual(count.length, 2);
    deepStrictEqual(await sandboxAdapter.publish(ada, payload("k1", "other"), []), {
      kind: "rejected",
      reason: "another post is stored under this key",
    });
    const eve = await account("eve");
    strictEqual(
      (await sandboxAdapter.publish(eve, payload("k1", "mine"), [])).kind,
      "sent",
      "keys are each account's own",
    );
  },
);

onNetwork(
  "a thread: resumes at the part that is missing, each part answers the one before",
  async ({ account }, database) => {
    const ada = await account("ada");
    const thread = payload("t", "one", "two", "three");
    const begun = await sandboxAdapter.publish(ada, {
      keys: thread.keys.slice(0, 1),
      records: thread.records.slice(0, 1),
    }, []);
    ok(begun.kind === "sent");
    deepStrictEqual(await sandboxAdapter.reconcile(ada, thread), { kind: "absent", safeToRepeat: true });
    const done = await sandboxAdapter.publish(ada, thread, begun.sent);
    ok(done.kind === "sent");
    strictEqual(done.sent.length, 3);
    deepStrictEqual(await sandboxAdapter.publish(ada, thread, []), done, "from the start it is the same");
    deepStrictEqual(await sandboxAdapter.reconcile(ada, thread), { kind: "found", sent: done.sent });
    const rows = await database.sql.query<{ id: string; reply_to: string | null }>(
      "select id, reply_to from sandbox_post where account_id = $1 order by seq",
      [ada.account.accountId],
    );
    deepStrictEqual(rows.map((row) => row.reply_to), [null, rows[0]?.id, rows[1]?.id]);
  },
);

onNetwork("reconcile: found, absent, or another post under the key", async ({ account }) => {
  const ada = await account("ada");
  deepStrictEqual(await sandboxAdapter.reconcile(ada, payload("k", "hello")), {
    kind: "absent",
    safeToRepeat: true,
  });
  await sandboxAdapter.publish(ada, payload("k", "hello"), []);
  strictEqual((await sandboxAdapter.reconcile(ada, payload("k", "hello"))).kind, "found");
  strictEqual((await sandboxAdapter.reconcile(ada, payload("k", "other"))).kind, "unknown");
});

onNetwork(
  "what is refused: a wrong token, a text too long, characters that are no text, a reply to nothing",
  async ({ account }) => {
    const ada = await account("ada");
    const stranger = { ...ada, secret: "wrong" };
    strictEqual((await sandboxAdapter.publish(stranger, payload("k", "hello"), [])).kind, "auth_dead");
    strictEqual((await sandboxAdapter.reconcile(stranger, payload("k", "hello"))).kind, "unknown");
    for (const text of ["x".repeat(501), "", "a\0b", "a\ud800b", "x".repeat(70_000)]) {
      strictEqual(
        (await sandboxAdapter.publish(ada, payload("k", text), [])).kind,
        "rejected",
        text.slice(0, 20),
      );
    }
    strictEqual((await sandboxAdapter.publish(ada, payload("a key", "hello"), [])).kind, "rejected");
    const lost = await sandboxAdapter.publish(ada, payload("t", "one", "two"), [{ id: "nowhere", url: "" }]);
    strictEqual(lost.kind, "rejected");
    strictEqual((await sandboxAdapter.publish(ada, payload("k", "👨‍👩‍👧‍👦".repeat(500)), [])).kind, "sent");
  },
);

onNetwork(
  "a server that is away: nothing was sent; one that breaks off: nobody knows",
  async ({ account }) => {
    const ada = await account("ada");
    const closed = Deno.listen({ port: 0, hostname: "127.0.0.1" });
    const service = `http://127.0.0.1:${closed.addr.port}`;
    closed.close();
    const away = { ...ada, account: { ...ada.account, service } };
    strictEqual((await sandboxAdapter.publish(away, payload("k", "hello"), [])).kind, "not_sent");
    await rejects(sandboxAdapter.poll(away, null));
    const listener = Deno.listen({ port: 0, hostname: "127.0.0.1" });
    const breaking = (async () => {
      for await (const connection of listener) connection.close();
    })();
    const broken = { ...ada, account: { ...ada.account, service: `http://127.0.0.1:${listener.addr.port}` } };
    strictEqual((await sandboxAdapter.publish(broken, payload("k", "hello"), [])).kind, "uncertain");
    listener.close();
    await breaking;
  },
);

onNetwork(
  "answers: seen when their time has come, each once, none missed, however often one asks",
  async ({ account, clock }) => {
    const ada = await account("ada");
    const eve = await account("eve");
    for (let index = 0; index < 30; index++) {
      clock.now = START + index * 700;
      const outcome = await sandboxAdapter.publish(ada, talkedAbout(ada, index), []);
      strictEqual(outcome.kind, "sent");
    }
    await sandboxAdapter.publish(eve, talkedAbout(eve, 0), []);
    clock.now = START;
    deepStrictEqual((await sandboxAdapter.poll(ada, null)).interactions, [], "nobody answers at once");
    const heard: Interaction[] = [];
    let cursor: string | null = null;
    for (clock.now = START; clock.now < START + LATER; clock.now += 500) {
      const page: Awaited<ReturnType<typeof pollAll>> = await pollAll(ada, cursor);
      for (const one of page.interactions) ok(one.at <= clock.now, "seen before its time");
      heard.push(...page.interactions);
      cursor = page.cursor;
    }
    const all = (await pollAll(ada, null)).interactions;
    ok(all.length > 10, `${all.length} answers`);
    deepStrictEqual(heard.map(({ id }) => id).sort(), all.map(({ id }) => id).sort());
    strictEqual(new Set(heard.map(({ id }) => id)).size, heard.length);
    ok(heard.every(({ about, kind }) => kind === "reply" && about?.startsWith(ada.account.accountId)));
    ok(
      (await pollAll(eve, null)).interactions.every(({ about }) => about?.startsWith(eve.account.accountId)),
    );
  },
);

onNetwork(
  "more answers than a page: paged by the cursor without gap or repetition",
  async ({ account, clock }, database) => {
    const ada = await account("ada");
    const sent = await sandboxAdapter.publish(ada, payload("k", "hello"), []);
    ok(sent.kind === "sent");
    const own = await pollAll(ada, null);
    const bob = await account("bob");
    for (let index = 0; index < 120; index++) {
      await database.sql.query(
        `insert into sandbox_post (id, account_id, key, text, language, reply_to, created_at) values ($1, $2, $1, 'hi', 'en', $3, $4)`,
        [`reply-${index}`, bob.account.accountId, sent.sent[0]?.id, new Date(START).toISOString()],
      );
    }
    clock.now = START + LATER;
    const first = await sandboxAdapter.poll(ada, null);
    strictEqual(first.interactions.length, 50);
    const rest = await pollAll(ada, first.cursor);
    const ids = [...first.interactions, ...rest.interactions].map(({ id }) => id).filter((id) =>
      id.startsWith("reply-")
    );
    deepStrictEqual(ids, Array.from({ length: 120 }, (_, index) => `reply-${index}`));
    deepStrictEqual(own.interactions, []);
  },
);

onNetwork(
  "a persona that is called as one of the audience: it gets answers all the same",
  async ({ account, clock }) => {
    for (const handle of ["wren.okoye", "tomas.reads", "yuki.h", "bel.on.bikes"]) await account(handle);
    const ada = await account("ada");
    for (let index = 0; index < 10; index++) {
      strictEqual((await sandboxAdapter.publish(ada, talkedAbout(ada, index), [])).kind, "sent");
    }
    clock.now = START + LATER;
    ok((await pollAll(ada, null)).interactions.length > 0);
  },
);

Deno.test("audience, the same post: the same answers, by different people, after at least a second", () => {
  let most = 0;
  for (let seed = 0; seed < 500; seed++) {
    const answers = answersTo("Lighthouses are honest", seed);
    deepStrictEqual(answersTo("Lighthouses are honest", seed), answers);
    most = Math.max(most, answers.length);
    ok(answers.length <= 2);
    ok(answers.every(({ afterMs, text }) => afterMs >= 1_000 && afterMs < LATER && text !== ""));
    strictEqual(new Set(answers.map(({ voice }) => voice.id)).size, answers.length);
  }
  strictEqual(most, 2);
  ok(answersTo("", 1).every(({ text }) => text.length > 0));
});
