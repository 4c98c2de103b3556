import { ok } from "node:assert/strict";
import { freeBytesOf } from "./disk.ts";

Deno.test("the free bytes of a folder are a sensible number", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const free = await freeBytesOf(folder)();
    ok(Number.isSafeInteger(free) && free > 0, String(free));
  } finally {
    await Deno.remove(folder);
  }
});
