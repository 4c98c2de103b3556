import assert from "node:assert/strict";
import * as fc from "fast-check";
import { type LineContext, readLine } from "./command_line.ts";
import { readWhen } from "./when.ts";

// Sunday 22 November 2026, 18:00 in Lisbon.
const context: LineContext = {
  zone: "Europe/Lisbon",
  now: Date.parse("2026-11-22T18:00:00Z"),
  platforms: ["sandbox", "bluesky"],
};

const compose = (line: string, given = context) => {
  const understood = readLine(line, given);
  assert(understood.ok && understood.kind === "compose", JSON.stringify(understood));
  return understood;
};
const refusal = (line: string, given = context) => {
  const understood = readLine(line, given);
  assert(!understood.ok, JSON.stringify(understood));
  return understood.message;
};

Deno.test("a whole line names brief, platform and time", () => {
  assert.deepEqual(compose("/compose about why lindens drip on parked cars, for Bluesky, tomorrow 9:00"), {
    ok: true,
    kind: "compose",
    platform: "bluesky",
    brief: "why lindens drip on parked cars",
    at: { local: "2026-11-23T09:00", ms: Date.parse("2026-11-23T09:00:00Z"), zone: "Europe/Lisbon" },
  });
});

Deno.test("platform and time may stand in any order, and may be missing", () => {
  assert.equal(compose("/compose about frost, Friday 18:30, in the sandbox").at?.local, "2026-11-27T18:30");
  assert.deepEqual([compose("frost").platform, compose("frost").at], ["sandbox", null]);
});

Deno.test("a line without a slash is a brief", () => {
  assert.equal(compose("The first frost, and what it does").brief, "The first frost, and what it does");
});

Deno.test("a platform at the end is understood without a comma, one that is not there yet stays words", () => {
  assert.deepEqual([compose("about frost for bluesky").platform, compose("about frost for bluesky").brief], [
    "bluesky",
    "frost",
  ]);
  assert.equal(compose("a short history of letters to X").brief, "a short history of letters to X");
});

Deno.test("what cannot be understood is said", () => {
  assert.match(refusal("/compose about frost, for LinkedIn"), /LinkedIn cannot be posted to yet/);
  assert.match(refusal("/compose about frost, before Friday"), /deadline/);
  assert.match(refusal("/compose about frost, tomorrow"), /needs an hour/);
  assert.match(refusal("/compose about frost, today 9:00"), /over already/);
  assert.match(refusal("/compose about frost, tomorrow 25:00"), /no such hour/);
  assert.match(refusal("/compose about frost, 31 Feb 9:00"), /no day/);
  assert.match(refusal("/compose"), /what it is about/);
  assert.match(refusal("/compos frost"), /Did you mean \/compose/);
  assert.match(refusal("/dance"), /There is no \/dance/);
  assert.match(refusal("/pause now"), /stands alone/);
});

Deno.test("an account that is missing is said before anything is sent", () => {
  assert.match(refusal("frost", { ...context, platforms: [] }), /no account yet/);
  assert.match(refusal("frost, for Bluesky", { ...context, platforms: ["sandbox"] }), /no Bluesky account/);
});

Deno.test("plain commands are known in any case", () => {
  for (const kind of ["pause", "resume", "stop", "help"] as const) {
    assert.deepEqual(readLine(`/${kind.toUpperCase()} `, context), { ok: true, kind });
  }
  assert.deepEqual(readLine(" ", context), { ok: true, kind: "nothing" });
});

const local = (text: string, zone = "Europe/Lisbon", now = context.now) => {
  const when = readWhen(text, zone, now);
  assert(when?.ok, `${text}: ${JSON.stringify(when)}`);
  return when.local;
};

Deno.test("a time is read by the calendar of the zone", () => {
  const cases: [string, string][] = [
    ["tomorrow at 9", "2026-11-23T09:00"],
    ["tomorrow 9am", "2026-11-23T09:00"],
    ["at 7 pm", "2026-11-22T19:00"],
    ["at 7", "2026-11-23T07:00"],
    ["19:30", "2026-11-22T19:30"],
    ["tonight 21:15", "2026-11-22T21:15"],
    ["sunday 10:00", "2026-11-29T10:00"],
    ["next mon 8:00", "2026-11-23T08:00"],
    ["on Friday at noon", "2026-11-27T12:00"],
    ["2026-12-01 14:30", "2026-12-01T14:30"],
    ["1 Dec 14:30", "2026-12-01T14:30"],
    ["3 January 8:05", "2027-01-03T08:05"],
    ["14:30 on 1 December 2026", "2026-12-01T14:30"],
    ["in 90 minutes", "2026-11-22T19:30"],
    ["in an hour", "2026-11-22T19:00"],
    ["in 2 days", "2026-11-24T18:00"],
  ];
  for (const [text, expected] of cases) assert.equal(local(text), expected, text);
});

Deno.test("the day is that of the zone, not of the server", () => {
  // 23 November already, in Auckland.
  assert.equal(local("tomorrow 9:00", "Pacific/Auckland"), "2026-11-24T09:00");
});

Deno.test("an hour that the clocks jump over is refused", () => {
  const before = Date.parse("2027-03-27T12:00:00Z");
  const when = readWhen("tomorrow 1:30", "Europe/Lisbon", before);
  assert(when !== null && !when.ok);
  assert.match(when.message, /clocks go forward/);
});

Deno.test("words that are no time are left to the brief", () => {
  for (const text of ["9", "and why it matters", "in the sandbox", "sunny days", "the 3 bears"]) {
    assert.equal(readWhen(text, "UTC", context.now), null, text);
  }
  assert.equal(
    compose("trees, and why they matter, in 3 parts").brief,
    "trees, and why they matter, in 3 parts",
  );
});

Deno.test("any line is understood or refused, never more", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: "binary", maxLength: 80 }),
      fc.constantFrom("", "/", "/compose ", "/compose x, "),
      (text, start) => {
        const understood = readLine(start + text, context);
        return understood.ok ? true : understood.message.length > 0;
      },
    ),
  );
});
