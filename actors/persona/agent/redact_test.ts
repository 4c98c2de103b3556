import assert from "node:assert/strict";
import fc from "fast-check";
import { holdsKey, redact } from "./redact.ts";

Deno.test("no piece of six characters of a key survives, wherever the key stands", () => {
  const key = fc.stringMatching(/^[A-Za-z0-9_-]{8,60}$/);
  const noise = fc.string({ maxLength: 40 });
  fc.assert(fc.property(key, noise, noise, fc.nat(50), (apiKey, before, after, cut) => {
    const shown = redact(`${before} ${apiKey} ${apiKey.slice(0, cut)}*** ${after}`, apiKey).replaceAll(
      "[hidden]",
      "\0",
    );
    for (let at = 0; at + 6 <= apiKey.length; at++) {
      assert.ok(!shown.includes(apiKey.slice(at, at + 6)), shown);
    }
  }));
});

Deno.test("what looks like a key of somebody else goes too, plain words stay", () => {
  assert.equal(
    redact("Incorrect API key provided: sk-proj-****abcd.", ""),
    "Incorrect API key provided: [hidden]",
  );
  assert.equal(redact("Authorization: Bearer abc.def-123456", ""), "Authorization: [hidden]");
  assert.equal(redact("at https://me:secret@host.example/v1", ""), "at https://[hidden]@host.example/v1");
  assert.equal(
    redact("The model is overloaded, try later.", "abcdefghijklmnop"),
    "The model is overloaded, try later.",
  );
  assert.equal(holdsKey("x abcdefghijklmnop y", "abcdefghijklmnop"), true);
  assert.equal(holdsKey("I run ollama", "ollama"), false);
});
