import assert from "node:assert/strict";
import fc from "fast-check";
import { editorText, partsOf } from "./join.ts";

Deno.test("parts of a thread are one text with lines of dashes between them", () => {
  assert.equal(editorText(["One.", "Two,\n\nstill two."]), "One.\n\n---\n\nTwo,\n\nstill two.");
  assert.equal(editorText(["One."]), "One.");
  assert.deepEqual(partsOf(""), [""]);
});

Deno.test("a border is a line of three dashes or more and nothing else", () => {
  assert.deepEqual(partsOf("One.\n---\nTwo.\n\n ----- \n\nThree."), ["One.", "Two.", "Three."]);
  assert.deepEqual(partsOf("a\n--\nb --- c\n---d\n– – –"), ["a\n--\nb --- c\n---d\n– – –"]);
  assert.deepEqual(partsOf("a\n---\n---\nb\n---"), ["a", "", "b", ""]);
});

Deno.test("a line of dashes with a backslash before it is text", () => {
  assert.deepEqual(partsOf("a\n\\---\nb"), ["a\n---\nb"]);
  assert.deepEqual(partsOf(editorText(["---", "\\---\n ----"])), ["---", "\\---\n ----"]);
});

Deno.test("parts that are joined and taken apart again are the same, whatever they hold", () => {
  const line = fc.oneof(
    fc.constantFrom("", "---", "-----", " ---", "--- ", "\\---", "\\\\---", "\\ ---", "--", "- - -", " "),
    fc.string({ unit: "grapheme", maxLength: 8 }).filter((text) => !text.includes("\n")),
  );
  const part = fc.array(line, { maxLength: 6 }).map((lines) => lines.join("\n"));
  let several = 0;
  fc.assert(
    fc.property(fc.array(part, { minLength: 1, maxLength: 5 }), (parts) => {
      if (parts.length > 1) several++;
      const text = editorText(parts);
      assert.deepEqual(partsOf(text), parts, JSON.stringify(text));
      assert.equal(editorText(partsOf(text)), text);
    }),
    { numRuns: 3_000, seed: 4 },
  );
  assert.ok(several > 1_000, `${several} threads`);
});
