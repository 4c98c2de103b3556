import { deepEqual } from "node:assert/strict";
import { CommandSchema } from "./command.ts";

Deno.test("a resolved post is named by an http address, never a script", () => {
  const resolve = (url: string) =>
    CommandSchema.safeParse({ type: "resolve", postId: "p", outcome: "went_out", url }).success;
  deepEqual(["https://bsky.app/x", "javascript:alert(1)", "ftp://x/y", "x"].map(resolve), [
    true,
    false,
    false,
    false,
  ]);
});
