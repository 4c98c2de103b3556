import assert from "node:assert/strict";
import fc from "fast-check";
import { emptyIdentity, type Identity, type PersonaKind } from "../identity.ts";
import { json } from "./fixtures/build.ts";
import { PersonaFileError } from "./persona_file.ts";
import { readPersonaFile } from "./read.ts";
import { redactText } from "./secret_shapes.ts";
import { type ExportFormat, writePersonaFile } from "./write.ts";

const formats: ExportFormat[] = ["card_v3", "eliza"];

const wren: Identity = {
  ...emptyIdentity,
  name: "Wren Ó Faoláin",
  kind: "parody",
  background: "A tailor of clouds.\n\nLives above the {{user}} shop.",
  purpose: "To mend the weather.",
  interests: ["rain", "thread"],
  values: ["patience"],
  tone: ["soft", "exact"],
  expertise: ["hems"],
  rules: ["One thought a post."],
  bannedWords: ["synergy"],
  mayMention: ["bob.example"],
  examples: ['A cumulus came in torn. "Storm," it said.'],
  knowledge: [{ key: "Thread", text: "Thread is spun from fog." }, { key: "Thread", text: "Twice." }],
  systemPrompt: "Write as Wren.",
  zone: "Europe/Dublin",
  language: "en-IE",
  operatedBy: "Someone",
};

/** Well-formed text that holds no secret and does not read as a real person. */
const said = (maxLength: number) =>
  fc.string({ unit: "grapheme", maxLength }).filter((t) =>
    t.length <= maxLength && t.isWellFormed() && !t.includes("\0")
  );
const list = (maxLength: number) => fc.array(said(maxLength), { maxLength: 8 });
const identities: fc.Arbitrary<Identity> = fc.record({
  name: said(40).map((t) => t.trim()).filter((t) => t !== ""),
  kind: fc.constantFrom<PersonaKind>("fictional", "own", "consenting", "parody", "real_person"),
  background: said(400),
  purpose: said(100),
  interests: list(40),
  values: list(40),
  tone: list(40),
  expertise: list(40),
  rules: list(80),
  bannedWords: list(20),
  mayMention: list(20),
  examples: list(200),
  knowledge: fc.array(fc.record({ key: said(40), text: said(200) }, { noNullPrototype: true }), {
    maxLength: 8,
  }),
  systemPrompt: said(200),
  zone: fc.constantFrom("UTC", "Europe/Lisbon", "Asia/Tokyo"),
  language: fc.constantFrom("en", "pt-BR", "ja"),
  operatedBy: said(40),
}, { noNullPrototype: true }).filter((identity) => redactText(JSON.stringify(identity)).found.length === 0);

Deno.test("an exported persona is read back with every field but who operates it and who agreed to be named", () => {
  for (const format of formats) {
    const file = readPersonaFile(writePersonaFile(wren, format).bytes);
    assert.equal(file.format, format);
    assert.deepEqual(file.identity, { ...wren, operatedBy: "", mayMention: [] });
    assert.equal(file.original.redacted, false);
  }
});

Deno.test("any identity survives export and import in both formats", () => {
  fc.assert(
    fc.property(identities, fc.constantFrom(...formats), (identity, format) => {
      const read = readPersonaFile(writePersonaFile(identity, format).bytes);
      assert.deepEqual(read.identity, { ...identity, operatedBy: "", mayMention: [] });
    }),
    { numRuns: 300 },
  );
});

Deno.test("an export never says who operates the persona", () => {
  for (const format of formats) {
    const { bytes } = writePersonaFile({ ...wren, operatedBy: "Operator Name Ltd" }, format);
    assert.ok(!new TextDecoder().decode(bytes).includes("Operator Name Ltd"));
  }
});

Deno.test("an export is named after the persona in plain letters", () => {
  assert.equal(writePersonaFile(wren, "card_v3").fileName, "wren-o-faolain.card.json");
  assert.equal(writePersonaFile(wren, "eliza").fileName, "wren-o-faolain.character.json");
  assert.equal(writePersonaFile({ ...wren, name: "../..\\" }, "eliza").fileName, "persona.character.json");
});

Deno.test("a field that another program changed after the export wins, the others stay", () => {
  for (const format of formats) {
    const exported = JSON.parse(new TextDecoder().decode(writePersonaFile(wren, format).bytes));
    if (format === "card_v3") exported.data.description = "A tailor of storms.";
    else exported.bio = ["A tailor of storms."];
    const { identity, warnings } = readPersonaFile(json(exported));
    assert.deepEqual(identity, {
      ...wren,
      operatedBy: "",
      mayMention: [],
      background: "A tailor of storms.",
    });
    assert.ok(warnings.some((w) => w.includes("background was changed")));
  }
});

Deno.test("our part of a file is checked like any other: wrong types refused, claims kept in bounds", () => {
  const exported = JSON.parse(new TextDecoder().decode(writePersonaFile(wren, "card_v3").bytes));
  const withPart = (change: Record<string, unknown>) => {
    const copy = structuredClone(exported);
    Object.assign(copy.data.extensions["digi-persona"].identity, change);
    return json(copy);
  };
  assert.throws(() => readPersonaFile(withPart({ kind: "admin" })), PersonaFileError);
  assert.throws(() => readPersonaFile(withPart({ values: [1] })), PersonaFileError);
  assert.equal(readPersonaFile(withPart({ zone: "Mars/Olympus" })).identity.zone, "UTC");
  assert.equal(readPersonaFile(withPart({ language: "!!" })).identity.language, "en");
  assert.equal(readPersonaFile(withPart({ operatedBy: "Someone else" })).identity.operatedBy, "");
  const consenting = readPersonaFile(withPart({ kind: "consenting" }));
  assert.ok(consenting.warnings.some((w) => w.includes("make sure")));
});
