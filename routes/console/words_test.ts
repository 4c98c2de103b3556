import assert from "node:assert/strict";
import { ERASED_BY_AUTHOR, retentionRule } from "../../db/words/rules.ts";
import { ruleWords } from "./words.ts";

Deno.test("the rule under which words went is called as on the page about people outside", () => {
  assert.deepEqual(
    [ERASED_BY_AUTHOR, retentionRule("linkedin"), "x_30_days"].map(ruleWords),
    ["“Erase what a person said”", "“How long words are kept”", "x_30_days"],
  );
});
