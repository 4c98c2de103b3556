import { ok, strictEqual } from "node:assert/strict";
import { graphemes, reasonOf, repair, storable } from "./text.ts";

Deno.test("graphemes, what people see as one character: counted as one", () => {
  for (const text of ["a", "é", "e\u0301", "👨‍👩‍👧‍👦", "🇵🇹", "👍🏽", "❤️", "각"]) {
    strictEqual(graphemes(text), 1, text);
  }
  strictEqual(graphemes(""), 0);
  strictEqual(graphemes("a\r\nb"), 3);
});

Deno.test("repair, what cannot be stored or has two spellings: one that can be stored", () => {
  strictEqual(repair("a\0b\ud800c\r\nd\re\u0301"), "ab\ufffdc\nd\né");
});

Deno.test("storable, an id: only what cannot be stored is changed", () => {
  strictEqual(storable("e\u0301\r\n"), "e\u0301\r\n");
  strictEqual(storable("a\0\udfff"), "a\ufffd");
});

Deno.test("reasonOf, a long one: cut, and still well-formed", () => {
  const cut = reasonOf("x".repeat(999) + "😀");
  ok(cut.isWellFormed());
  strictEqual(cut.length, 1_000);
});
