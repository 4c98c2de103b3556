import assert from "node:assert/strict";
import { publish } from "./publish.ts";
import type { Looked } from "../port.ts";
import { APART_MS, reconcile } from "./reconcile.ts";
import { frozen, type Linked, withX } from "./testing.ts";

const options = { madeWithAi: false };
const fresh: Looked = { before: [], absentSince: null, others: new Set() };
const TEXT = "Tea & <toast>: example.org, https://example.org/a?b=1&c=2 and café";

async function lost({ x, session, context }: Linked, texts: string[], replyTo: string | null = null) {
  const payload = frozen(texts, { ...options, replyTo });
  x.control.fault("html_502_after", { operation: "createPost" });
  assert.equal((await publish(session, context, payload, [])).kind, "uncertain");
  return payload;
}

for (const answers of ["classic", "current"] as const) {
  Deno.test(`a post whose answer was lost is found by its text, in X's ${answers} vocabulary`, async () => {
    await withX(async (linked) => {
      const payload = await lost(linked, [TEXT]);
      const { x, session, context } = linked;
      const result = await reconcile(session, context, payload, fresh);
      const [post] = x.control.posts();
      assert.deepEqual(result, {
        kind: "found",
        sent: [{ id: post?.id, url: `https://x.com/marisol_ink/status/${post?.id}` }],
      });
    }, { settings: { answers } });
  });

  Deno.test(`a reply is found below what it answers, whatever name X puts before it, in ${answers}`, async () => {
    await withX(async (linked) => {
      const { x, session, context } = linked;
      const asked = x.control.say({ by: "jo", text: "And @marisol_ink?" });
      const payload = await lost(linked, ["Yes"], asked.id);
      assert.equal((await reconcile(session, context, payload, fresh)).kind, "found");
      const elsewhere = frozen(["Yes"], options);
      assert.equal((await reconcile(session, context, elsewhere, fresh)).kind, "absent");
    }, { settings: { answers } });
  });
}

Deno.test("a post is absent for sure only when two looks, a minute apart, do not find it", async () => {
  await withX(async ({ session, context, now, pass }) => {
    const payload = frozen([TEXT], options);
    const first = await reconcile(session, context, payload, fresh);
    assert.deepEqual(first, { kind: "absent", safeToRepeat: false, parts: [] });
    const looked = { ...fresh, absentSince: now() };
    pass(APART_MS - 1);
    assert.deepEqual(await reconcile(session, context, payload, looked), first);
    pass(1);
    assert.deepEqual(await reconcile(session, context, payload, looked), { ...first, safeToRepeat: true });
  });
});

Deno.test("of a thread the parts that are out are named, and the rest is absent", async () => {
  await withX(async (linked) => {
    const { x, session, context } = linked;
    const payload = await lost(linked, ["one", "two", "three"]);
    const result = await reconcile(session, context, payload, fresh);
    assert.ok(result.kind === "absent");
    assert.deepEqual(result.parts?.map(({ id }) => id), [x.control.posts()[0]?.id]);
    const outcome = await publish(session, context, payload, result.parts ?? []);
    assert.equal(outcome.kind, "sent");
    assert.deepEqual(x.control.posts().map(({ text }) => text), ["one", "two", "three"]);
    const whole = await reconcile(session, context, payload, fresh);
    assert.deepEqual(whole.kind === "found" && whole.sent, outcome.kind === "sent" && outcome.sent);
    const rest = await reconcile(session, context, payload, { ...fresh, before: result.parts ?? [] });
    assert.deepEqual(rest, whole);
  });
});

Deno.test("where a part comes to be seen late, the next one is not taken for absent at once", async () => {
  await withX(async (linked) => {
    const { x, session, context, now, pass } = linked;
    x.control.set({ lagMs: 70_000 });
    const payload = await lost(linked, ["one", "two"]);
    pass(10_000);
    const first = await reconcile(session, context, payload, fresh);
    assert.deepEqual(first, { kind: "absent", safeToRepeat: false, parts: [] });
    const absentSince = now();
    pass(APART_MS);
    const second = await reconcile(session, context, payload, { ...fresh, absentSince });
    assert.ok(second.kind === "absent" && second.parts?.length === 1);
    assert.equal(second.safeToRepeat, false);
    const third = await reconcile(session, context, payload, { ...fresh, before: second.parts, absentSince });
    assert.deepEqual(third, { ...second, safeToRepeat: true });
  });
});

Deno.test("another post with the same text is not taken for the lost one, nor is the lost one sent in vain", async () => {
  await withX(async ({ x, session, context, now, pass }) => {
    const before = await publish(session, context, frozen(["Same"], options), []);
    assert.ok(before.kind === "sent");
    const others = new Set(before.sent.map(({ id }) => id));
    pass(10_000);
    const payload = frozen(["Same"], { ...options, createdAt: now() });
    const again = await publish(session, context, payload, []);
    assert.ok(again.kind === "uncertain");
    assert.match(again.reason, /has a post with this text already/);
    assert.deepEqual(again.evidence, before.sent, "what can be seen at once");
    const near = await reconcile(session, context, payload, { ...fresh, others });
    assert.equal(near.kind, "absent");
    const absentSince = now();
    pass(APART_MS);
    const later = await reconcile(session, context, payload, { ...fresh, others, absentSince });
    assert.ok(later.kind === "unknown", "a repetition would be refused for ever");
    assert.deepEqual(later.evidence, before.sent);
    assert.equal(x.control.everPosted("marisol_ink", "Same").length, 1);
  });
});

Deno.test("where an older post has the text, a person is asked, and nothing is said to be safe", async () => {
  await withX(async ({ session, context, now, pass }) => {
    const older = await publish(session, context, frozen(["Same"], options), []);
    assert.ok(older.kind === "sent");
    pass(2 * 3_600_000 - 120_000);
    const payload = frozen(["Same"], { ...options, createdAt: now() });
    assert.equal((await publish(session, context, payload, [])).kind, "uncertain");
    const absentSince = now();
    pass(APART_MS);
    const result = await reconcile(session, context, payload, { ...fresh, absentSince });
    assert.ok(result.kind === "unknown");
    assert.match(result.reason, /has this text, which X takes once only/);
    assert.deepEqual(result.evidence, older.sent);
  });
});

for (
  const fault of [
    "empty_2xx",
    "html_2xx",
    "server_error_before",
    "half_body",
    "out_of_credit",
    "unauthorized",
  ] as const
) {
  Deno.test(`a look that meets ${fault} knows nothing`, async () => {
    await withX(async ({ x, session, context, now, pass }) => {
      const absentSince = now();
      pass(APART_MS);
      x.control.fault(fault, { operation: "postsOfUser" });
      const payload = frozen([TEXT], { ...options, createdAt: now() });
      const result = await reconcile(session, context, payload, { ...fresh, absentSince });
      assert.equal(result.kind, "unknown");
      assert.equal(x.control.requests("createPost").length, 0);
    }, { auth: "oauth1" });
  });
}

Deno.test("a post is found behind many newer ones, page by page; behind too many nothing is known", async () => {
  await withX(async (linked) => {
    const { x, session, context } = linked;
    const payload = await lost(linked, ["first"]);
    for (let at = 0; at < 250; at++) x.control.say({ by: "marisol_ink", text: `${at}` });
    assert.equal((await reconcile(session, context, payload, fresh)).kind, "found");
    assert.equal(x.control.requests("postsOfUser").length, 3);
    for (let at = 0; at < 260; at++) x.control.say({ by: "marisol_ink", text: `more ${at}` });
    assert.equal((await reconcile(session, context, payload, fresh)).kind, "unknown");
  });
});

Deno.test("a thread of which one part is there and the next is in doubt: that part is told, and counted once", async () => {
  await withX(async ({ x, session, context, noted, pass }) => {
    const payload = frozen(["one", "two and https://example.org/a"]);
    const first = { keys: payload.keys.slice(0, 1), records: payload.records.slice(0, 1) };
    const out = await publish(session, context, first, []);
    assert.ok(out.kind === "sent");
    x.control.say({ by: "marisol_ink", text: "two and https://example.org/other", replyTo: out.sent[0]!.id });
    noted.length = 0;
    let before: typeof out.sent = [];
    for (let look = 0; look < 3; look++) {
      pass(3_600_000);
      const seen = await reconcile(session, context, payload, {
        before,
        absentSince: null,
        others: new Set(),
      });
      assert.ok(seen.kind === "unknown", JSON.stringify(seen));
      assert.deepEqual(seen.parts, out.sent);
      before = seen.parts ?? [];
    }
    const posts = noted.flatMap(({ spent = [] }) => spent).filter(({ what }) => what === "post");
    assert.equal(posts.length, 1);
  });
});
