import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import type { Other } from "../../../db/read/said.ts";
import { coordinated, together } from "./coordinated.ts";

const by = (persona: string, ...shared: string[]): Other & { shared: string[] } => ({
  postId: `${persona}-${shared.join()}`,
  personaId: persona,
  personaName: persona,
  platform: "x",
  at: "2026-11-22T09:00:00.000Z",
  shared,
});

Deno.test("together: counted by persona on each thing by itself, not by post and not over several things", () => {
  deepStrictEqual(together([by("Ada", "tag a"), by("Ada", "tag a")]).on, [], "one persona twice");
  deepStrictEqual(together([by("Ada", "tag a"), by("Ben", "tag b")]).on, [], "two things");
  const { on, posts } = together([by("Ada", "tag a", "tag b"), by("Ben", "tag a"), by("Cyd", "tag c")]);
  deepStrictEqual(on, ["tag a"]);
  deepStrictEqual(posts.map(({ personaId }) => personaId), ["Ada", "Ben"]);
});

Deno.test("coordinated, what it is on: said in words, with how many and who; a long list is cut", () => {
  const says = (key: string, ...personas: string[]) =>
    coordinated("x", personas.map((one) => by(one, key)), false).message;
  match(
    says("link a.example/b", "Ada", "Ben"),
    /^3 personas on one link \(a\.example\/b\) .*: this one and Ada and Ben/,
  );
  match(says("cashtag abc", "Ada", "Ben"), /on \$ABC within/);
  match(says("who 1f", "Ada", "Ben"), /on one person within/);
  match(says("post x 1", "Ada", "Ben"), /on one post within/);
  match(says("tag t", ..."ABCDEFG"), /^8 personas .*A, B, C, D, E and 2 more, in 7 other posts/);
  match(
    coordinated("x", [{ ...by("Ada", "t"), personaName: null }, by("Ben", "t")], false).message,
    /a deleted persona/,
  );
});

Deno.test("coordinated, seen by a person: a warning that says so; fewer personas need nobody", () => {
  const two = [by("Ada", "tag a"), by("Ben", "tag a")];
  strictEqual(coordinated("x", two, true).level, "warn");
  strictEqual(coordinated("x", two, false).level, "block");
  strictEqual(coordinated("x", two.slice(1), false).level, "pass");
});
