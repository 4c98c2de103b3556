import assert from "node:assert/strict";
import { PersonaFileError } from "./persona_file.ts";
import { readPersonaFile } from "./read.ts";
import { readPersonaFileApart } from "./read_apart.ts";

const card = new TextEncoder().encode(JSON.stringify({
  spec: "chara_card_v2",
  spec_version: "2.0",
  data: { name: "Mira Holt", description: "A night-shift lighthouse keeper." },
}));

Deno.test("a persona file read apart is the one that is read here", async () => {
  assert.deepEqual(await readPersonaFileApart(card), readPersonaFile(card));
});

Deno.test("a file that is none is refused apart as it is here, with code and field", async () => {
  for (const text of ["", "{", "[]", '{"name":7}']) {
    const bytes = new TextEncoder().encode(text);
    const error = (() => {
      try {
        readPersonaFile(bytes);
      } catch (thrown) {
        return thrown;
      }
    })();
    assert.ok(error instanceof PersonaFileError);
    const { code, field, message } = error;
    await assert.rejects(() => readPersonaFileApart(bytes), {
      name: "PersonaFileError",
      code,
      field,
      message,
    });
  }
});

Deno.test("more files than may wait: the last is refused, the others are read", async () => {
  const results = await Promise.allSettled(Array.from({ length: 9 }, () => readPersonaFileApart(card)));
  const refused = results.filter((result) => result.status === "rejected");
  assert.deepEqual(refused.map((result) => result.reason.code), ["busy"]);
});

Deno.test("a large file does not hold up the thread that asked", async () => {
  const knowledge = Array.from({ length: 15_000 }, (_, n) => `${n} ${"a-fact.".repeat(20)}`);
  const large = new TextEncoder().encode(JSON.stringify({ name: "Mira", bio: "x", lore: [], knowledge }));
  let turns = 0;
  const timer = setInterval(() => turns++, 5);
  await readPersonaFileApart(large).catch((error) => assert.ok(error instanceof PersonaFileError));
  clearInterval(timer);
  assert.ok(turns > 3, `the event loop went round ${turns} times`);
});
