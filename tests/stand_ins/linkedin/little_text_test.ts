import assert from "node:assert/strict";
import fc from "fast-check";
import { readLittleText, visibleText, writeLittleText } from "./little_text.ts";

const read = (source: string) => {
  const { elements, cutAt } = readLittleText(source);
  return { text: visibleText(elements), kinds: elements.map(({ kind }) => kind).join(" "), cutAt };
};

Deno.test("little text is read by its grammar: escapes, mentions, hashtags in both forms", () => {
  const cases: [string, string, string][] = [
    ["Hello", "Hello", "text"],
    ["a \\(b\\) c\\_d \\\\ \\#no", "a (b) c_d \\ #no", "text"],
    ["Hi @[Acme \\(EU\\)](urn:li:organization:77)!", "Hi Acme (EU)!", "text mention text"],
    ["@(urn:li:person:aB-1)", "", "mention"],
    ["so #naïve2 it", "so #naïve2 it", "text hashtag text"],
    ["{hashtag|#|tea}{hashtag|\\#|time}", "#tea#time", "hashtag hashtag"],
    ["line\nline € 🐎", "line\nline € 🐎", "text"],
  ];
  for (const [source, text, kinds] of cases) {
    assert.deepEqual(read(source), { text, kinds, cutAt: null }, source);
  }
});

Deno.test("little text is cut, without a word, where it breaks the grammar", () => {
  const cases: [string, string][] = [
    ["up 4% (EPRI) today", "up 4% "],
    ["snake_case", "snake"],
    ["mail a@b.example", "mail a"],
    ["5 > 3", "5 "],
    ["C# is", "C"],
    ["back\\slash", "back"],
    ["end\\", "end"],
    ["@[Acme] (urn:li:organization:77)", ""],
    ["{hashtag|tea}", ""],
    ["~", ""],
  ];
  for (const [source, text] of cases) {
    assert.deepEqual([read(source).text, read(source).cutAt], [text, text.length], source);
  }
});

Deno.test("what little text writes it reads back whole, for any text", () => {
  const unit = fc.constantFrom(..."\\|{}@[]()<>#*_~ aé€🐎\n".split(/(?:)/u), "hashtag|", "urn:li:person:a");
  fc.assert(fc.property(fc.string({ unit, maxLength: 40 }), (text) => {
    const source = writeLittleText([{ kind: "text", text }]);
    assert.deepEqual([read(source).text, read(source).cutAt], [text, null]);
  }));
});
