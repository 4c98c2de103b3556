import assert from "node:assert/strict";
import { FAULTS } from "../../../../tests/stand_ins/linkedin/faults.ts";
import type { LimitWindow, Noted } from "../port.ts";
import { MEMBER, NOW, OTHER, PAGE, type TestContext, withLinkedIn } from "./testing.ts";

const MIDNIGHT = Date.UTC(2026, 10, 23);

const left = ({ windows = [] }: Noted): number[] => windows.map(({ remaining }) => remaining);

Deno.test("each call is noted with what it was for and what is left of the day; an upload takes nothing from it", async () => {
  await withLinkedIn(async ({ linkedin, adapter, link, payload }) => {
    const context = link();
    const post = linkedin.control.post({ by: PAGE, text: "Ours" });
    await adapter.publish(context, payload("x", { pictures: ["A"] }), []);
    await adapter.publish(context, payload("y", { on: post }), []);
    await adapter.poll(context, null);
    await adapter.remove(context, post);
    await adapter.refresh(context);
    const said = context.notes.map((note) => [note.spent?.[0]?.what, ...left(note), note.call?.ok]);
    assert.deepEqual(said, [
      ["media", 99, 499, true],
      ["media", 99, 499, true],
      ["post", 98, 498, true],
      ["reply", 97, 497, true],
      ["read", 96, 496, true],
      ["delete", 95, 495, true],
      ["other", 94, 494, true],
    ]);
    assert.ok(context.notes.every(({ spent }) => spent?.[0]?.count === 1 && spent[0].microUsd === 0));
    assert.deepEqual(
      context.notes.at(-1)?.windows,
      [
        {
          name: "calls a day of this account",
          holds: "nothing",
          limit: 100,
          remaining: 94,
          resetAt: MIDNIGHT,
        },
        {
          name: "calls a day of the application",
          holds: "nothing",
          limit: 500,
          remaining: 494,
          resetAt: MIDNIGHT,
        },
      ] satisfies LimitWindow[],
    );
    // Another account of the application has its own calls and shares the application's.
    const other = link(MEMBER);
    await adapter.refresh(other);
    assert.deepEqual(left(other.notes[0] ?? {}), [99, 493]);
  });
});

Deno.test("a 429 leaves nothing until midnight UTC, then the day begins anew; a count alone leaves one", async () => {
  await withLinkedIn(async ({ adapter, advance, link, fail }) => {
    const context = link();
    const note = async () => {
      await adapter.refresh(context);
      return context.notes.at(-1) ?? {};
    };
    fail("rate_limited_member");
    const limited = await note();
    assert.deepEqual(left(limited), [0, 499]);
    assert.deepEqual(limited.call, { ok: false, error: "LinkedIn's limit of calls is reached." });
    assert.equal(limited.windows?.[0]?.resetAt, MIDNIGHT);
    assert.deepEqual(left(await note()), [0, 498]);
    fail("rate_limited_application");
    assert.deepEqual(left(await note()), [0, 0]);
    advance(MIDNIGHT - NOW);
    assert.deepEqual(left(await note()), [99, 499]);
    for (let call = 0; call < 110; call++) await note();
    assert.deepEqual(left(await note()), [1, 388]);
  });
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
