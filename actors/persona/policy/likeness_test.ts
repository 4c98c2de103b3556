import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { ALIKE, alike, bandsOf, MIN_WORDS } from "./likeness.ts";
import { DIFFERENT, SAME } from "./likeness_pairs.ts";

const share = (a: string, b: string) => bandsOf(a).some((band) => bandsOf(b).includes(band));

Deno.test("alike, pairs labelled by hand: every repetition is found, by its bands too, and nothing else", () => {
  for (const [a, b] of SAME) {
    ok(alike(a, b).alike, `${alike(a, b).likeness}: ${b}`);
    ok(share(a, b), `not found by its bands: ${b}`);
  }
  for (const [a, b] of DIFFERENT) ok(!alike(a, b).alike, `${alike(a, b).likeness}: ${b}`);
});

Deno.test("alike, the border: between the two kinds with room on both sides", () => {
  const likeness = (pairs: [string, string][]) => pairs.map(([a, b]) => alike(a, b).likeness);
  ok(Math.min(...likeness(SAME)) > ALIKE + 0.04);
  ok(Math.max(...likeness(DIFFERENT)) < ALIKE - 0.04);
});

Deno.test("alike, either way round and with itself: the same", () => {
  for (const [a, b] of [...SAME, ...DIFFERENT]) {
    strictEqual(alike(a, b).likeness, alike(b, a).likeness);
    deepStrictEqual(alike(a, a), { alike: true, likeness: 1 });
  }
});

Deno.test("alike, fewer words than a sentence has: only when nothing but case, width and hidden characters differ", () => {
  ok(MIN_WORDS > 3);
  for (
    const other of ["THANK YOU, ANN!", "thank  you,\nAnn!", "thank you, A\u200bnn!", "ｔｈａｎｋ you, Ann!"]
  ) {
    ok(alike("Thank you, Ann!", other).alike, other);
    deepStrictEqual(bandsOf(other), bandsOf("Thank you, Ann!"));
  }
  ok(!alike("Thank you, Ann!", "Thank you, Ben!").alike);
  ok(!alike("🌳", "🌲").alike);
  ok(!alike("https://a.example", "https://b.example").alike, "links alone are told apart");
  ok(!alike("Thank you", "Thank you so much for all the trees").alike);
});

Deno.test("bands, texts that have nothing in common: next to none shared", () => {
  const words = (from: number) => Array.from({ length: 40 }, (_, n) => `word${from + n}`).join(" ");
  const others = Array.from({ length: 500 }, (_, n) => bandsOf(words(1_000 + n * 50)));
  const mine = new Set(bandsOf(words(0)));
  strictEqual(others.filter((bands) => bands.some((band) => mine.has(band))).length, 0);
});

Deno.test("bands, half the words changed by chance: a pair above the border is all but surely found", () => {
  let above = 0;
  let found = 0;
  for (let run = 0; run < 300; run++) {
    const text = Array.from({ length: 30 }, (_, n) => `w${run}x${n}`);
    const other = text.map((word, n) => n % 6 === run % 6 ? `${word}y` : word);
    const [a, b] = [text.join(" "), other.join(" ")];
    if (!alike(a, b).alike) continue;
    above++;
    if (share(a, b)) found++;
  }
  ok(above > 200, String(above));
  ok(found / above > 0.95, `${found} of ${above}`);
});
