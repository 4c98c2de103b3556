import assert from "node:assert/strict";
import { FAULTS } from "../../../../tests/stand_ins/linkedin/faults.ts";
import type { LimitWindow, Noted, Taken } from "../port.ts";
import { NOW, OTHER, PAGE, type TestContext, withLinkedIn } from "./testing.ts";

const MIDNIGHT = Date.UTC(2026, 10, 23);

const DAY = "calls a day of this account";

const taken = ({ taken = [] }: Noted): number[] => taken.map(({ calls }) => calls);

Deno.test("each call is noted with what it was for, and taken from the day; an upload takes nothing from it", async () => {
  await withLinkedIn(async ({ linkedin, adapter, link, payload }) => {
    const context = link();
    const post = linkedin.control.post({ by: PAGE, text: "Ours" });
    await adapter.publish(context, payload("x", { pictures: ["A"] }), []);
    await adapter.publish(context, payload("y", { on: post }), []);
    await adapter.poll(context, null);
    await adapter.remove(context, post);
    await adapter.refresh(context);
    const said = context.notes.map((note) => [note.spent?.[0]?.what, ...taken(note), note.call?.ok]);
    assert.deepEqual(said, [
      ["media", 1, true],
      ["media", true],
      ["post", 1, true],
      ["reply", 1, true],
      ["read", 1, true],
      ["delete", 1, true],
      ["other", 1, true],
    ]);
    assert.ok(context.notes.every(({ spent }) => spent?.[0]?.count === 1 && spent[0].microUsd === 0));
    assert.ok(context.notes.every(({ windows }) => windows === undefined), "LinkedIn said nothing of limits");
    assert.deepEqual(
      context.notes.at(-1)?.taken,
      [{ name: DAY, holds: "any", limit: 40, resetAt: MIDNIGHT, calls: 1 }] satisfies Taken[],
    );
  }, { callsADay: 40 });
});

Deno.test("where nobody knows how many calls there are, none is counted, and a 429 is believed all the same", async () => {
  await withLinkedIn(async ({ adapter, link, fail }) => {
    const context = link();
    fail("rate_limited_member");
    await adapter.refresh(context);
    await adapter.refresh(context);
    assert.deepEqual(context.notes.flatMap(taken), []);
    assert.equal(context.notes[0]?.windows?.[0]?.remaining, 0);
  });
});

Deno.test("a 429 leaves nothing until midnight UTC, of the account or of the whole application; then the day begins anew", async () => {
  await withLinkedIn(async ({ adapter, advance, link, fail }) => {
    const context = link();
    const note = async () => {
      await adapter.refresh(context);
      return context.notes.at(-1) ?? {};
    };
    const none = (name: string): LimitWindow => ({
      name,
      holds: "any",
      limit: 0,
      remaining: 0,
      resetAt: MIDNIGHT,
    });
    fail("rate_limited_member");
    const limited = await note();
    assert.deepEqual(limited.windows, [none("calls of this account, as LinkedIn says")]);
    assert.deepEqual(limited.call, { ok: false, error: "LinkedIn's limit of calls is reached." });
    fail("rate_limited_application");
    assert.deepEqual((await note()).windows, [none("calls of the application, as LinkedIn says")]);
    advance(MIDNIGHT - NOW);
    const { windows, taken: [first] = [] } = await note();
    assert.deepEqual([windows, first?.resetAt], [undefined, MIDNIGHT + 86_400_000]);
  }, { callsADay: 100 });
});

Deno.test("notes hold neither a secret nor what others say, whatever goes wrong", async () => {
  await withLinkedIn(async ({ linkedin, adapter, look, link, payload, fail, now }) => {
    const contexts: TestContext[] = [];
    for (const fault of FAULTS) {
      const context = link();
      contexts.push(context);
      const post = linkedin.control.post({ by: PAGE, text: `Ours ${fault}` });
      linkedin.control.comment({ on: post, by: OTHER, text: "A word of theirs" });
      for (let times = 0; times < 4; times++) fail(fault);
      const frozen = payload(`x ${fault}`, { pictures: ["A"] });
      await adapter.publish(context, frozen, []);
      await look(context, frozen, { absentSince: now() - 60_000 });
      await adapter.refresh(context);
      try {
        await adapter.poll(context, null);
      } catch {
        // What a failing poll says is tested elsewhere; here only what it notes counts.
      }
      linkedin.control.mend();
      const { access, refresh } = JSON.parse(context.secret).grant;
      const said = JSON.stringify(context.notes);
      for (const secret of [access, refresh?.token, linkedin.application.clientSecret]) {
        assert.ok(secret === undefined || !said.includes(String(secret).slice(0, 12)), fault);
      }
      assert.ok(!/theirs|Internal Server|throttle|urn:li|dms-uploads/.test(said), `${fault}: ${said}`);
    }
    const errors = new Set(
      contexts.flatMap(({ notes }) => notes).map(({ call }) => call?.ok === false ? call.error : ""),
    );
    assert.ok(errors.size > 8, [...errors].join(" "));
  }, { deadlineMs: 100, application: { refresh: true } });
});
