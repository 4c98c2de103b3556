import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { content, IDENTITY, SANDBOX } from "../testing.ts";
import { blocked, checkContent } from "./policy.ts";
import { LINKEDIN, X } from "./testing.ts";

const SETTINGS = { requireAltText: true };

Deno.test("checkContent: every rule that the platform knows speaks, always in the same order", () => {
  const rules = (connection: typeof X) =>
    checkContent(content(connection, "t"), IDENTITY, connection, SETTINGS).map(({ rule }) => rule);
  const everywhere = ["length", "media", "disclosure", "banned_words", "hidden_characters", "links"];
  deepStrictEqual(rules(SANDBOX), [...everywhere, "mentions", "real_person"]);
  deepStrictEqual(rules(X), [...everywhere, "link_price", "cashtags", "mentions", "real_person"]);
  const [length, media, ...others] = everywhere;
  deepStrictEqual(
    rules(LINKEDIN),
    [length, media, "linkedin_form", ...others, "mentions", "real_person", "person_approves"],
  );
});

Deno.test("blocked: the first verdict that cannot be approved, warnings are none", () => {
  const verdicts = checkContent(content(SANDBOX, "a\u200b forbidden"), IDENTITY, SANDBOX, SETTINGS);
  strictEqual(verdicts.find(({ level }) => level === "warn")?.rule, "hidden_characters");
  strictEqual(blocked(verdicts)?.rule, "banned_words");
  strictEqual(blocked(verdicts.filter(({ level }) => level !== "block")), undefined);
});
