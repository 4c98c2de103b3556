import assert from "node:assert/strict";
import fc from "fast-check";
import { readLittleText, visibleText as asShown } from "../../../../tests/stand_ins/linkedin/little_text.ts";
import { escapeText, parseLittleText, type Piece, visibleText, writePieces } from "./little_text.ts";

/** Mostly what means something to LinkedIn. */
const text = fc.string({
  unit: fc.oneof(
    fc.constantFrom(..."\\|{}@[]()<>#*_~ aé#＃👩‍🚒\n"),
    fc.string({ unit: "binary", maxLength: 1 }),
  ),
  maxLength: 40,
});

Deno.test("escaped text is read back as it was, by us and as LinkedIn shows it", () => {
  fc.assert(
    fc.property(text, (text) => {
      assert.equal(visibleText(escapeText(text)), text);
      assert.deepEqual(parseLittleText(escapeText(text)), text === "" ? [] : [{ kind: "text", text }]);
      const read = readLittleText(escapeText(text));
      assert.deepEqual([asShown(read.elements), read.cutAt], [text, null]);
    }),
    { numRuns: 2_000, seed: 4 },
  );
});

Deno.test("text, mentions and tags in any order are read back as they were written", () => {
  const words = text.filter((one) => one !== "");
  const piece: fc.Arbitrary<Piece> = fc.oneof(
    words.map((text) => ({ kind: "text" as const, text })),
    words.map((name) => ({ kind: "mention" as const, name, urn: "urn:li:organization:77002" })),
    words.map((tag) => ({ kind: "tag" as const, tag })),
  );
  const apart = (pieces: Piece[]) =>
    pieces.every((one, at) => one.kind !== "text" || pieces[at + 1]?.kind !== "text");
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 6 }).filter(apart), (pieces) => {
      assert.deepEqual(parseLittleText(writePieces(pieces)), pieces);
      assert.equal(readLittleText(writePieces(pieces)).cutAt, null);
    }),
    { numRuns: 1_000, seed: 5 },
  );
});

Deno.test("a hashtag reads the same in each of its forms", () => {
  for (const source of ["a #tide", "a {hashtag|\\#|tide}", "a {hashtag|#|tide}"]) {
    assert.equal(visibleText(source), "a #tide", source);
  }
  assert.equal(
    visibleText("@[Tide & Table](urn:li:organization:1) \\(hi\\)"),
    "Tide & Table (hi)",
  );
});

Deno.test("what breaks the grammar is not read at all", () => {
  for (const source of ["a (b)", "a \\b", "50 * 2", "{hashtag|x}", "@nobody"]) {
    assert.equal(parseLittleText(source), null, source);
    assert.equal(visibleText(source), null, source);
  }
});
