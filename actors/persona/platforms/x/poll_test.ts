import assert from "node:assert/strict";
import { PlatformFailed } from "../port.ts";
import { poll } from "./poll.ts";
import { frozen, NOON, withX } from "./testing.ts";

for (const answers of ["classic", "current"] as const) {
  Deno.test(`mentions and replies come oldest first, each once, as people wrote them, in ${answers}`, async () => {
    await withX(async ({ x, session, context }) => {
      const own = x.control.say({ by: "marisol_ink", text: "Mine" });
      const mention = x.control.say({ by: "jo", text: "@marisol_ink a < b & example.org" });
      const reply = x.control.say({ by: "ed", text: "Really?", replyTo: own.id });
      x.control.say({ by: "al", text: "nobody is named" });
      const first = await poll(session, context, null);
      assert.deepEqual(first.interactions.map(({ authorId: _, ...rest }) => rest), [
        {
          id: mention.id,
          kind: "mention",
          authorHandle: "jo",
          text: "@marisol_ink a < b & http://example.org",
          summons: true,
          about: null,
          url: `https://x.com/jo/status/${mention.id}`,
          at: NOON,
        },
        {
          id: reply.id,
          kind: "reply",
          authorHandle: "ed",
          text: "@marisol_ink Really?",
          summons: true,
          about: own.id,
          url: `https://x.com/ed/status/${reply.id}`,
          at: NOON,
        },
      ]);
      const second = await poll(session, context, first.cursor);
      assert.deepEqual(second, { interactions: [], cursor: first.cursor });
      const later = x.control.say({ by: "jo", text: "@marisol_ink again" });
      const third = await poll(session, context, second.cursor);
      assert.deepEqual(third.interactions.map(({ id }) => id), [later.id]);
    }, { settings: { answers } });
  });
}

Deno.test("the first poll looks at fifty, and nothing leaves the cursor as it is", async () => {
  await withX(async ({ x, session, context }) => {
    assert.deepEqual(await poll(session, context, null), { interactions: [], cursor: null });
    for (let at = 0; at < 60; at++) x.control.say({ by: "jo", text: `@marisol_ink ${at}` });
    const first = await poll(session, context, null);
    assert.equal(first.interactions.length, 50);
    assert.equal((await poll(session, context, first.cursor)).interactions.length, 0);
  });
});

Deno.test("a long backlog is read over several polls, every mention once, newer ones after it", async () => {
  await withX(async ({ x, session, context }) => {
    const say = (text: string) => x.control.say({ by: "jo", text: `@marisol_ink ${text}` }).id;
    const start = say("start");
    let { cursor } = await poll(session, context, null);
    const wanted = Array.from({ length: 730 }, (_, at) => say(`${at}`));
    const seen: string[] = [];
    for (let polls = 0; polls < 4; polls++) {
      const read = await poll(session, context, cursor);
      seen.push(...read.interactions.map(({ id }) => id));
      cursor = read.cursor;
      if (polls === 0) wanted.push(say("meanwhile"));
    }
    assert.equal(seen.includes(start), false);
    assert.equal(new Set(seen).size, seen.length);
    assert.deepEqual([...seen].sort(), [...wanted].sort());
  });
});

for (
  const fault of ["html_502_before", "half_body", "empty_2xx", "rate_limited_code", "reset_before"] as const
) {
  Deno.test(`a poll that meets ${fault} says so and loses nothing`, async () => {
    await withX(async ({ x, session, context }) => {
      x.control.say({ by: "jo", text: "@marisol_ink one" });
      x.control.fault(fault, { operation: "mentionsOfUser" });
      await assert.rejects(poll(session, context, null), PlatformFailed);
      assert.equal((await poll(session, context, null)).interactions.length, 1);
    });
  });
}

Deno.test("it summons the persona to name it, answer it or quote it with its name; not to go on in a conversation", async () => {
  await withX(async ({ x, session, context, adapter }) => {
    const { id: own } = x.control.say({ by: "marisol_ink", text: "Mine" });
    const named = x.control.say({ by: "jo", text: "@Marisol_Ink, you?" });
    const quote = x.control.say({ by: "ed", text: "As @marisol_ink says", quotes: own });
    const reply = x.control.say({ by: "al", text: "Really?", replyTo: own });
    const among = x.control.say({ by: "mo", text: "Yes, really", replyTo: reply.id });
    const again = x.control.say({ by: "mo", text: "And @marisol_ink knows", replyTo: reply.id });
    const { interactions } = await poll(session, context, null);
    assert.deepEqual(interactions.map(({ id, kind, summons }) => [id, kind, summons]), [
      [named.id, "mention", true],
      [quote.id, "mention", true],
      [reply.id, "reply", true],
      [among.id, "mention", false],
      [again.id, "mention", true],
    ]);
    assert.ok(interactions[3]?.text.startsWith("@al @marisol_ink "), interactions[3]?.text ?? "none");
    for (const { id, summons } of interactions) {
      const outcome = await adapter.publish(context, frozen([`To ${id}`], { replyTo: id }), []);
      assert.equal(outcome.kind, summons ? "sent" : "rejected", "X is of the same mind");
    }
  });
});
