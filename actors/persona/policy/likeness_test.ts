import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { unlike } from "../../../tests/crash/unlike.ts";
import { emptyIdentity } from "../identity.ts";
import { writeOffline } from "../agent/offline_writer.ts";
import { ALIKE, alike as compare, bandsOf, measure, sayings } from "./likeness.ts";
import { LANGUAGES } from "./likeness_languages.ts";
import { DIFFERENT, SAME } from "./likeness_pairs.ts";

const alike = (a: string, b: string) => compare(measure(a), measure(b));
const share = (a: string, b: string) => bandsOf(a).some((band) => bandsOf(b).includes(band));
const PEAR = "The old pear tree by the station is in bloom again, two weeks early this year.";

/** How alike the most alike of these texts are, and how many pairs say the same. */
function among(texts: string[]): { most: number; same: number } {
  const measured = texts.map(measure);
  let [most, same] = [0, 0];
  for (const [index, one] of measured.entries()) {
    for (const other of measured.slice(0, index)) {
      const found = compare(one, other);
      most = Math.max(most, found.likeness);
      if (found.alike) same++;
    }
  }
  return { most, same };
}

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

Deno.test("alike, a text that is dressed: found, by its bands too", () => {
  const each = (pattern: RegExp, to: string) => PEAR.replace(pattern, to);
  const looks: Record<string, string> = {
    a: "а",
    e: "е",
    o: "о",
    p: "р",
    y: "у",
    i: "і",
    s: "ѕ",
    h: "һ",
    T: "Т",
  };
  const small: Record<string, string> = { e: "ᴇ", a: "ᴀ", t: "ᴛ", i: "ɪ", o: "ᴏ", n: "ɴ", r: "ʀ" };
  const leet: Record<string, string> = { e: "3", o: "0", i: "1", a: "4", s: "5" };
  const by = (table: Record<string, string>) => [...PEAR].map((sign) => table[sign] ?? sign).join("");
  const dressed: Record<string, string> = {
    "Cyrillic letters": by(looks),
    "small capitals": by(small),
    "digits": by(leet),
    "strokes through": each(/\p{L}/gu, "$&\u0336"),
    "dots below": each(/\p{L}/gu, "$&\u0323"),
    "accents": by({ e: "é", o: "ó", a: "à", i: "ï" }),
    "emoji inside": each(/\p{L}(?=\p{L})/gu, "$&🌲"),
    "hyphens inside": each(/\p{L}{2}(?=\p{L})/gu, "$&-"),
    "dots inside": each(/\p{L}(?=\p{L})/gu, "$&."),
    "letters apart": [...PEAR].join(" "),
    "joined": PEAR.replaceAll(" ", ""),
    "joined by lines": PEAR.replaceAll(" ", "_"),
    "camel case": PEAR.split(" ").map((word) => word.slice(0, 1).toUpperCase() + word.slice(1)).join(""),
    "boxed": [...PEAR.toUpperCase()].map((sign) =>
      /[A-Z]/.test(sign) ? String.fromCodePoint(0x1f170 + sign.charCodeAt(0) - 65) : sign
    ).join(""),
    "words backwards": PEAR.split(" ").reverse().join(" "),
    "a word between": PEAR.split(" ").map((word, at) => at % 2 === 0 ? word : `${word} so`).join(" "),
  };
  for (const [how, text] of Object.entries(dressed)) {
    ok(alike(PEAR, text).alike, `${how}: ${alike(PEAR, text).likeness}`);
    ok(share(PEAR, text), `${how}: not found by its bands`);
  }
});

Deno.test("alike, what stays hidden: other words for the same, and as much again beside it", () => {
  ok(!alike(PEAR, "Two weeks before its time, the ancient pear beside the railway flowers once more.").alike);
  ok(
    !alike(
      PEAR,
      `${PEAR} And while we are at it: the band plays on Sunday, bring chairs, cake, a coat and whoever likes brass.`,
    )
      .alike,
  );
});

Deno.test("alike, different things in ten languages: marks, signs and missing spaces make nothing the same", () => {
  for (const [language, texts] of Object.entries(LANGUAGES)) {
    const { most } = among(texts);
    ok(most < 0.15, `${language}: ${most}`);
    for (const text of texts) ok(alike(text, `${text} !!`).alike, text);
  }
  ok(!alike("bạn đang bán bánh mì ở đâu", "ai muốn mua xôi gà sáng nay").alike);
});

Deno.test("alike, what the crash campaign and the offline writer write: as good as never the same", () => {
  strictEqual(among(Array.from({ length: 200 }, () => unlike(Math.random))).same, 0);
  const people = [
    { name: "Ada", language: "en", interests: ["urban trees", "bark", "bees"], tone: ["warm"] },
    { name: "Ben", language: "en", interests: ["night trains", "old maps"], tone: ["dry"] },
    { name: "Ida", language: "de", interests: ["Stadtbäume", "Rinde"], tone: ["warm"] },
    { name: "Eva", language: "fr", interests: ["arbres", "abeilles"], tone: ["calme"] },
    { name: "Ana", language: "es", interests: ["árboles", "corteza"], tone: ["cálido"] },
  ];
  const briefs = ["urban trees in winter", "what bees do in March", "a walk in the rain", ""];
  const texts = people.flatMap((person) => {
    const recentTexts: string[] = [];
    for (let seed = 0; seed < 16; seed++) {
      const identity = { ...emptyIdentity, ...person };
      const brief = briefs[seed % briefs.length] ?? "";
      const about = {
        identity,
        platform: "sandbox" as const,
        brief,
        maxGraphemes: 300,
        previous: null,
        seed,
      };
      recentTexts.unshift(writeOffline({ ...about, recentTexts: [...recentTexts] }));
    }
    return recentTexts;
  });
  const { same } = among(texts);
  ok(same <= 3, `${same} of ${texts.length * (texts.length - 1) / 2} pairs`);
});

Deno.test("alike, fewer letters than a sentence has: only when nothing but dress, emoji and a link's query differ", () => {
  for (
    const other of [
      "THANK YOU, ANN!",
      "thank  you,\nAnn",
      "thank you, A\u200bnn!",
      "ｔｈａｎｋ you, Ann!",
      "Thank you Ann 🌳",
      "T h a n k you, Ann...",
      "Thаnk yоu, Αnn",
    ]
  ) {
    ok(alike("Thank you, Ann!", other).alike, other);
    deepStrictEqual(bandsOf(other), bandsOf("Thank you, Ann!"));
  }
  ok(alike("Look: https://example.org/a", "Look https://example.org/a?utm_source=b#c").alike);
  ok(!alike("Look: https://example.org/a", "Look: https://example.org/b").alike);
  ok(!alike("Thank you, Ann!", "Thank you, Ben!").alike);
  ok(!alike("Thank you @ann", "Thank you @ben").alike);
  ok(!alike("🌳", "🌲").alike);
  ok(!alike("https://a.example", "https://b.example").alike, "links alone are told apart");
  ok(!alike("Thank you", "Thank you so much for all the trees").alike);
});

Deno.test("sayings, a thread: its parts and the whole; a single text once", () => {
  deepStrictEqual(sayings(["a"]), ["a"]);
  deepStrictEqual(sayings(["a", "b"]), ["a", "b", "a b"]);
  const parts = ["The old pear tree by the station", "is in bloom again,", "two weeks early", "this year."];
  ok(!parts.some((part) => alike(PEAR, part).alike));
  ok(sayings(parts).some((text) => alike(PEAR, text).alike));
});

Deno.test("bands, texts that have nothing in common: next to none shared", () => {
  const others = Array.from({ length: 500 }, () => bandsOf(unlike(Math.random)));
  const mine = new Set(bandsOf(unlike(Math.random)));
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
