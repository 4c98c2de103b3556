import assert from "node:assert/strict";
import { passwordFault } from "./password_rules.ts";

Deno.test("a password: counts characters as people see them", () => {
  assert.match(passwordFault("short words", "Ada") ?? "", /12 characters or more, not 11/);
  assert.equal(passwordFault("short wordss", "Ada"), null);
  // One family is one character, though eleven code units.
  assert.match(passwordFault("👨‍👩‍👧‍👦".repeat(2) + "ab", "Ada") ?? "", /not 4/);
});

Deno.test("a password: has an upper bound in bytes", () => {
  assert.match(passwordFault("é".repeat(513), "Ada") ?? "", /at most 1024 bytes/);
});

Deno.test("passwords that everybody tries first: are refused", () => {
  for (
    const bad of [
      "password12345",
      "P@ssw0rd2026!!",
      "passwordpassword",
      "Welcome-Welcome1",
      "aaaaaaaaaaaaa",
      "123412341234",
      "123456789012",
      "qwertyuiop123",
      "qwertyuiopasdf",
      "abcdefghijklmnop",
      "adminadmin2026",
      "letmein-letmein",
      "digi-persona-2026",
      "adalovelace1815",
      "thisismypassword",
    ]
  ) {
    assert.ok(passwordFault(bad, "Ada Lovelace"), bad);
  }
});

Deno.test("passwords of their own: are taken", () => {
  for (
    const good of [
      "correct horse battery",
      "tr0ub4dor&3-extra",
      "мой тайный пароль",
      "7391 5502 8846 19",
      "k9#Vq2!mZx7pL",
      "ひみつのあいことばです。はい",
      "lovelace wrote the first program",
    ]
  ) {
    assert.equal(passwordFault(good, "Ada Lovelace"), null, good);
  }
});
