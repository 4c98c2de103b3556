import assert from "node:assert/strict";
import type { Measured, Metrics } from "../port.ts";
import { PlatformFailed } from "../port.ts";
import { idOf, MEMBER, OTHER, PAGE, type TestContext, withLinkedIn, type World } from "./testing.ts";

async function out(world: World, context: TestContext, text = "Out", on: string | null = null) {
  const author = context.account.accountId;
  return idOf(await world.adapter.publish(context, world.payload(text, { author, on }), []));
}

function counted(known: Partial<Metrics>): Measured {
  const none = { likes: null, reposts: null, replies: null, quotes: null, bookmarks: null };
  return {
    kind: "counted",
    metrics: { ...none, impressions: null, reached: null, clicks: null, ...known },
  };
}

Deno.test("posts of a page are measured in one call, one that is gone is told apart from one without a count", async () => {
  await withLinkedIn(async (world) => {
    const { linkedin, adapter } = world;
    const context = world.link();
    const [busy, quiet, gone] = [
      await out(world, context, "Busy"),
      await out(world, context, "Quiet"),
      await out(world, context, "Gone"),
    ];
    linkedin.control.measure({ urn: busy, impressions: 90, membersReached: 60, clicks: 5, reshares: 2 });
    linkedin.control.react({ on: busy, by: OTHER, type: "LIKE" });
    const comment = await out(world, context, "A comment", busy);
    linkedin.control.comment({ on: comment, by: OTHER, text: "Well" });
    linkedin.control.react({ on: comment, by: OTHER, type: "LIKE" });
    linkedin.control.remove({ urn: gone });
    world.asked();
    const measured = await adapter.metrics(context, [busy, quiet, gone, comment, "urn:li:person:x"]);
    const zero = { impressions: 0, reached: 0, likes: 0, replies: 0, reposts: 0, clicks: 0 };
    assert.deepEqual([...measured], [
      [busy, counted({ impressions: 90, reached: 60, likes: 1, replies: 2, reposts: 2, clicks: 5 })],
      [quiet, counted(zero)],
      [gone, { kind: "gone" }],
      [comment, counted({ likes: 1, replies: 1 })],
      ["urn:li:person:x", { kind: "not_allowed" }],
    ]);
    assert.equal(world.asked().length, 4);
    for (
      const fault of ["server_error_before", "reset_before", "junk_answer", "rate_limited_member"] as const
    ) {
      world.fail(fault);
      await assert.rejects(adapter.metrics(context, [busy]), PlatformFailed, fault);
    }
    world.fail("role_lost");
    assert.deepEqual(await adapter.metrics(context, [busy]), new Map([[busy, { kind: "not_allowed" }]]));
    assert.deepEqual(linkedin.control.refused(), []);
  });
});

Deno.test("a member's posts are measured where the leave allows it, else nothing is asked", async () => {
  await withLinkedIn(async (world) => {
    const { linkedin, adapter } = world;
    const context = world.link(MEMBER);
    const urn = await out(world, context);
    linkedin.control.measure({ urn, impressions: 90, membersReached: 60, reshares: 2 });
    linkedin.control.comment({ on: urn, by: OTHER, text: "Well" });
    assert.deepEqual(
      (await adapter.metrics(context, [urn])).get(urn),
      counted({ impressions: 90, reached: 60, likes: 0, replies: 1, reposts: 2 }),
    );
    linkedin.control.remove({ urn });
    assert.deepEqual((await adapter.metrics(context, [urn])).get(urn), { kind: "not_allowed" });
    const self = world.link(MEMBER, ["openid", "w_member_social"]);
    world.asked();
    assert.deepEqual((await adapter.metrics(self, [urn])).get(urn), { kind: "not_allowed" });
    assert.deepEqual(world.asked(), []);
  });
});

Deno.test("a post is deleted, twice without harm, and again after an answer that was lost", async () => {
  await withLinkedIn(async (world) => {
    const { linkedin, adapter } = world;
    for (const author of [PAGE, MEMBER]) {
      const context = world.link(author);
      const urn = await out(world, context);
      world.fail("reset_after", "DELETE /rest/posts");
      assert.equal((await adapter.remove(context, urn)).kind, "uncertain");
      for (const _ of [1, 2]) assert.deepEqual(await adapter.remove(context, urn), { kind: "removed" });
      assert.deepEqual(linkedin.control.posts({ author, visible: true }), []);
    }
    assert.deepEqual(linkedin.control.refused(), []);
  });
});

Deno.test("our own comment is deleted, also where its post is gone; another's stays, and what is none is refused", async () => {
  await withLinkedIn(async (world) => {
    const { linkedin, adapter } = world;
    const context = world.link();
    const post = linkedin.control.post({ by: PAGE, text: "Ours" });
    const comment = await out(world, context, "A comment", post);
    const theirs = linkedin.control.comment({ on: post, by: OTHER, text: "Theirs" });
    assert.deepEqual(await adapter.remove(context, comment), { kind: "removed" });
    await adapter.remove(context, theirs);
    assert.equal((await adapter.remove(context, "urn:li:person:x")).kind, "rejected");
    assert.deepEqual(linkedin.control.comments({ visible: true }).map(({ text }) => text), ["Theirs"]);
    const second = await out(world, context, "Another", post);
    linkedin.control.remove({ urn: post });
    assert.deepEqual(await adapter.remove(context, second), { kind: "removed" });
  });
});
