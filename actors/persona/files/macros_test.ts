import assert from "node:assert/strict";
import { expandMacros } from "./macros.ts";

Deno.test("macros for names are replaced in every spelling", () => {
  const { text, macros } = expandMacros(
    "{{char}} {{ CHAR }} <BOT> {{agentName}} meets {{user}}, {{user1}} and <USER>",
    "Wren",
  );
  assert.equal(text, "Wren Wren Wren Wren meets the reader, the reader and the reader");
  assert.deepEqual(new Set(macros), new Set(["char", "agentname", "user", "user1", "bot"]));
});

Deno.test("comments and {{original}} are taken out, all other macros stay as they are", () => {
  assert.equal(expandMacros("a{{// hidden}}b {{original}}c", "Wren").text, "ab c");
  const said = "{{random:a,b}} {{roll:d6}} {{time}} {{unclosed {{}} {{123}}";
  const expanded = expandMacros(said, "Wren");
  assert.equal(expanded.text, said);
  assert.deepEqual(expanded.macros, ["random", "roll", "time"]);
});

Deno.test("a name that looks like a macro or a pattern is put in as it is", () => {
  assert.equal(expandMacros("I am {{char}}", "$& {{char}}").text, "I am $& {{char}}");
});
