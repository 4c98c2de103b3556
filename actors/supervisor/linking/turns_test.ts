import assert from "node:assert/strict";
import { Turns } from "./turns.ts";

Deno.test("turns: what shares a thing is done in order, whatever becomes of it; what does not is not held up", async () => {
  const turns = new Turns();
  const done: string[] = [];
  const gate = Promise.withResolvers<void>();
  const slow = turns.take(["persona a", "account 1"], async () => {
    await gate.promise;
    done.push("slow");
    throw new Error("it failed");
  });
  const sameAccount = turns.take(
    ["persona b", "account 1"],
    () => Promise.resolve(done.push("same account")),
  );
  const crossed = turns.take(["account 2", "persona a"], () => Promise.resolve(done.push("same persona")));
  await turns.take(["persona c", "account 3"], () => Promise.resolve(done.push("other")));
  assert.deepEqual(done, ["other"]);
  gate.resolve();
  await assert.rejects(slow, /it failed/);
  await Promise.all([sameAccount, crossed]);
  assert.deepEqual(done.slice(0, 2), ["other", "slow"]);
  assert.deepEqual(done.slice(2).sort(), ["same account", "same persona"]);
  assert.equal(turns.size, 0);
});
