import assert from "node:assert/strict";
import { PlatformFailed } from "../port.ts";
import { poll } from "./poll.ts";
import { NOON, withX } from "./testing.ts";

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
          about: null,
          url: `https://x.com/jo/status/${mention.id}`,
          at: NOON,
        },
        {
          id: reply.id,
          kind: "reply",
          authorHandle: "ed",
          text: "@marisol_ink Really?",
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
