import assert from "node:assert/strict";
import { PlatformFailed } from "../port.ts";
import { idOf, MEMBER, OTHER, PAGE, withLinkedIn } from "./testing.ts";

const OTHER_PAGE = "urn:li:organization:77002";
const MINUTE = 60_000;

Deno.test("comments and mentions of a page are found, oldest first, each once, with the post they are about", async () => {
  await withLinkedIn(async ({ linkedin, adapter, advance, link }) => {
    const context = link();
    const post = linkedin.control.post({ by: PAGE, text: "Ours" });
    advance(MINUTE);
    const comment = linkedin.control.comment({ on: post, by: OTHER, text: "When (exactly)?" });
    advance(MINUTE);
    linkedin.control.comment({ on: post, by: PAGE, text: "At six" });
    linkedin.control.react({ on: post, by: OTHER, type: "LIKE" });
    const mention = linkedin.control.post({
      by: OTHER_PAGE,
      text: "With @[Tide & Table](urn:li:organization:77001) \\(again\\)",
    });
    const first = await adapter.poll(context, null);
    assert.deepEqual(first.interactions.map(({ at: _, ...one }) => one), [
      {
        id: comment,
        kind: "reply",
        authorId: OTHER,
        authorHandle: "",
        text: "When (exactly)?",
        summons: true,
        about: post,
        url: `https://www.linkedin.com/feed/update/${thread(comment)}/?commentUrn=${
          encodeURIComponent(comment).replace("(", "%28").replace(")", "%29")
        }`,
      },
      {
        id: mention,
        kind: "mention",
        authorId: OTHER_PAGE,
        authorHandle: "",
        text: "With Tide & Table (again)",
        summons: true,
        about: null,
        url: `https://www.linkedin.com/feed/update/${mention}/`,
      },
    ]);
    const second = await adapter.poll(context, first.cursor);
    assert.deepEqual(second.interactions, []);
    advance(30 * MINUTE);
    const later = linkedin.control.comment({ on: post, by: OTHER, text: "Thanks" });
    const third = await adapter.poll(context, second.cursor);
    assert.deepEqual(third.interactions.map(({ id }) => id), [later]);
    assert.deepEqual(linkedin.control.refused(), []);
  });
});

Deno.test("an answer to a comment of ours is a reply about our post, and can be answered in its turn", async () => {
  await withLinkedIn(async ({ linkedin, adapter, link, payload }) => {
    const context = link();
    const post = linkedin.control.post({ by: PAGE, text: "Ours" });
    const ours = idOf(await adapter.publish(context, payload("First", { on: post }), []));
    const theirs = linkedin.control.comment({ on: ours, by: OTHER, text: "Second" });
    const { interactions } = await adapter.poll(context, null);
    assert.deepEqual(interactions.map(({ id, kind, about, summons }) => [id, kind, about, summons]), [
      [theirs, "reply", post, true],
    ]);
    assert.deepEqual(await adapter.findTarget(context, theirs), { id: theirs });
    assert.equal((await adapter.publish(context, payload("Third", { on: theirs }), [])).kind, "sent");
    assert.equal(linkedin.control.comments({ text: "Third" })[0]?.parent, theirs);
    assert.deepEqual(linkedin.control.refused(), []);
  });
});

Deno.test("what a lagging list left out is found the next time", async () => {
  await withLinkedIn(async ({ linkedin, adapter, advance, link, fail }) => {
    const context = link();
    const post = linkedin.control.post({ by: PAGE, text: "Ours" });
    let { cursor } = await adapter.poll(context, null);
    advance(MINUTE);
    linkedin.control.comment({ on: post, by: OTHER, text: "one" });
    linkedin.control.comment({ on: post, by: OTHER, text: "two" });
    fail("read_lag", "GET /rest/organizationalEntityNotifications");
    const found: string[] = [];
    for (let time = 0; time < 3; time++) {
      const polled = await adapter.poll(context, cursor);
      cursor = polled.cursor;
      found.push(...polled.interactions.map(({ text }) => text));
      advance(5 * MINUTE);
    }
    assert.deepEqual(found, ["one", "two"]);
  });
});

Deno.test("a backlog longer than one poll reads is read to its end, nothing twice and nothing lost", async () => {
  await withLinkedIn(async ({ linkedin, adapter, advance, link, asked }) => {
    const context = link();
    const post = linkedin.control.post({ by: PAGE, text: "Ours" });
    let { cursor } = await adapter.poll(context, null);
    advance(60 * MINUTE);
    const said: string[] = [];
    const say = () => {
      said.push(`comment ${said.length}`);
      linkedin.control.comment({ on: post, by: OTHER, text: String(said.at(-1)) });
    };
    for (let number = 0; number < 1_050; number++) {
      say();
      // Some share a millisecond.
      if (number % 3 === 0) advance(10_000);
    }
    const found: string[] = [];
    for (let time = 0; time < 6; time++) {
      asked();
      const polled = await adapter.poll(context, cursor);
      assert.ok(asked().length <= 4);
      cursor = polled.cursor;
      found.push(...polled.interactions.map(({ text }) => text));
      if (time === 1) { for (let number = 0; number < 10; number++) say(); }
    }
    assert.equal(new Set(found).size, found.length, "nothing twice");
    assert.deepEqual([...found].sort(), [...said].sort());
  });
});

Deno.test("for a member, and without the scope, nothing is asked", async () => {
  await withLinkedIn(async ({ adapter, link, asked }) => {
    assert.deepEqual(await adapter.poll(link(MEMBER), null), { interactions: [], cursor: null });
    const writer = link(PAGE, ["openid", "w_organization_social"]);
    assert.deepEqual(await adapter.poll(writer, null), { interactions: [], cursor: null });
    assert.deepEqual(asked(), []);
  });
});

Deno.test("a page that cannot be asked says why, and the cursor stays", async () => {
  await withLinkedIn(async ({ adapter, link, fail }) => {
    const context = link();
    for (
      const [fault, kind] of [
        ["revoked_token", "auth_dead"],
        ["role_lost", "rejected"],
        ["rate_limited_application", "rate_limited"],
        ["server_error_before", "uncertain"],
        ["junk_answer", "uncertain"],
      ] as const
    ) {
      fail(fault, "GET /rest/organizationalEntityNotifications");
      await assert.rejects(
        adapter.poll(context, null),
        (error) => error instanceof PlatformFailed && error.outcome.kind === kind,
        fault,
      );
    }
  });
});

function thread(comment: string): string {
  return /\((.+),/.exec(comment)?.[1] ?? "";
}
