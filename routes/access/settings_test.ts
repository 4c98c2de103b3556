import assert from "node:assert/strict";
import { checkAccessSettings } from "./settings.ts";

const good = { publicUrl: "https://p.example", trustProxy: false, adminToken: "x".repeat(32) };

Deno.test("access settings: good ones are taken, absent ones too", () => {
  checkAccessSettings(good);
  checkAccessSettings({ publicUrl: null, trustProxy: true, adminToken: null });
});

Deno.test("ADMIN_TOKEN: a short one is refused without being shown", () => {
  const check = () => checkAccessSettings({ ...good, adminToken: "hunter2" });
  assert.throws(
    check,
    (error: Error) =>
      /32 characters or more, not 7/.test(error.message) && !error.message.includes("hunter2"),
  );
});

Deno.test("PUBLIC_URL: what is no web address is refused and named", () => {
  for (const publicUrl of ["p.example", "ftp://p.example", ""]) {
    assert.throws(
      () => checkAccessSettings({ ...good, publicUrl }),
      /PUBLIC_URL must be an http or https address/,
    );
  }
});
