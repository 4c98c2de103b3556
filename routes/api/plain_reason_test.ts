import { deepEqual, equal } from "node:assert/strict";
import { z } from "zod";
import { checkShape } from "./body.ts";
import { ApiFault } from "./problems.ts";
import { ConnectSchema } from "./schemas/connect.ts";

/** What a caller reads, by field. */
function reasons(schema: z.ZodType, value: unknown): Record<string, string> {
  try {
    checkShape(schema, value);
  } catch (error) {
    if (!(error instanceof ApiFault)) throw error;
    return Object.fromEntries((error.fault.errors ?? []).map(({ field, reason }) => [field, reason]));
  }
  throw new Error("was taken");
}

Deno.test("a field that is missing, of another kind or out of bounds is told what would be right", () => {
  const schema = z.strictObject({
    text: z.string(),
    count: z.int().min(1).max(9),
    list: z.array(z.string()).max(2),
    is: z.boolean(),
    kind: z.enum(["one", "two"]),
    note: z.string().max(3),
    own: z.string({ error: "must be in words of its own" }),
    object: z.strictObject({ text: z.string() }),
  });
  const missing = Object.keys(schema.shape).filter((name) => name !== "own");
  deepEqual(reasons(schema, {}), {
    ...Object.fromEntries(missing.map((name) => [name, "is missing"])),
    own: "must be in words of its own",
  });
  const wrong = { text: 1, count: 10, list: ["", "", ""], is: "yes", kind: "three", note: "secret", own: 1 };
  deepEqual(reasons(schema, { ...wrong, object: [], more: 1 }), {
    text: "must be a string, not a number",
    count: "must be at most 9",
    list: "must have at most 2 entries",
    is: "must be true or false, not a string",
    kind: "must be one of one, two",
    note: "must have at most 3 characters",
    own: "must be in words of its own",
    object: "must be an object, not a list",
    more: "is not known here",
  });
  const odd = { ...wrong, text: null, count: 0.5, list: "a", is: true };
  const { text, count, list } = reasons(schema, { ...odd, object: { text: false } });
  equal(text, "must be a string, not null");
  equal(count, "must be a whole number");
  equal(list, "must be a list, not a string");
  deepEqual(reasons(schema, null), { body: "must be an object, not null" });
});

Deno.test("credentials that are not all there are named one by one", () => {
  const { accessToken, accessSecret, disclose } = reasons(ConnectSchema, {
    platform: "x",
    consumerKey: "k",
    consumerSecret: "s",
  });
  deepEqual([accessToken, accessSecret, disclose], ["is missing", "is missing", "is missing"]);
});
