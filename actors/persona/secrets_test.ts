import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { Secrets } from "./secrets.ts";

type Ask = ConstructorParameters<typeof Secrets>[0] extends (message: infer M) => void ? M : never;

function held() {
  const asks: Ask[] = [];
  return { asks, secrets: new Secrets((ask) => asks.push(ask)) };
}

Deno.test("secrets, a new value: asked for with the version that is held, used once it is durable", async () => {
  const { asks, secrets } = held();
  secrets.set("connection:c", 3, "old");
  const kept = secrets.keep("connection:c", "new");
  deepStrictEqual(asks, [{ t: "keepSecret", ask: 1, name: "connection:c", version: 3, value: "new" }]);
  strictEqual(secrets.peek("connection:c")?.value, "old", "not before it is durable");
  secrets.kept(1, true, 4);
  await kept;
  deepStrictEqual(secrets.peek("connection:c"), { version: 4, value: "new" });
});

Deno.test("secrets, changed by somebody else meanwhile: refused, the held one stays, no value in the error", async () => {
  const { secrets } = held();
  secrets.set("n", 1, "old");
  const kept = secrets.keep("n", "hush");
  secrets.kept(1, false, 2);
  await rejects(kept, (error: Error) => !error.message.includes("hush"));
  strictEqual(secrets.peek("n")?.value, "old");
});

Deno.test("secrets, an empty value: refused without asking", async () => {
  const { asks, secrets } = held();
  await rejects(secrets.keep("n", ""), /empty/);
  deepStrictEqual(asks, []);
});

Deno.test("secrets, answers to nothing and older values: passed over", () => {
  const { secrets } = held();
  secrets.kept(9, true, 1);
  secrets.set("n", 2, "newer");
  secrets.set("n", 1, "older");
  deepStrictEqual(secrets.peek("n"), { version: 2, value: "newer" });
  strictEqual(secrets.peek("constructor"), null);
});
