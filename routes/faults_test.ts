import assert from "node:assert/strict";
import { faultReport } from "./faults.ts";

Deno.test("fault report, the database away: one line in a while that counts the rest", () => {
  const lines: string[] = [];
  let now = 0;
  const report = faultReport((line) => lines.push(line), () => now);
  const away = Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" });
  for (let n = 0; n < 50; n++) report("GET /a", away);
  now = 10_000;
  report("GET /a", away);
  assert.deepEqual(lines, [
    "GET /a: the database cannot be reached",
    "GET /a: the database cannot be reached (and 49 requests since the last line)",
  ]);
});

Deno.test("fault report, anything else: each time with its stack", () => {
  const lines: string[] = [];
  const report = faultReport((line) => lines.push(line));
  report("GET /a", new Error("who knows"));
  report("GET /a", "odd");
  assert.match(lines[0] ?? "", /who knows\n\s+at /);
  assert.equal(lines[1], "GET /a: odd");
});
