import assert from "node:assert/strict";
import fc from "fast-check";
import { character, charx, encode, json, plainCard, png } from "./fixtures/build.ts";
import { PersonaFileError } from "./persona_file.ts";
import { readPersonaFile } from "./read.ts";

const fixtures = new URL("./fixtures/", import.meta.url);
const samples: [string, Uint8Array][] = [
  ...[...Deno.readDirSync(fixtures)].filter((e) => e.name.endsWith(".json")).map((
    e,
  ): [string, Uint8Array] => [
    e.name,
    Deno.readFileSync(new URL(e.name, fixtures)),
  ]),
  ["png", png([character("ccv3", plainCard), character("chara", plainCard)])],
  ["charx", charx({ "card.json": json(plainCard), "note.txt": encode("note ".repeat(50)) })],
];

/** Reading ends in a whole result or in a PersonaFileError that says something. */
function readOrRefuse(bytes: Uint8Array): void {
  try {
    const { identity, original } = readPersonaFile(bytes);
    assert.ok(identity.name.length >= 1 && identity.name.length <= 80);
    assert.ok(identity.background.length <= 20_000);
    assert.equal(identity.operatedBy, "");
    assert.ok(original.bytes.length > 0);
    assert.ok(JSON.stringify(identity).isWellFormed());
    assert.equal(Object.getPrototypeOf(identity), Object.prototype);
  } catch (error) {
    if (!(error instanceof PersonaFileError)) throw error;
    assert.ok(error.message.length > 10);
  }
  assert.equal(Object.hasOwn(Object.prototype, "polluted"), false);
}

const strangeKeys = fc.constantFrom(
  "__proto__",
  "constructor",
  "prototype",
  "toString",
  "hasOwnProperty",
  "polluted",
);
const anything = fc.anything({
  key: fc.oneof(fc.string(), strangeKeys),
  withNullPrototype: true,
  maxDepth: 3,
}).map((value): unknown => JSON.parse(JSON.stringify(value ?? null) ?? "null"));

Deno.test("random bytes are read or refused", () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 400 }), readOrRefuse), { numRuns: 500 });
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (tail) => {
      readOrRefuse(new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, ...tail]));
      readOrRefuse(new Uint8Array([0x50, 0x4b, 3, 4, ...tail]));
    }),
    { numRuns: 500 },
  );
});

Deno.test("random JSON is read or refused", () => {
  fc.assert(fc.property(anything, (value) => readOrRefuse(json(value))), { numRuns: 500 });
});

Deno.test("a file cut off anywhere is read or refused", () => {
  for (const [, bytes] of samples) {
    for (let end = 0; end < bytes.length; end += Math.max(1, Math.floor(bytes.length / 150))) {
      readOrRefuse(bytes.slice(0, end));
    }
  }
});

Deno.test("a file with bytes changed is read or refused", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...samples),
      fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 8 }),
      ([, bytes], changes) => {
        const changed = bytes.slice();
        for (const [at, value] of changes) changed[at % changed.length] = value;
        readOrRefuse(changed);
      },
    ),
    { numRuns: 1_000 },
  );
});

Deno.test("any wrong value in any field is read or refused", () => {
  const parsed = samples.filter(([name]) => name.endsWith(".json")).map(([, bytes]): unknown =>
    JSON.parse(new TextDecoder().decode(bytes))
  );
  const wrong: unknown[] = [
    null,
    true,
    0,
    -1.5,
    "",
    "text",
    [],
    [null],
    [1],
    [[]],
    [{}],
    {},
    { a: 1 },
    JSON.parse('{"__proto__":{"polluted":1}}'),
  ];
  for (const root of parsed) {
    for (const path of pathsOf(root)) {
      for (const value of wrong) readOrRefuse(json(replacedAt(root, path, value)));
    }
  }
});

Deno.test("keys like __proto__ are data: they change no object and are told as unknown", () => {
  const file = readPersonaFile(encode(
    '{"name":"Wren","bio":"x","__proto__":{"polluted":true,"name":"Evil"},"constructor":{"prototype":{"polluted":1}},' +
      '"settings":{"__proto__":{"secrets":{"k":"plainvalue-001"}}},"style":{"__proto__":{"all":["evil"]}}}',
  ));
  assert.equal(file.identity.name, "Wren");
  assert.deepEqual(file.identity.rules, []);
  assert.ok(file.ignored.some(({ what }) => what === "__proto__"));
  assert.ok(!new TextDecoder().decode(file.original.bytes).includes("plainvalue-001"));
  assert.equal(Object.hasOwn(Object.prototype, "polluted"), false);
});

Deno.test("huge lists are cut, and quickly", () => {
  const many = Array(40_000).fill("x");
  const start = performance.now();
  readOrRefuse(json({ name: "Wren", bio: many, lore: many, topics: many, plugins: many }));
  readOrRefuse(json({ ...plainCard, data: { ...plainCard.data, alternate_greetings: many } }));
  for (
    const piece of [
      "y",
      " ",
      "\n",
      "sk-y",
      "eyJ",
      "-----BEGIN PRIVATE KEY-----!",
      "{{",
      "@@a",
      "@@a\n",
      "a,",
      "%41",
      "=",
      "/",
    ]
  ) {
    const long = piece.repeat(2_000_000 / piece.length);
    readOrRefuse(json({ ...plainCard, data: { ...plainCard.data, description: long } }));
  }
  for (const key of ["name", "personality", "system_prompt", "nickname"]) {
    readOrRefuse(json({ ...plainCard, data: { ...plainCard.data, [key]: " \tx".repeat(2_000_000) } }));
  }
  const book = { entries: [{ name: " ".repeat(2_000_000), content: "@@a".repeat(1_000_000) }] };
  readOrRefuse(json({ ...plainCard, data: { ...plainCard.data, character_book: book } }));
  assert.ok(performance.now() - start < 20_000);
});

type Path = (string | number)[];

function pathsOf(value: unknown, path: Path = []): Path[] {
  if (typeof value !== "object" || value === null) return [path];
  const entries: [string | number, unknown][] = Array.isArray(value)
    ? value.map((v, i) => [i, v])
    : Object.entries(value);
  return [path, ...entries.flatMap(([key, item]) => pathsOf(item, [...path, key]))];
}

function replacedAt(value: unknown, path: Path, by: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return by;
  if (Array.isArray(value)) return value.map((item, i) => i === key ? replacedAt(item, rest, by) : item);
  return Object.fromEntries(
    Object.entries(value as Record<string, unknown>).map((
      [k, item],
    ) => [k, k === key ? replacedAt(item, rest, by) : item]),
  );
}
