import assert from "node:assert/strict";
import { createEndings } from "./endings.ts";

Deno.test("endings: every listener hears, a throwing one is reported and keeps nobody from hearing", () => {
  const reported: unknown[] = [];
  const heard: string[] = [];
  const endings = createEndings((error) => reported.push(error));
  const fault = new Error("a socket was gone");
  endings.onEnd(() => {
    throw fault;
  });
  const off = endings.onEnd(({ kind, id, reason }) => heard.push(`${kind} ${id} ${reason}`));
  endings.announce("session", ["a", "b"], "revoked");
  off();
  endings.announce("token", ["c"], "expired");
  assert.deepEqual(heard, ["session a revoked", "session b revoked"]);
  assert.deepEqual(reported, [fault, fault, fault]);
});
