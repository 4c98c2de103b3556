import assert from "node:assert/strict";
import fc from "fast-check";
import { unzipSync } from "fflate";
import { fromBase64, latin1, toBase64 } from "./bytes.ts";
import { character, charx, compressedText, encode, json, plainCard, png, text } from "./fixtures/build.ts";
import { type PersonaFile, PersonaFileError } from "./persona_file.ts";
import { readPersonaFile } from "./read.ts";
import { isSecretKey, redactText } from "./secret_shapes.ts";

/** Credentials of well-known shapes, made up. */
const shaped: Record<string, string> = {
  openai: "sk-proj-Ab12Cd34Ef56Gh78Ij90Kl12",
  slack: "xoxb-123456789012-abcdefGHIJKL",
  github: "ghp_Ab12Cd34Ef56Gh78Ij90Kl12Mn34Op56Qr78",
  githubFine: "github_pat_11ABCDEFG0abcdefghijkl",
  aws: "AKIAIOSFODNN7EXAMPLE",
  jwt: "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U",
  bluesky: "ab3d-ef5g-hi7j-kl2m",
  pem:
    "-----BEGIN RSA PRIVATE KEY-----\nMIIBOgIBAAJBAKj34GkxFhD90vcNLYLInFEX6Ppy1tPf9Cnzj4p4WGeKLs1Pt8Qu\n-----END RSA PRIVATE KEY-----",
  telegram: "123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw1",
  google: "AIzaSyA1234567890abcdefghijklmnopqrstuv",
  userinfo: "h0rse-battery!",
  query: "q1w2e3r4t5",
  assignment: "Tr0ub4dor&3",
  bearer: "mF_9.B5f-4.1JqM-xyz",
};

/** A text that carries the credential in the way it is usually met. */
function sentence(kind: string, secret: string): string {
  if (kind === "userinfo") return `see https://admin:${secret}@db.example.org/x for it`;
  if (kind === "query") return `call https://api.example.org/v1?api_key=${secret}&x=1 then`;
  if (kind === "assignment") return `put TWITTER_PASSWORD=${secret} in the file`;
  if (kind === "bearer") return `Authorization: Bearer ${secret} goes first`;
  return `the key is ${secret} and so on`;
}

/** Everything that reading gave back, as texts; containers and encodings undone. */
function allTexts(file: PersonaFile): string[] {
  const { original, ...rest } = file;
  const raw = latin1(original.bytes);
  const texts = [JSON.stringify(rest), raw, new TextDecoder().decode(original.bytes)];
  for (const [, encoded = ""] of raw.matchAll(/([A-Za-z0-9+/]{16,}={0,2})/g)) {
    const bytes = fromBase64(encoded);
    if (bytes) texts.push(latin1(bytes), new TextDecoder().decode(bytes));
  }
  if (file.container === "charx") {
    for (const data of Object.values(unzipSync(original.bytes))) texts.push(new TextDecoder().decode(data));
  }
  return texts;
}

function assertGone(file: PersonaFile, secrets: string[], note: string): void {
  for (const secret of secrets) {
    const escaped = JSON.stringify(secret).slice(1, -1);
    const body = secret.includes("PRIVATE KEY") ? [secret.split("\n")[1] ?? ""] : [];
    const forms = [secret, escaped, encodeURIComponent(secret), toBase64(secret).replace(/=+$/, ""), ...body];
    for (const text of allTexts(file)) {
      for (const form of forms) assert.ok(!text.includes(form), `${note}: a secret is still there`);
    }
  }
  assert.ok(file.original.redacted, note);
  assert.ok(file.strippedSecrets.length > 0, note);
}

const eliza = { name: "Wren", bio: ["A tailor of clouds"], topics: ["rain"], style: { all: [], post: [] } };

Deno.test("credentials under elizaOS secret keys are stripped at every level and told by path only", () => {
  const secrets = [
    "plainvalue-001",
    "plainvalue-002",
    "plainvalue-003",
    "plainvalue-004",
    "plainvalue-005",
    "8675309867",
  ];
  const [a, b, c, d, e, pin] = secrets;
  const file = readPersonaFile(json({
    ...eliza,
    bio: [`Mentions ${a} in passing`, `and ${encodeURIComponent(b ?? "")}`, toBase64(c ?? "")],
    secrets: { TWITTER_PASSWORD: a, nested: { list: [b] } },
    settings: { secrets: { OPENAI_API_KEY: c, pin: Number(pin) }, HELIUS_KEY: d, model: "m" },
    clientConfig: { discord: { botToken: e, "__proto__": { cookie: [a] } } },
  }));
  assertGone(file, secrets, "elizaOS");
  const paths = file.strippedSecrets.map(({ path }) => path);
  for (
    const path of [
      "secrets.TWITTER_PASSWORD",
      "secrets.nested.list[0]",
      "settings.secrets.OPENAI_API_KEY",
      "settings.secrets.pin",
      "settings.HELIUS_KEY",
      "clientConfig.discord.botToken",
    ]
  ) assert.ok(paths.includes(path), `${path} must be told`);
});

Deno.test("credentials are stripped by their shape wherever a text stands", () => {
  for (const [kind, secret] of Object.entries(shaped)) {
    const said = sentence(kind, secret);
    const places: unknown[] = [
      { ...eliza, name: said },
      { ...eliza, bio: said },
      { ...eliza, system: said },
      { ...eliza, lore: [{ loreKey: said, content: said }] },
      { ...eliza, knowledge: [{ path: said, shared: true }] },
      { ...eliza, templates: { [said]: said } },
      { ...eliza, plugins: [said], modelEndpointOverride: said },
      { ...eliza, messageExamples: [[{ user: "u", content: { text: said } }]] },
      { ...eliza, postExamples: [said], people: [said], unknown: { deep: [[said]] } },
      { ...plainCard, data: { ...plainCard.data, first_mes: said } },
      { ...plainCard, data: { ...plainCard.data, extensions: { other: { [said]: 1 } } } },
      {
        ...plainCard,
        data: { ...plainCard.data, character_book: { entries: [{ keys: [said], content: said }] } },
      },
      {
        ...plainCard,
        data: { ...plainCard.data, assets: [{ uri: `data:text/plain;base64,${toBase64(said)}` }] },
      },
      { ...plainCard, data: { ...plainCard.data, creator_notes: encodeURIComponent(said) } },
    ];
    for (const [i, place] of places.entries()) {
      assertGone(readPersonaFile(json(place)), [secret], `${kind} in place ${i}, JSON`);
      assertGone(readPersonaFile(png([character("chara", place)])), [secret], `${kind} in place ${i}, PNG`);
      assertGone(
        readPersonaFile(charx({ "card.json": json(place) })),
        [secret],
        `${kind} in place ${i}, charx`,
      );
    }
  }
});

Deno.test("credentials beside the character are stripped too: other chunks, other files, trailing bytes", () => {
  const plain = "plainvalue-001";
  const dirty = { ...plainCard, data: { ...plainCard.data, extensions: { api_key: plain } } };
  for (const [kind, secret] of Object.entries(shaped)) {
    const said = sentence(kind, secret);
    for (
      const [i, bytes] of [
        png([character("ccv3", plainCard), text("Comment", said)]),
        png([character("ccv3", plainCard), text("Comment", toBase64(said))]),
        png([character("ccv3", plainCard), compressedText("Comment", said)]),
        png([character("ccv3", plainCard), { type: "eXIf", data: encode(said) }]),
        charx({ "card.json": json(plainCard), "notes.txt": encode(said) }),
      ].entries()
    ) assertGone(readPersonaFile(bytes), [secret], `${kind} beside ${i}`);
  }
  for (
    const bytes of [
      png([character("ccv3", plainCard), character("chara", dirty)]),
      png([character("ccv3", dirty), character("chara", dirty), text("Comment", `also ${plain}`)]),
      png([character("ccv3", plainCard), text("Workflow", JSON.stringify({ password: plain }))]),
      charx({ "card.json": json(plainCard), "x_meta/1.json": json({ token: plain }) }),
    ]
  ) assertGone(readPersonaFile(bytes), [plain], "beside, by key");

  const trailing = new Uint8Array([...png([character("chara", plainCard)]), ...encode(`tail ${plain}`)]);
  const kept = readPersonaFile(trailing).original;
  assert.ok(kept.redacted && !latin1(kept.bytes).includes(plain));
});

Deno.test("a secret that an earlier, repeated key hid is not kept", () => {
  const bytes = encode('{"name":"Wren","bio":"x","\\u0073ecrets":{"a":"plainvalue-001"},"secrets":{}}');
  const { original, warnings } = readPersonaFile(bytes);
  assert.ok(original.redacted && !latin1(original.bytes).includes("plainvalue-001"));
  assert.ok(warnings.some((w) => w.includes("stands twice")));
});

Deno.test("a redacted PNG and a redacted archive are read again as the same persona", () => {
  const dirty = { ...plainCard, data: { ...plainCard.data, extensions: { api_key: "plainvalue-001" } } };
  for (
    const bytes of [png([character("chara", dirty)]), charx({ "card.json": json(dirty), "a.png": png([]) })]
  ) {
    const first = readPersonaFile(bytes);
    const second = readPersonaFile(first.original.bytes);
    assert.deepEqual(second.identity, first.identity);
    assert.ok(!second.warnings.some((w) => w.includes("checksum")));
    assert.deepEqual(second.strippedSecrets, []);
    assert.equal(second.original.redacted, false);
  }
});

Deno.test("an error never holds a secret", () => {
  const secret = shaped.openai ?? "";
  const bad: Uint8Array[] = [
    encode(`{"name": ${secret}}`),
    encode(`${secret}`),
    encode(`{"name":"x","bio":"${secret}`),
    json({ [secret]: secret }),
    json({ name: "x", bio: { [secret]: 1 } }),
    json({ name: "x", bio: "b", style: { [secret]: 1, all: { [secret]: 1 } } }),
    json({ name: "x", bio: "b", templates: { [secret]: {} } }),
    json({ name: "x", bio: "b", topics: [{ token: secret }] }),
    png([text("chara", toBase64(`{"name": ${secret}}`))]),
    png([text("Comment", secret)]),
  ];
  for (const bytes of bad) {
    try {
      readPersonaFile(bytes);
      assert.fail("expected a refusal");
    } catch (error) {
      assert.ok(error instanceof PersonaFileError, String(error));
      const told = [error.message, error.stack, error.field, String(error.cause), JSON.stringify(error)].join(
        "\n",
      );
      assert.ok(!told.includes(secret) && !told.includes(secret.slice(0, 12)), "an error quotes the file");
    }
  }
});

Deno.test("ordinary words and keys of persona files are not taken for secrets", () => {
  for (
    const key of [
      "name",
      "keys",
      "secondary_keys",
      "loreKey",
      "token_budget",
      "maxTokens",
      "tokenAddress",
      "tokens",
      "author",
      "authority",
      "secretary",
      "compassion",
      "keyword",
      "passion",
      "description",
      "spec_version",
    ]
  ) assert.equal(isSecretKey(key), false, key);
  for (
    const key of [
      "password",
      "TWITTER_PASSWORD",
      "apiKey",
      "API_KEY",
      "openai_api_key",
      "privateKey",
      "accessToken",
      "botToken",
      "cookies",
      "TWITTER_COOKIES",
      "client_secret",
      "mnemonic",
      "HELIUS_KEY",
      "credentials",
      "SOLANA_PRIVATE_KEY",
    ]
  ) assert.equal(isSecretKey(key), true, key);
  for (
    const said of [
      "a well-known once-upon-a-time tale",
      "id a85fe83300ff8d167f5c8c2e37008699",
      "550e8400-e29b-41d4-a716-446655440000",
      "https://example.org/a@b",
      "the password: friend",
      "AKIA",
      "risk-averse",
      "50% off {{user}} at 9:41",
    ]
  ) assert.deepEqual(redactText(said), { text: said, found: [] });
});

Deno.test("looking for secrets stays quick on hostile text", () => {
  const start = performance.now();
  for (
    const piece of [
      "eyJ",
      "a",
      "sk-",
      "-----BEGIN PRIVATE KEY-----",
      "A",
      "://a:",
      "?key",
      "ab12-",
      "%41",
      "PASSWORD",
      "Bearer ",
    ]
  ) {
    redactText(piece.repeat(2_000_000 / piece.length));
  }
  const tookMs = performance.now() - start;
  assert.ok(tookMs < 20_000, `took ${tookMs} ms`);
});

Deno.test("a value under a secret key is nowhere in the result, whatever it is", () => {
  fc.assert(fc.property(fc.string({ minLength: 9, maxLength: 60 }), (value) => {
    const secret = `#${value}7`;
    const file = readPersonaFile(
      json({ ...eliza, settings: { secrets: { KEY: secret } }, lore: [`it is ${secret}.`] }),
    );
    const stored = secret.replaceAll("\0", "").toWellFormed();
    assert.ok(!JSON.stringify({ ...file, original: null }).includes(JSON.stringify(stored).slice(1, -1)));
    assert.ok(!new TextDecoder().decode(file.original.bytes).includes(JSON.stringify(stored).slice(1, -1)));
  }));
});
