import assert from "node:assert/strict";
import { json } from "./fixtures/build.ts";
import { readPersonaFile } from "./read.ts";
import { chosenKind, realPersonSigns } from "./real_person.ts";

const nobody = { name: "Wren", username: "", people: [], about: [], says: [] };

Deno.test("an invented character is not taken for a real person", () => {
  for (
    const about of [
      "Captain of a starship and founder of the Star Guild",
      "President of the kingdom of Fog, a fictional land",
      "Former British intelligence agent, now a butler",
      "Loves the president's roses. Leader of a band.",
      "Owner of a small bakery, founder of a tea club",
      "Mayor of the anthill behind the school. Lives there.",
      "Creator of Tiny Worlds",
    ]
  ) assert.equal(realPersonSigns({ ...nobody, about: [about] }).likely, false, about);
  assert.equal(realPersonSigns({ ...nobody, username: "@wren" }).likely, false);
  assert.equal(realPersonSigns({ ...nobody, name: "HAL" }).likely, false);
});

Deno.test("signs of a real person are seen without knowing the name", () => {
  for (
    const portrait of [
      { ...nobody, about: ["Wren is the co-founder of Acme Analytics"] },
      { ...nobody, about: ["Was the 40th President of the United States"] },
      { ...nobody, about: ["senator for Ohio since 2019"] },
      { ...nobody, about: ["The digital twin of a teacher in Porto"] },
      { ...nobody, name: "Marlowe", says: ["Read more at https://www.janemarlowe.com"] },
      { ...nobody, says: ["None of this happened when I was president!"] },
      { ...nobody, username: "@wren", about: ["Was arrested in 2019"] },
    ]
  ) assert.equal(realPersonSigns(portrait).likely, true, JSON.stringify(portrait));
});

Deno.test("the example files of real people are found even without the list of names", () => {
  const shared = new URL("../../../../shared/characters/", import.meta.url);
  // Made up after the shape of such files, so that this runs where the example files are not.
  const files: unknown[] = [{
    name: "QXZ",
    bio: ["Former wonder of finance", "Frequently mentions being in prison"],
  }];
  for (const name of ["eliza-sbf.character.json", "eliza-shaw.json", "eliza-trump.character.json"]) {
    try {
      files.push(JSON.parse(Deno.readTextFileSync(new URL(name, shared))));
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
  for (const file of files) {
    const { name, bio, lore = [], postExamples = [] } = file as Record<string, string[]> & { name: string };
    const { signs } = realPersonSigns({
      ...nobody,
      name,
      about: [...bio ?? [], ...lore],
      says: postExamples,
    });
    const weight = signs.filter((s) => !s.byName).reduce((sum, s) => sum + s.weight, 0);
    assert.ok(weight >= 2, name);
  }
});

Deno.test("a real person is told in the warnings, and no claim in the file undoes it", () => {
  const part = {
    version: 1,
    identity: { name: "Wren", kind: "fictional", background: "Founder of Acme Analytics" },
  };
  const file = readPersonaFile(
    json({ name: "Wren", bio: "Founder of Acme Analytics", settings: { "digi-persona": part } }),
  );
  assert.equal(file.identity.kind, "real_person");
  assert.ok(file.warnings.some((w) => w.includes("real living person")));
});

Deno.test("a person's choice can only make the kind stricter", () => {
  assert.equal(chosenKind("real_person", "fictional"), "real_person");
  assert.equal(chosenKind("fictional", "real_person"), "real_person");
  assert.equal(chosenKind("fictional", "parody"), "parody");
});
