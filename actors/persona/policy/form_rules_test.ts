import { match, strictEqual } from "node:assert/strict";
import { BLUESKY } from "../testing.ts";
import { level, LINKEDIN, ruling, X } from "./testing.ts";

const FAMILY = "👨‍👩‍👧‍👦";

Deno.test("length, counted as people count: a family emoji is one character", () => {
  strictEqual(level("length", "x".repeat(500)), "pass");
  strictEqual(level("length", "x".repeat(501)), "block");
  strictEqual(level("length", FAMILY.repeat(500)), "pass");
  strictEqual(level("length", FAMILY.repeat(501)), "block");
  strictEqual(level("length", "e\u0301".repeat(300), { connection: BLUESKY }), "pass");
  strictEqual(level("length", "x".repeat(301), { connection: BLUESKY }), "block");
});

Deno.test("length, more bytes than Bluesky stores: blocked, though the characters are few enough", () => {
  strictEqual(level("length", FAMILY.repeat(120), { connection: BLUESKY }), "pass");
  strictEqual(level("length", FAMILY.repeat(121), { connection: BLUESKY }), "block");
});

Deno.test("length, nothing that can be seen: blocked", () => {
  for (const text of ["", " \n\t", "\u200b", "\u3164 \u200d", "\ufeff"]) {
    strictEqual(level("length", text), "block");
  }
  strictEqual(ruling("length", "", { parts: [] })?.level, "block");
});

Deno.test("length, a thread: the part that is too long is named", () => {
  const parts = ["fine", "x".repeat(501)].map((text) => ({ text, facets: [] }));
  strictEqual(
    ruling("length", "", { parts })?.message,
    "Part 2 has 501 of at most 500 characters.",
  );
});

Deno.test("length, on X: as its own library weighs it, and not before that was asked", () => {
  const weighs = (weight?: number) =>
    ruling("length", "", { connection: X, parts: [{ text: "some words", facets: [], weight }] });
  strictEqual(weighs(280)?.level, "pass");
  strictEqual(weighs(281)?.message, "The text has 281 of at most 280 weighted characters.");
  match(weighs()?.message ?? "", /not been measured/);
});

Deno.test("length, a platform without threads: a second part is blocked", () => {
  const parts = ["one", "two"].map((text) => ({ text, facets: [] }));
  match(ruling("length", "", { connection: LINKEDIN, parts })?.message ?? "", /no threads/);
});

Deno.test("media, without an alt text: blocked where the settings ask for one; too many are blocked anyway", () => {
  const picture = (alt: string) => (
    { sha256: "0".repeat(64), mime: "image/png", width: 1, height: 1, bytes: 1, alt }
  );
  const says = (...alts: string[]) =>
    level("media", "", { parts: [{ text: "t", facets: [], media: alts.map(picture) }] });
  strictEqual(says("a tree"), "pass");
  strictEqual(says("a tree", " "), "block");
  strictEqual(says("1", "2", "3", "4"), "pass");
  strictEqual(says("1", "2", "3", "4", "5"), "block");
});
