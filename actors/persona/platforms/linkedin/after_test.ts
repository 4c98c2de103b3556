import assert from "node:assert/strict";
import type { Sent } from "../port.ts";
import { CallFailed } from "./adapter.ts";
import { MEMBER, OTHER, PAGE, type TestContext, withLinkedIn, type World } from "./testing.ts";

async function out(world: World, context: TestContext, author: string, replyTarget: string | null = null) {
  const outcome = await world.adapter.publish(context, world.payload("Out", { author, replyTarget }), []);
  assert.equal(outcome.kind, "sent");
  return (outcome as { sent: Sent[] }).sent[0]?.id ?? "";
}

Deno.test("a page's and a member's posts are measured", async () => {
  await withLinkedIn(async (world) => {
    const { linkedin, adapter } = world;
    const counts = { impressions: 90, membersReached: 60, clicks: 5, reshares: 2 };
    const common = { impressions: 90, reached: 60, reactions: 1, comments: 1, reshares: 2 };
    for (const [author, clicks] of [[PAGE, 5], [MEMBER, null]] as const) {
      const context = world.link(author);
      const urn = await out(world, context, author);
      assert.deepEqual(
        Object.values(await adapter.metrics(context, urn) ?? {}).filter((count) =>
          count !== null && count > 0
        ),
        [],
      );
      linkedin.control.measure({ urn, ...counts });
      linkedin.control.react({ on: urn, by: OTHER, type: "LIKE" });
      linkedin.control.comment({ on: urn, by: OTHER, text: "Well" });
      assert.deepEqual(await adapter.metrics(context, urn), { ...common, clicks });
      world.fail("server_error_before");
      await assert.rejects(adapter.metrics(context, urn), CallFailed);
      await assert.rejects(adapter.metrics(context, "urn:li:person:x"), CallFailed);
    }
    assert.deepEqual(linkedin.control.refused(), []);
    const self = world.link(MEMBER, ["openid", "w_member_social"]);
    world.asked();
    assert.equal(await adapter.metrics(self, "urn:li:share:1"), null);
    assert.deepEqual(world.asked(), []);
  });
});

Deno.test("a post is deleted, twice without harm, and again after an answer that was lost", async () => {
  await withLinkedIn(async (world) => {
    const { linkedin, adapter } = world;
    for (const author of [PAGE, MEMBER]) {
      const context = world.link(author);
      const urn = await out(world, context, author);
      world.fail("reset_after", "DELETE /rest/posts");
      assert.equal((await adapter.remove(context, urn)).kind, "uncertain");
      for (const _ of [1, 2]) assert.deepEqual(await adapter.remove(context, urn), { kind: "removed" });
      assert.deepEqual(linkedin.control.posts({ author, visible: true }), []);
    }
    assert.deepEqual(linkedin.control.refused(), []);
  });
});

Deno.test("our own comment is deleted; another's, and what is none, is refused", async () => {
  await withLinkedIn(async (world) => {
    const { linkedin, adapter } = world;
    const context = world.link();
    const post = linkedin.control.post({ by: PAGE, text: "Ours" });
    const comment = await out(world, context, PAGE, post);
    const theirs = linkedin.control.comment({ on: post, by: OTHER, text: "Theirs" });
    assert.deepEqual(await adapter.remove(context, comment), { kind: "removed" });
    assert.equal((await adapter.remove(context, theirs)).kind, "rejected");
    assert.equal((await adapter.remove(context, "urn:li:person:x")).kind, "rejected");
    assert.deepEqual(linkedin.control.comments({ visible: true }).map(({ text }) => text), ["Theirs"]);
  });
});
