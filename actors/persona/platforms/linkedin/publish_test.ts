import assert from "node:assert/strict";
import { type Fault, FAULTS } from "../../../../tests/stand_ins/linkedin/faults.ts";
import type { Outcome } from "../port.ts";
import { idOf, MEMBER, NOW, OTHER, PAGE, type TestContext, withLinkedIn, type World } from "./testing.ts";

const MINUTE = 60_000;

/** What one attempt comes to for each fault at `POST /rest/posts`, and whether the post is out all the same. */
const COMES_TO: Record<Fault, [kind: Outcome["kind"], out: boolean]> = {
  reset_before: ["uncertain", false],
  hang_before: ["uncertain", false],
  server_error_before: ["uncertain", false],
  bad_gateway_before: ["uncertain", false],
  unavailable_before: ["uncertain", false],
  conflict: ["not_sent", false],
  rate_limited_application: ["rate_limited", false],
  rate_limited_member: ["rate_limited", false],
  expired_token: ["auth_dead", false],
  revoked_token: ["auth_dead", false],
  invalid_token: ["auth_dead", false],
  version_sunset: ["not_sent", false],
  token_in_error: ["rejected", false],
  redirect: ["uncertain", false],
  missing_scope: ["auth_dead", false],
  role_lost: ["auth_dead", false],
  ghost_duplicate: ["uncertain", false],
  read_lag: ["sent", true],
  image_processing_failed: ["sent", true],
  reset_after: ["uncertain", true],
  hang_after: ["uncertain", true],
  server_error_after: ["uncertain", true],
  bad_gateway_after: ["uncertain", true],
  half_answer: ["uncertain", true],
  without_id: ["uncertain", true],
  junk_answer: ["uncertain", true],
  slow: ["sent", true],
};

Deno.test("each fault comes to its outcome, in one request, and its words hold no token", async () => {
  await withLinkedIn(async ({ linkedin, adapter, link, payload, fail, asked }) => {
    const context = link();
    for (const fault of FAULTS) {
      const text = `On ${fault} (#tide)`;
      fail(fault, "POST /rest/posts");
      const outcome = await adapter.publish(context, payload(text), []);
      const out = linkedin.control.posts({ author: PAGE, text, visible: true });
      assert.deepEqual(
        [outcome.kind, out.length === 1],
        COMES_TO[fault],
        `${fault}: ${JSON.stringify(outcome)}`,
      );
      if (outcome.kind === "sent") assert.equal(outcome.sent[0]?.id, out[0]?.urn);
      const { access } = JSON.parse(context.secret).grant;
      assert.ok(!JSON.stringify(outcome).includes(String(access).slice(0, 20)), fault);
      const writes = asked().filter((one) => one === "POST /rest/posts");
      assert.equal(writes.length, 1, fault);
    }
    const unexpected = linkedin.control.refused().filter(({ status }) => status !== 404);
    assert.deepEqual(unexpected, []);
  }, { deadlineMs: 1_000 });
});

Deno.test("a server that cannot be reached was sent nothing, and so was one that was given up before", async () => {
  await withLinkedIn(async ({ adapter, link, payload, asked }) => {
    const context = link();
    const away = { ...context, account: { ...context.account, service: "http://127.0.0.1:9" } };
    assert.equal((await adapter.publish(away, payload("x"), [])).kind, "not_sent");
    const stopped = { ...context, signal: AbortSignal.abort() };
    assert.equal((await adapter.publish(stopped, payload("x"), [])).kind, "not_sent");
    assert.deepEqual(asked(), []);
  });
});

Deno.test("a limit lasts until midnight UTC", async () => {
  await withLinkedIn(async ({ adapter, link, payload }) => {
    const context = link();
    assert.equal((await adapter.publish(context, payload("one"), [])).kind, "sent");
    const outcome = await adapter.publish(context, payload("two"), []);
    assert.equal(outcome.kind === "rate_limited" ? outcome.until : null, Date.UTC(2026, 10, 23));
  }, { limits: { application: 10, member: 1 } });
});

Deno.test("what is sent is byte for byte what was frozen, on each attempt, and shows what was approved", async () => {
  await withLinkedIn(async ({ linkedin, adapter, link, payload, fail }) => {
    const context = link();
    const text = "Low tide (6:40) *and* {more} @nobody #tide_1 https://example.org/a_b";
    const frozen = payload(text);
    fail("server_error_before", "POST /rest/posts");
    await adapter.publish(context, frozen, []);
    await adapter.publish(context, JSON.parse(JSON.stringify(frozen)), []);
    const bodies = linkedin.control.requests().map(({ body }) => JSON.stringify(body));
    assert.equal(bodies.length, 2);
    assert.equal(bodies[0], bodies[1]);
    const [post] = linkedin.control.posts({ author: PAGE });
    assert.deepEqual([post?.text, post?.cutAt], [text, null]);
    assert.deepEqual(post?.content, {
      article: { source: "https://example.org/a_b", title: "example.org/a_b" },
    });
  });
});

Deno.test("a payload without a person's approval, or for another account, is not sent", async () => {
  await withLinkedIn(async ({ adapter, link, payload, asked }) => {
    const context = link();
    const frozen = payload("x");
    const record = { ...frozen.records[0], approvedBy: "" };
    for (const broken of [{ ...frozen, records: [record] }, payload("x", { author: MEMBER })]) {
      assert.equal((await adapter.publish(context, broken, [])).kind, "rejected");
    }
    assert.deepEqual(asked(), []);
  });
});

Deno.test("a duplicate is evidence, looked at once, and adopted by a look that knows the persona's other posts", async () => {
  await lost(async ({ adapter, look, asked, linkedin }, context, frozen) => {
    const outcome = await adapter.publish(context, frozen, []);
    const urn = String(linkedin.control.posts({ author: PAGE })[0]?.urn);
    assert.deepEqual(outcome, {
      kind: "uncertain",
      reason: `LinkedIn says that these words are out already, as ${urn}`,
      evidence: [{ id: urn, url: `https://www.linkedin.com/feed/update/${urn}/` }],
    });
    assert.deepEqual(asked().slice(1), ["POST /rest/posts", `GET /rest/posts/${enc(urn)}`]);
    assert.equal(idOf(await look(context, frozen)), urn);
    const other = await look(context, frozen, { others: [urn] });
    assert.deepEqual(other, { kind: "absent", safeToRepeat: false });
    assert.equal(linkedin.control.posts().length, 1);
  });
});

Deno.test("a duplicate that cannot be seen to be this post is never adopted", async () => {
  // Deleted meanwhile: LinkedIn names it for two days more.
  await lost(async ({ adapter, linkedin }, context, frozen) => {
    linkedin.control.remove({ urn: String(linkedin.control.posts()[0]?.urn) });
    assert.equal((await adapter.publish(context, frozen, [])).kind, "uncertain");
  });
  // Not to be looked at just now.
  await lost(async ({ adapter, fail }, context, frozen) => {
    fail("server_error_before", "GET /rest/posts");
    assert.equal((await adapter.publish(context, frozen, [])).kind, "uncertain");
  });
  // Said before, by hand.
  await withLinkedIn(async ({ linkedin, adapter, advance, link, payload }) => {
    linkedin.control.post({ by: PAGE, text: "Tide tables" });
    advance(10 * MINUTE);
    const outcome = await adapter.publish(link(), payload("Tide tables"), []);
    assert.equal(outcome.kind, "rejected");
    assert.match(JSON.stringify(outcome), /since before this post was approved/);
    assert.ok("evidence" in outcome && outcome.evidence?.length === 1);
  });
  // A member's own posts are not to be read.
  await withLinkedIn(async ({ linkedin, adapter, link, payload, fail, asked }) => {
    const context = link(MEMBER);
    const frozen = payload("Mine", { author: MEMBER });
    fail("reset_after", "POST /rest/posts");
    assert.equal((await adapter.publish(context, frozen, [])).kind, "uncertain");
    const again = await adapter.publish(context, frozen, []);
    assert.equal(again.kind, "uncertain");
    const [post] = linkedin.control.posts({ author: MEMBER });
    assert.equal("evidence" in again && again.evidence?.[0]?.id, post?.urn);
    assert.deepEqual(asked(), ["POST /rest/posts", "POST /rest/posts"]);
  });
});

Deno.test("a lost answer is found on the page again, escapes, tags and link included", async () => {
  await lost(async ({ look, linkedin }, context, frozen) => {
    const found = await look(context, frozen);
    assert.deepEqual(found.kind === "found" ? found.sent[0]?.id : found, linkedin.control.posts()[0]?.urn);
  });
});

Deno.test("a post counts as absent only where the list can be trusted", async () => {
  await withLinkedIn(async ({ linkedin, look, link, payload, fail }) => {
    const context = link();
    const frozen = payload("Never out");
    assert.deepEqual(await look(context, frozen), { kind: "absent", safeToRepeat: false });
    const soon = await look(context, frozen, { absentSince: NOW - 59_999 });
    assert.deepEqual(soon, { kind: "absent", safeToRepeat: false });
    const late = await look(context, frozen, { absentSince: NOW - MINUTE });
    assert.deepEqual(late, { kind: "absent", safeToRepeat: true });
    linkedin.control.setRole({ member: "mAr1s0l-Q", organization: 77001, role: "ANALYST" });
    assert.equal((await look(context, frozen)).kind, "unknown");
    linkedin.control.setRole({ member: "mAr1s0l-Q", organization: 77001, role: "ADMINISTRATOR" });
    for (
      const fault of [
        "role_lost",
        "missing_scope",
        "junk_answer",
        "server_error_before",
        "reset_before",
      ] as const
    ) {
      fail(fault, "GET /rest/posts");
      assert.equal((await look(context, frozen)).kind, "unknown", fault);
    }
    const member = await look(link(MEMBER), payload("x", { author: MEMBER }));
    assert.equal(member.kind, "unknown");
  });
});

Deno.test("the same words from before the intent, or by others, are not this post", async () => {
  await withLinkedIn(async ({ linkedin, look, link, payload, advance }) => {
    linkedin.control.post({ by: PAGE, text: "Tide tables" });
    advance(10 * MINUTE);
    linkedin.control.post({ by: OTHER, text: "Tide tables" });
    linkedin.control.post({ by: PAGE, text: "Tide tables \\(new\\)" });
    assert.deepEqual(await look(link(), payload("Tide tables")), {
      kind: "absent",
      safeToRepeat: false,
    });
  });
});

Deno.test("a comment is made once, found again, and never called safe to repeat", async () => {
  await withLinkedIn(async ({ linkedin, adapter, look, link, payload, fail, asked }) => {
    const context = link();
    const post = linkedin.control.post({ by: PAGE, text: "Ours" });
    const theirs = linkedin.control.comment({ on: post, by: OTHER, text: "And (when)?" });
    asked();
    const first = await adapter.publish(context, payload("At 6 (sharp) #tide", { on: theirs }), []);
    const [made] = linkedin.control.comments({ actor: PAGE });
    assert.deepEqual(first.kind === "sent" ? first.sent[0]?.id : first, made?.urn);
    assert.equal(made?.text, "At 6 (sharp) #tide");
    assert.equal(asked().length, 1);

    const frozen = payload("Once more", { on: post });
    const absent = await look(context, frozen, { absentSince: NOW - 5 * MINUTE });
    assert.deepEqual(absent, { kind: "absent", safeToRepeat: false });
    fail("half_answer", "POST /rest/socialActions");
    fail("without_id", "POST /rest/socialActions");
    assert.equal((await adapter.publish(context, frozen, [])).kind, "uncertain");
    const found = await look(context, frozen);
    const [, second] = linkedin.control.comments({ actor: PAGE });
    assert.equal(idOf(found), second?.urn);
    // Known to be another's by its number, whichever URN of the post stands in it.
    const theirsToo = `urn:li:comment:(${post},${second?.id})`;
    assert.equal((await look(context, frozen, { others: [theirsToo] })).kind, "absent");
    assert.deepEqual(linkedin.control.refused(), []);
  });
});

/** A world in which a post went out 5 minutes ago and its answer was lost. */
async function lost(
  use: (world: World, context: TestContext, frozen: ReturnType<World["payload"]>) => Promise<void>,
): Promise<void> {
  await withLinkedIn(async (world) => {
    const context = world.link();
    const frozen = world.payload("Lost (twice) #tide_table https://example.org/t");
    assert.equal(JSON.parse(JSON.stringify(frozen.records[0])).frozenAt, NOW);
    world.fail("reset_after", "POST /rest/posts");
    assert.equal((await world.adapter.publish(context, frozen, [])).kind, "uncertain");
    world.advance(5 * MINUTE);
    await use(world, context, frozen);
  });
}

function enc(urn = ""): string {
  return encodeURIComponent(urn);
}
