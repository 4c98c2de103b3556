import assert from "node:assert/strict";
import { FAULTS, planOf } from "../../../../tests/stand_ins/x/faults.ts";
import type { Sent } from "../port.ts";
import { publish } from "./publish.ts";
import { APART_MS } from "./reconcile.ts";
import { frozen, NOON, picture, withX } from "./testing.ts";

const options = { madeWithAi: true };
const hello = frozen(["Hello & welcome: example.org"], options);

for (const auth of ["oauth1", "oauth2"] as const) {
  Deno.test(`a post by ${auth} is there once, byte for byte, and its outcome names it`, async () => {
    await withX(async ({ x, session, context }) => {
      const outcome = await publish(session, context, hello, []);
      const [post] = x.control.posts();
      assert.deepEqual(outcome, {
        kind: "sent",
        sent: [{ id: post?.id, url: `https://x.com/marisol_ink/status/${post?.id}` }],
      });
      const [request, ...more] = x.control.requests("createPost");
      assert.deepEqual([request?.body, more], [hello.records[0], []]);
      assert.equal(post?.madeWithAi, true);
    }, { auth });
  });
}

/** What each fault must come to, where one alone strikes the one request. */
const EXPECTED: Record<string, string> = {
  slow: "sent",
  slow_body: "sent",
  rate_limited_problem: "rate_limited",
  rate_limited_code: "rate_limited",
  rate_limited_bare: "rate_limited",
  out_of_credit: "out_of_credit",
  unauthorized: "auth_dead",
  forbidden: "rejected",
  not_summoned: "rejected",
  missing_scope: "rejected",
  suspended: "auth_dead",
  locked: "auth_dead",
};

for (const fault of FAULTS) {
  const expected = EXPECTED[fault] ?? "uncertain";
  Deno.test(`a post that meets ${fault} is ${expected}, asked for once, and never said to be out when it is not`, async () => {
    await withX(async ({ x, session, context }) => {
      x.control.fault(fault, { operation: "createPost" });
      const outcome = await publish(session, context, hello, []);
      assert.equal(outcome.kind, expected, JSON.stringify(outcome));
      assert.equal(x.control.requests("createPost").length, 1);
      const visible = x.control.posts().length;
      assert.equal(visible, planOf(fault).commits ? 1 : 0);
      if (visible === 1) assert.ok(["sent", "uncertain"].includes(outcome.kind));
      if (outcome.kind === "rate_limited") assert.ok(outcome.until >= NOON + 15 * 60_000);
    }, { auth: "oauth1", deadlineMs: fault.startsWith("hang") ? 1_000 : 10_000 });
  });
}

Deno.test("a post that X cannot be reached for is not sent", async () => {
  await withX(async ({ x, session, context }) => {
    await x.down();
    assert.equal((await publish(session, context, hello, [])).kind, "not_sent");
    await x.up();
    assert.equal((await publish(session, context, hello, [])).kind, "sent");
  });
});

Deno.test("a post of an account that was told to stop before is not sent", async () => {
  await withX(async ({ x, session, context }) => {
    const stopped = { ...context, signal: AbortSignal.abort() };
    assert.equal((await publish(session, stopped, hello, [])).kind, "not_sent");
    assert.equal(x.control.requests().length, 0);
  });
});

Deno.test("a thread is a chain of replies, and goes on after the parts that are out", async () => {
  await withX(async ({ x, session, context }) => {
    const thread = frozen(["one", "two", "three"], options);
    x.control.fault("slow", { operation: "createPost" });
    x.control.fault("rate_limited_problem", { operation: "createPost" });
    const broken = await publish(session, context, thread, []);
    assert.ok(broken.kind === "rate_limited");
    assert.match(broken.reason, /^part 2: /);
    assert.equal(broken.parts?.length, 1);
    const outcome = await publish(session, context, thread, broken.parts ?? []);
    assert.ok(outcome.kind === "sent");
    const posts = x.control.posts();
    assert.deepEqual(posts.map(({ text }) => text), ["one", "two", "three"]);
    assert.deepEqual(posts.map(({ replyTo }) => replyTo), [null, posts[0]?.id, posts[1]?.id]);
    assert.deepEqual(outcome.sent.map(({ id }) => id), posts.map(({ id }) => id));
    assert.equal(x.control.requests("createPost").length, 4);
  });
});

for (const auth of ["oauth1", "oauth2"] as const) {
  Deno.test(`a thread by ${auth} goes on at the part that is missing, whichever fault broke it off`, async () => {
    await withX(async ({ x, adapter, context, media, now, pass }) => {
      for (const [at, fault] of FAULTS.entries()) {
        const texts = ["one", "two", "three"].map((text) => `${fault} ${text}`);
        const parts = texts.map((text, part) => ({ text, media: part === 1 ? [picture(media, at)] : [] }));
        const thread = frozen(parts, { createdAt: now() });
        x.control.fault("slow", { operation: "createPost" });
        x.control.fault(fault, { operation: "createPost" });
        let outcome = await adapter.publish(context, thread, []);
        const first = x.control.everPosted("marisol_ink", texts[0] ?? "")[0]?.id;
        assert.ok(outcome.kind === "sent" || outcome.parts?.[0]?.id === first, fault);
        if (outcome.kind !== "sent") {
          let before = outcome.parts ?? [];
          assert.equal(before.length, 1, `${fault}: nobody has said that more is out`);
          if (outcome.kind === "uncertain") {
            const looked = { before, absentSince: null, others: new Set<string>() };
            let result = await adapter.reconcile(context, thread, looked);
            const absentSince = now();
            pass(APART_MS);
            if (result.kind === "absent") {
              result = await adapter.reconcile(context, thread, {
                ...looked,
                before: result.parts ?? [],
                absentSince,
              });
            }
            assert.ok(result.kind === "absent" && result.safeToRepeat, JSON.stringify(result));
            before = result.parts ?? [];
          }
          pass(16 * 60_000);
          outcome = await adapter.publish(context, thread, before);
        }
        assert.ok(outcome.kind === "sent", JSON.stringify(outcome));
        const made = texts.map((text) => x.control.everPosted("marisol_ink", text));
        assert.deepEqual(made.map((posts) => posts.length), [1, 1, 1], fault);
        assert.deepEqual(outcome.sent.map(({ id }) => id), made.map(([post]) => post?.id), fault);
        assert.deepEqual(made.map(([post]) => post?.altTexts.length), [0, 1, 0], fault);
        pass(16 * 60_000);
      }
    }, { auth, deadlineMs: 1_000, accessLifeMs: 100 * 24 * 3_600_000 });
  });
}

Deno.test("a payload that ends with one part sends that part only, so that each has leave of its own", async () => {
  await withX(async ({ x, adapter, context }) => {
    const thread = frozen(["one", "two", "three"], { madeWithAi: true });
    let sent: Sent[] = [];
    for (let upTo = 1; upTo <= 3; upTo++) {
      const cut = { keys: thread.keys.slice(0, upTo), records: thread.records.slice(0, upTo) };
      const outcome = await adapter.publish(context, cut, sent);
      assert.ok(outcome.kind === "sent");
      assert.deepEqual(outcome.sent.slice(0, -1), sent);
      assert.equal(x.control.requests("createPost").length, upTo);
      sent = outcome.sent;
    }
    const posts = x.control.posts();
    assert.deepEqual(posts.map(({ id }) => id), sent.map(({ id }) => id));
    assert.deepEqual(posts.map(({ replyTo }) => replyTo), [null, posts[0]?.id, posts[1]?.id]);
    const again = await adapter.publish(context, thread, sent);
    assert.deepEqual([again, x.control.requests("createPost").length], [{ kind: "sent", sent }, 3]);
  });
});

Deno.test("a reply to whoever did not ask is refused by X, and is not uncertain", async () => {
  await withX(async ({ x, adapter, context }) => {
    const said = x.control.say({ by: "jo", text: "Nobody is asked" });
    const outcome = await adapter.publish(context, frozen(["Still"], { replyTo: said.id }), []);
    assert.ok(outcome.kind === "rejected");
    assert.match(outcome.reason, /not been mentioned/);
    assert.deepEqual(x.control.posts("marisol_ink"), []);
  });
});

Deno.test("a reply goes below the post that asked", async () => {
  await withX(async ({ x, session, context }) => {
    const asked = x.control.say({ by: "jo", text: "What does @marisol_ink say?" });
    const reply = frozen(["This"], { ...options, replyTo: asked.id });
    assert.equal((await publish(session, context, reply, [])).kind, "sent");
    assert.equal(x.control.posts("marisol_ink")[0]?.replyTo, asked.id);
  });
});

Deno.test("a connection without leave to post sends nothing and says what is missing", async () => {
  await withX(async ({ x, session, context }) => {
    const outcome = await publish(session, context, hello, []);
    assert.ok(outcome.kind === "auth_dead");
    assert.match(outcome.reason, /tweet\.write/);
    assert.equal(x.control.requests().length, 0);
  }, { scopes: ["tweet.read", "users.read"] });
});
