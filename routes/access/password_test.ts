import assert from "node:assert/strict";
import { createPasswords, type PasswordOptions, PasswordsBusy } from "./password.ts";

const randomBytes = (count: number) => crypto.getRandomValues(new Uint8Array(count));
const cheap = (options: Partial<PasswordOptions> = {}) =>
  createPasswords({ costLog2: 10, randomBytes, ...options });

Deno.test("a password: its own hash verifies, another one does not", async () => {
  const passwords = cheap();
  const stored = await passwords.hash("correct horse battery");
  assert.match(stored, /^\$scrypt\$ln=10,r=8,p=1\$[^$]{22}\$[^$]{43}$/);
  assert.deepEqual(await passwords.verify("correct horse battery", stored), { ok: true, rehash: false });
  assert.deepEqual(await passwords.verify("correct horse batterz", stored), { ok: false, rehash: false });
});

Deno.test("a hash that is no PHC string: is refused", async () => {
  await assert.rejects(cheap().verify("correct horse battery", "plain"), /not a scrypt PHC string/);
});

Deno.test("a password: two ways to type the same letters are one password", async () => {
  const passwords = cheap();
  const stored = await passwords.hash("cr\u00e8me br\u00fbl\u00e9e au lait");
  assert.ok((await passwords.verify("cre\u0300me bru\u0302le\u0301e au lait", stored)).ok);
});

Deno.test("the same password twice: two different hashes", async () => {
  const passwords = cheap();
  assert.notEqual(
    await passwords.hash("correct horse battery"),
    await passwords.hash("correct horse battery"),
  );
});

Deno.test("a hash of a lower cost: verifies and asks to be renewed", async () => {
  const stored = await cheap().hash("correct horse battery");
  const dearer = cheap({ costLog2: 11 });
  assert.deepEqual(await dearer.verify("correct horse battery", stored), { ok: true, rehash: true });
  assert.deepEqual(await dearer.verify("wrong horse battery", stored), { ok: false, rehash: false });
});

Deno.test("an account that does not exist: is never ok", async () => {
  assert.deepEqual(await cheap().verify("correct horse battery", null), { ok: false, rehash: false });
});

Deno.test("a stored hash with absurd parameters: is refused before it costs anything", async () => {
  const stored = (await cheap().hash("correct horse battery")).replace("ln=10", "ln=31");
  await assert.rejects(cheap().verify("correct horse battery", stored), /must be 10 to 20, not 31/);
});

Deno.test("hashing: past the queue's bound it refuses at once, and the others finish", async () => {
  const passwords = cheap({ maxConcurrent: 2, maxQueued: 3, costLog2: 12 });
  const results = await Promise.allSettled(
    Array.from({ length: 8 }, (_, i) => passwords.hash(`password number ${i}`)),
  );
  assert.deepEqual(results.map((r) => r.status), [
    ...Array(5).fill("fulfilled"),
    ...Array(3).fill("rejected"),
  ]);
  for (const result of results) {
    if (result.status === "rejected") assert.ok(result.reason instanceof PasswordsBusy);
  }
  assert.ok(await passwords.hash("and on it goes"));
});

Deno.test("options: a bad one is named with its bounds", () => {
  assert.throws(() => cheap({ costLog2: 9 }), /`costLog2` must be 10 to 20, not 9/);
  assert.throws(() => cheap({ maxConcurrent: 0 }), /`maxConcurrent` must be 1 to 16, not 0/);
});
