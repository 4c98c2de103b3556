import { deepEqual, equal } from "node:assert/strict";
import { emptyIdentity } from "../../../actors/persona/identity.ts";
import { MAX_IDENTITY_BYTES } from "../limits.ts";
import { IdentityChangesSchema, IdentitySchema, isLanguage, isZone } from "./identity.ts";

Deno.test("an identity with a name alone is whole: the rest is empty", () => {
  deepEqual(IdentitySchema.parse({ name: " Mira Holt " }), { ...emptyIdentity, name: "Mira Holt" });
});

Deno.test("changes hold what was named, and no defaults", () => {
  deepEqual(IdentityChangesSchema.parse({ zone: "UTC" }), { zone: "UTC" });
  equal(IdentityChangesSchema.safeParse({}).success, false);
});

Deno.test("a zone is a name that the runtime knows, never an offset", () => {
  deepEqual(["UTC", "Europe/Lisbon", "America/Argentina/Ushuaia"].map(isZone), [true, true, true]);
  deepEqual(
    ["", "+01:00", "Mars/Base", "Europe/Lisbon\0", "x".repeat(200)].map(isZone),
    Array(5).fill(false),
  );
});

Deno.test("a language is a well-formed BCP 47 tag", () => {
  deepEqual(["en", "pt-BR", "zh-Hant-TW"].map(isLanguage), [true, true, true]);
  deepEqual(["", "x", "english please", "en_US", "e\0n"].map(isLanguage), Array(5).fill(false));
});

Deno.test("an identity that would not fit into one event is refused, whatever its fields are", () => {
  const knowledge = Array.from({ length: 26 }, () => ({ key: "k", text: "x".repeat(8_000) }));
  equal(knowledge.length * 8_000 > MAX_IDENTITY_BYTES, true);
  equal(IdentitySchema.safeParse({ name: "x", knowledge }).success, false);
  equal(IdentitySchema.safeParse({ name: "x", knowledge: knowledge.slice(2) }).success, true);
});

Deno.test("a name is one line of at most 80 characters, and can be seen", () => {
  for (const name of ["", "  ", "a\nb", "x".repeat(81), 7, null, "\u202e", "\u200b\u200d", "\ufe0f"]) {
    equal(IdentitySchema.safeParse({ name }).success, false, String(name));
  }
  for (const name of ["7", "李", "🦊", "👩‍🚀", "أ"]) {
    equal(IdentitySchema.safeParse({ name }).success, true, name);
  }
});
