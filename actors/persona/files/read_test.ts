import assert from "node:assert/strict";
import type { PersonaFile } from "./persona_file.ts";
import { PersonaFileError } from "./persona_file.ts";
import { readPersonaFile } from "./read.ts";
import { character, charx, compressedText, encode, json, plainCard, png, text } from "./fixtures/build.ts";

const fixtures = new URL("./fixtures/", import.meta.url);
const shared = new URL("../../../../shared/characters/", import.meta.url);

function fixture(name: string): PersonaFile {
  return readPersonaFile(Deno.readFileSync(new URL(name, fixtures)));
}

function refusal(bytes: Uint8Array, limits = {}): PersonaFileError {
  try {
    readPersonaFile(bytes, limits);
  } catch (error) {
    assert.ok(error instanceof PersonaFileError, `expected a PersonaFileError, not ${error}`);
    return error;
  }
  assert.fail("expected a refusal");
}

const ignoredOf = (file: PersonaFile) => file.ignored.map(({ what }) => what).join("\n");

Deno.test("an elizaOS v0 character is mapped field by field", () => {
  const file = fixture("eliza-v0.json");
  assert.equal(file.format, "eliza");
  assert.deepEqual(file.identity, {
    name: "Odalys Fenn",
    kind: "fictional",
    background: "Keeps a lighthouse on an island that no chart shows\nCollects the names of winds",
    purpose: "",
    interests: ["weather", "navigation"],
    values: [],
    tone: ["patient", "dry"],
    expertise: [],
    rules: ["short sentences", "never uses hashtags"],
    bannedWords: [],
    mayMention: [],
    examples: ["Fog at four, and it smells of iron.", "Odalys Fenn waved at the reader from the gallery."],
    knowledge: [
      { key: "Once guided a whale home by whistling", text: "Once guided a whale home by whistling" },
      {
        key: "Her lamp burns oil pressed from moonflowers",
        text: "Her lamp burns oil pressed from moonflowers",
      },
      { key: "How to read fog by its smell", text: "How to read fog by its smell" },
      { key: "tides.md", text: "Spring tides follow the full moon by a day." },
    ],
    systemPrompt: "You are Odalys Fenn, keeper of the last lighthouse.",
    zone: "UTC",
    language: "en",
    operatedBy: "",
  });
  for (
    const what of [
      "modelProvider: openai",
      "clients: twitter, discord",
      "plugins: @elizaos/plugin-solana",
      "settings.voice",
      "twitterSpaces",
    ]
  ) {
    assert.ok(ignoredOf(file).includes(what), `${what} must be told as ignored`);
  }
  assert.deepEqual(file.prompts.map(({ label }) => label), ["system", "twitterSpaces.systemPrompt"]);
});

Deno.test("an elizaOS v1 character keeps its templates as prompts only and tells of files it points to", () => {
  const file = fixture("eliza-v1.json");
  assert.equal(file.identity.background, "Grows tomatoes under a painted sky.");
  assert.deepEqual(file.identity.knowledge.map((k) => k.text), ["Tomatoes need calcium."]);
  assert.deepEqual(file.prompts.map((p) => p.label), ["system", "templates.messageHandlerTemplate"]);
  assert.equal(file.prompts[1]?.text, "<task>Answer as {{agentName}}.</task>");
  assert.match(ignoredOf(file), /docs\/soil\.md/);
});

Deno.test("an elizaOS character with lore objects keeps their keys", () => {
  assert.deepEqual(fixture("eliza-lore-objects.json").identity.knowledge, [
    { key: "the ink", text: "His ink is boiled from the last minute of dusk." },
  ]);
});

Deno.test("the newest elizaOS dialect is read, its autonomy settings ignored", () => {
  const file = fixture("eliza-message-examples.json");
  assert.equal(file.format, "eliza");
  assert.deepEqual(file.identity.examples, ["Postcard 12: nothing, beautifully lit."]);
  assert.deepEqual(file.identity.knowledge, [{ key: "x", text: "Comets are shy." }]);
  assert.match(ignoredOf(file), /advanced_planning/);
  assert.match(ignoredOf(file), /documents\[0\]/);
});

Deno.test("a Character Card V1 is mapped, with its macros replaced", () => {
  const file = fixture("card-v1.json");
  assert.equal(file.format, "card_v1");
  assert.equal(file.identity.background, "Maro mends clocks. the reader is a customer.");
  assert.deepEqual(file.identity.tone, ["fussy", "kind", "exact"]);
  assert.deepEqual(file.identity.knowledge, [{ key: "Scenario", text: "A shop below the stairs." }]);
  assert.deepEqual(file.prompts.map((p) => p.label), ["first_mes", "mes_example", "scenario"]);
});

Deno.test("a Character Card V2 is mapped with its book, mirrored fields and quirks ignored", () => {
  const file = fixture("card-v2.json");
  assert.equal(file.format, "card_v2");
  assert.equal(
    file.identity.background,
    "A fox who teaches law to crows.\n\nShe likes long arguments and short walks in the rain.",
  );
  assert.deepEqual(file.identity.knowledge, [{
    key: "court, crows",
    text: "The crows' court meets on Thursdays.",
  }]);
  assert.equal(file.identity.systemPrompt, "Write as Sable.\n\nStay brief.");
  assert.ok(file.prompts.some((p) => p.text === "Remember the gavel."));
  assert.match(ignoredOf(file), /1 entries of data\.character_book/);
});

Deno.test("a Character Card V3 is mapped, its nickname used for {{char}}, its assets ignored", () => {
  const file = fixture("card-v3.json");
  assert.equal(file.format, "card_v3");
  assert.equal(file.identity.name, "Ambassador Thistle");
  assert.equal(file.identity.background, "Thistle speaks for the hedgerow.");
  assert.deepEqual(file.identity.knowledge.at(-1), { key: "Moss", text: "Moss votes last." });
  assert.match(ignoredOf(file), /data\.assets/);
  assert.ok(file.warnings.some((w) => w.includes("{{random}}")));
});

Deno.test("a newer card version is taken with a warning", () => {
  const file = readPersonaFile(json({ ...plainCard, spec: "chara_card_v4", spec_version: "4.0" }));
  assert.equal(file.format, "card_v3");
  assert.ok(file.warnings.some((w) => w.includes("newer than V3")));
});

Deno.test("of two characters in a PNG ccv3 is preferred", () => {
  const older = { ...plainCard, data: { ...plainCard.data, name: "Older" } };
  const file = readPersonaFile(png([character("chara", older), character("ccv3", plainCard)]));
  assert.equal(file.container, "png");
  assert.equal(file.identity.name, "Wren");
});

Deno.test("a charx archive is read from its card.json, its other files told as ignored", () => {
  const file = readPersonaFile(charx({ "card.json": json(plainCard), "module.risum": encode("code") }));
  assert.equal(file.container, "charx");
  assert.equal(file.identity.name, "Wren");
  assert.match(ignoredOf(file), /module\.risum/);
});

Deno.test("a file without secrets is kept byte for byte, in every container", () => {
  const files = [
    ...[...Deno.readDirSync(fixtures)].filter((e) => e.name.endsWith(".json")).map((e) =>
      Deno.readFileSync(new URL(e.name, fixtures))
    ),
    png([character("ccv3", plainCard), text("Comment", "a drawing")]),
    charx({ "card.json": json(plainCard), "icon.png": png([]) }),
  ];
  for (const bytes of files) {
    const { original, strippedSecrets } = readPersonaFile(bytes);
    assert.deepEqual(strippedSecrets, []);
    assert.equal(original.redacted, false);
    assert.deepEqual(original.bytes, bytes);
  }
});

Deno.test("characters that a database cannot store are taken out with a warning", () => {
  const file = readPersonaFile(encode('{"name":"A\\u0000b","bio":"lone \\ud800 half"}'));
  assert.equal(file.identity.name, "Ab");
  assert.ok(file.identity.background.isWellFormed());
  assert.ok(file.warnings.some((w) => w.includes("cannot be stored")));
});

Deno.test("texts and lists past their limits are cut with a warning", () => {
  const file = readPersonaFile(json({
    name: "n".repeat(200),
    bio: "x".repeat(30_000),
    topics: Array(300).fill("t"),
    knowledge: Array(600).fill("k"),
  }));
  assert.equal(file.identity.name.length, 80);
  assert.equal(file.identity.background.length, 20_000);
  assert.equal(file.identity.interests.length, 200);
  assert.equal(file.identity.knowledge.length, 500);
  assert.equal(file.warnings.filter((w) => w.includes("cut")).length, 4);
});

Deno.test("a broken file is refused with the field and what would be right", () => {
  const cases: [Uint8Array, string, string | null, RegExp][] = [
    [new Uint8Array(), "empty", null, /expected JSON, a PNG or a charx/],
    [encode("not json"), "not_json", null, /expected \{/],
    [
      encode('{"name": "a long enough text before the fault",\n "bio": "x" oops "more text after it"}'),
      "not_json",
      null,
      /line 2, column 13/,
    ],
    [encode('{"name":'), "not_json", null, /too early|line/],
    [new Uint8Array([0xff, 0xfe, 0x41]), "not_utf8", null, /UTF-8/],
    [encode("[]"), "wrong_type", null, /must be an object, not a list/],
    [json({ hello: 1 }), "unknown_format", null, /expected an elizaOS character/],
    [json({ bio: "no name" }), "missing", "name", /name must be/],
    [json({ name: "A", bio: 5 }), "wrong_type", "bio", /bio must be a text, not a number/],
    [
      json({ name: "A", bio: "b", topics: ["x", {}] }),
      "wrong_type",
      "topics[1]",
      /must be a text, not an object/,
    ],
    [json({ spec: "chara_card_v2", data: [] }), "unknown_format", null, /expected/],
    [json({ spec: "lorebook_v3", data: {} }), "unknown_format", null, /lore book/],
    [png([]), "no_character", null, /tEXt chunk named chara or ccv3/],
    [png([text("chara", "%%%")]), "bad_png", null, /base64/],
    [png([character("chara", plainCard)]).slice(0, -20), "bad_png", null, /cut off/],
    [png([character("chara", plainCard)], { width: 60_000, height: 60_000 }), "too_large", null, /pixels/],
    [charx({ "other.json": json(plainCard) }), "no_character", null, /card\.json/],
    [charx({ "card.json": json(plainCard) }).slice(0, 60), "bad_archive", null, /cut off|damaged/],
  ];
  for (const [bytes, code, field, message] of cases) {
    const error = refusal(bytes);
    assert.equal(error.code, code, error.message);
    assert.equal(error.field, field, error.message);
    assert.match(error.message, message);
  }
});

Deno.test("nesting, size and number of values are bounded before anything is built", () => {
  assert.equal(refusal(encode("[".repeat(1_000_000))).code, "too_deep");
  assert.equal(refusal(encode(`{"a":`.repeat(500_000))).code, "too_deep");
  assert.equal(refusal(encode(`[${"1,".repeat(300_000)}1]`)).code, "too_many_values");
  assert.equal(refusal(new Uint8Array(9 * 1024 * 1024)).code, "too_large");
  assert.equal(refusal(json(plainCard), { fileBytes: 10 }).code, "too_large");
});

Deno.test("a zip bomb is refused, in an archive and in a PNG", () => {
  const bomb = charx({ "card.json": json(plainCard), "x.bin": new Uint8Array(32 * 1024 * 1024) });
  assert.ok(bomb.length < 200_000);
  assert.equal(refusal(bomb).code, "too_large");
  const chunk = compressedText("Comment", "\0".repeat(10 * 1024 * 1024));
  assert.equal(refusal(png([character("chara", plainCard), chunk, chunk])).code, "too_large");
});

/** Key facts of the example files, where they are there. */
const expected: Record<
  string,
  { format: string; name: string; knowledge: number; examples: number; real: boolean }
> = {
  "card-minimal_v2.json": {
    format: "card_v2",
    name: "Test Character V2",
    knowledge: 1,
    examples: 0,
    real: false,
  },
  "card-minimal_v3.json": {
    format: "card_v3",
    name: "Test Character V3",
    knowledge: 1,
    examples: 0,
    real: false,
  },
  "card-test_character_v2.png": {
    format: "card_v2",
    name: "V2 Test Character",
    knowledge: 1,
    examples: 0,
    real: false,
  },
  "eliza-alfred.character.json": { format: "eliza", name: "Alfred", knowledge: 12, examples: 6, real: false },
  "eliza-c3po.character.json": { format: "eliza", name: "C-3PO", knowledge: 9, examples: 2, real: false },
  "eliza-example.character.json": {
    format: "eliza",
    name: "ExampleAgent",
    knowledge: 5,
    examples: 2,
    real: false,
  },
  "eliza-kermit.character.json": {
    format: "eliza",
    name: "kermit",
    knowledge: 40,
    examples: 10,
    real: false,
  },
  "eliza-sbf.character.json": { format: "eliza", name: "SBF", knowledge: 10, examples: 3, real: true },
  "eliza-shaw.json": { format: "eliza", name: "Shaw", knowledge: 4, examples: 10, real: true },
  "eliza-trump.character.json": { format: "eliza", name: "trump", knowledge: 40, examples: 38, real: true },
};

Deno.test("every example file is imported whole, and real living people are told from characters", () => {
  for (const folder of [fixtures, shared]) {
    let entries: Deno.DirEntry[];
    try {
      entries = [...Deno.readDirSync(folder)].filter((e) => /\.(json|png)$/.test(e.name));
    } catch (error) {
      // The example files lie beside a checkout, not in it; the fixtures always run.
      if (folder === shared && error instanceof Deno.errors.NotFound) continue;
      throw error;
    }
    assert.ok(entries.length >= 7);
    for (const { name } of entries) {
      const bytes = Deno.readFileSync(new URL(name, folder));
      const file = readPersonaFile(bytes);
      assert.deepEqual(file.original.bytes, bytes, name);
      assert.deepEqual(file.strippedSecrets, [], name);
      assert.notEqual(file.identity.background, "", name);
      const facts = expected[name];
      if (!facts) assert.equal(file.identity.kind, "fictional", name);
      else {
        assert.deepEqual(
          {
            format: file.format,
            name: file.identity.name,
            knowledge: file.identity.knowledge.length,
            examples: file.identity.examples.length,
            real: file.identity.kind === "real_person",
          },
          facts,
          name,
        );
      }
    }
  }
});
