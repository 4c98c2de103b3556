import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { BLUESKY, content, SANDBOX } from "../testing.ts";
import { tidSource } from "./bluesky/tid_source.ts";
import { freeze } from "./freeze.ts";

const options = () => {
  let ids = 0;
  return {
    now: Date.parse("2026-11-22T09:00:00.000Z"),
    approval: { by: "user:ann", via: "session" as const },
    newId: () => `id-${++ids}`,
    newTid: tidSource(() => 1, () => 0),
  };
};
const thread = (connection: typeof SANDBOX) => ({
  ...content(connection, ""),
  parts: ["one", "two"].map((text) => ({ text, facets: [] })),
});

Deno.test("freeze, each platform: a key and a whole record for each part, the same for the same", () => {
  deepStrictEqual(freeze("sandbox", thread(SANDBOX), options()), {
    keys: ["id-1", "id-2"],
    records: ["one", "two"].map((text) => ({ text, language: "en", createdAt: "2026-11-22T09:00:00.000Z" })),
  });
  const payload = freeze("bluesky", thread(BLUESKY), options());
  strictEqual(new Set(payload.keys).size, 2);
  deepStrictEqual(payload.records.map((record) => record.text), ["one", "two"]);
  deepStrictEqual(freeze("bluesky", thread(BLUESKY), options()), payload);
});
