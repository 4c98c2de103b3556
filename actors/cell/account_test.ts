import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { Link, WINDOW } from "../link.ts";
import { BEAT_MS, MAX_FRAME } from "../persona/protocol.ts";
import { Account, MAX_CHARACTERS, MAX_FRAMES } from "./account.ts";

const account = () => new Account(() => 0);

Deno.test("Account, a link that says as much as it may: never a flood, however late main is", () => {
  const counted = account();
  const findings: unknown[] = [];
  const worker = new Link((frame) => findings.push(counted.said(frame)), () => 0);
  const toWorker: string[] = [];
  const main = new Link((frame) => toWorker.push(frame), () => 0);
  for (let count = 0; count < 5_000; count++) worker.send("{}");
  // Main speaks all the time, and takes nothing that is said: the worker has to acknowledge in spite of a full window.
  for (let round = 0; round < 20; round++) {
    for (let count = 0; count < WINDOW; count++) main.send("{}");
    for (const frame of toWorker.splice(0)) (counted.heard(frame), worker.take(frame));
    main.acknowledge(worker.taken);
  }
  deepStrictEqual(findings.filter((finding) => finding !== null), []);
  ok(findings.length >= WINDOW);
});

Deno.test("Account, one frame too many that main has not taken: a flood; what was taken does not count", () => {
  const counted = account();
  for (let number = 1; number <= MAX_FRAMES; number++) strictEqual(counted.said(`${number} 0 {}`), null);
  counted.heard("1 5 {}");
  for (let number = MAX_FRAMES + 1; number <= MAX_FRAMES + 5; number++) {
    strictEqual(counted.said(`${number} 0 {}`), null);
  }
  strictEqual(counted.said(`${MAX_FRAMES + 6} 0 {}`)?.verdict, "flood");
});

Deno.test("Account, too many characters that main has not taken: a flood", () => {
  const counted = account();
  const large = "x".repeat(MAX_FRAME - 10);
  const frames = Math.floor(MAX_CHARACTERS / (MAX_FRAME - 6));
  for (let number = 1; number <= frames; number++) {
    strictEqual(counted.said(`${number} 0 ${large}`), null, `${number}`);
  }
  strictEqual(counted.said(`${frames + 1} 0 ${large}`)?.verdict, "flood");
});

Deno.test("Account, what is no frame, or not the next one: a break of the protocol that says what it was", () => {
  const cases: [unknown, RegExp][] = [
    [{ t: "ready" }, /other than text/],
    [new Uint8Array(3), /other than text/],
    ["", /no frame/],
    ["hello", /no frame/],
    ["1 0 {}\n- {}", /line break/],
    ["2 0 {}", /frame 2 came after 0/],
    ["0 0 {}", /frame 0 came after 0/],
    [`1 0 ${"x".repeat(MAX_FRAME)}`, /longer than/],
  ];
  for (const [said, detail] of cases) {
    const finding = account().said(said);
    strictEqual(finding?.verdict, "protocol", String(said).slice(0, 40));
    match(finding.detail, detail);
  }
});

Deno.test("Account, beats: as many as their time allows, and some more; then a flood", () => {
  let now = 0;
  const counted = new Account(() => now);
  let beats = 0;
  while (counted.beat() === null) beats++;
  strictEqual(beats, 64);
  now = 100 * BEAT_MS;
  for (let count = 0; count < 99; count++) strictEqual(counted.beat(), null);
  strictEqual(counted.beat()?.verdict, "flood");
});
