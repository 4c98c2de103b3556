import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { parseObject, readBody, readCount } from "./answer_body.ts";

Deno.test("body of an answer: whole up to its bound, characters of several bytes too; beyond it an error", async () => {
  strictEqual(await readBody(new Response("grüße"), 7), "grüße");
  await rejects(() => readBody(new Response("grüße"), 6), TypeError);
  strictEqual(await readBody(new Response(null), 0), "");
});

Deno.test("body of an answer, as an object: null for anything else", () => {
  deepStrictEqual(parseObject('{"a":1}'), { a: 1 });
  for (const text of ["", "[1]", "null", "1", "<html>"]) strictEqual(parseObject(text), null, text);
});

Deno.test("a count in an answer: a whole number from 0, else nothing is known", () => {
  for (const count of [0, 7, 1_000_000_000_000]) strictEqual(readCount(count), count);
  for (const wrong of [-1, 0.5, NaN, Infinity, 1e300, "7", null, undefined, []]) {
    strictEqual(readCount(wrong), null);
  }
});
