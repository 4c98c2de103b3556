import { deepEqual, equal, ok, rejects } from "node:assert/strict";
import { testOn } from "../tests/database.ts";
import { addOptOut, isOptedOut, listOptOuts, removeOptOut } from "./opt_outs.ts";
import { BadPage } from "./read/page.ts";
import type { Sql } from "./sql.ts";

const NOW = Date.UTC(2026, 0, 5, 12);
const ask = { note: "wrote to us", by: "user:ann", now: NOW };

testOn("embedded", "an opt-out holds for its account and handle, on its platform only", async ({ sql }) => {
  const { optOut, added } = await addOptOut(sql, { platform: "x", accountId: "42", handle: "@Ada", ...ask });
  ok(added);
  deepEqual(optOut, {
    platform: "x",
    accountId: "42",
    handle: "ada",
    note: ask.note,
    by: ask.by,
    at: new Date(NOW).toISOString(),
  });
  deepEqual(await isOptedOut(sql, "x", ["42", "43", "ADA", "@ada", "bo"]), new Set(["42", "ADA", "@ada"]));
  deepEqual(await isOptedOut(sql, "bluesky", ["42", "ada"]), new Set());
  deepEqual(await isOptedOut(sql, "x", []), new Set());
  await rejects(isOptedOut(sql, "x", Array.from({ length: 1_001 }, String)), RangeError);
});

testOn(
  "embedded",
  "an opt-out by handle alone is matched in any case, and gives way to the account",
  async ({ sql }) => {
    const { optOut } = await addOptOut(sql, { platform: "x", handle: "@Ada", ...ask });
    equal(optOut.accountId, "@ada");
    deepEqual(await isOptedOut(sql, "x", ["aDa", "42"]), new Set(["aDa"]));
    equal((await addOptOut(sql, { platform: "x", handle: "ADA", ...ask })).added, false);
    await addOptOut(sql, { platform: "x", accountId: "42", handle: "ada", ...ask });
    deepEqual((await listOptOuts(sql)).items.map(({ accountId }) => accountId), ["42"]);
    equal(
      (await addOptOut(sql, { platform: "x", handle: "Ada", ...ask })).added,
      false,
      "the account is listed",
    );
    deepEqual(await isOptedOut(sql, "x", ["aDa", "42"]), new Set(["aDa", "42"]));
    await rejects(addOptOut(sql, { platform: "x", accountId: " ", handle: "@", ...ask }), RangeError);
  },
);

testOn("embedded", "an opt-out that is there is answered as it is, and goes once", async ({ sql }) => {
  const first = await addOptOut(sql, { platform: "x", accountId: "42", ...ask });
  const again = await addOptOut(sql, {
    platform: "x",
    accountId: "42",
    ...ask,
    note: "other",
    by: "user:bo",
  });
  deepEqual(again, { ...first, added: false });
  equal(await removeOptOut(sql, "bluesky", "42"), false);
  equal(await removeOptOut(sql, "x", "42"), true);
  equal(await removeOptOut(sql, "x", "42"), false);
  deepEqual(await isOptedOut(sql, "x", ["42"]), new Set());
});

testOn("embedded", "two who add the same person at once make one opt-out", async ({ sql }) => {
  await Promise.all(
    Array.from(
      { length: 8 },
      () => addOptOut(sql, { platform: "x", accountId: "42", handle: "ada", ...ask }),
    ),
  );
  equal((await listOptOuts(sql)).items.length, 1);
});

testOn(
  "embedded",
  "opt-outs are listed by pages, the newest first, of one platform or all",
  async ({ sql }) => {
    for (let n = 0; n < 5; n++) {
      await addOptOut(sql, { platform: n % 2 === 0 ? "x" : "linkedin", accountId: `${n}`, ...ask });
    }
    const first = await listOptOuts(sql, { limit: 3 });
    deepEqual(first.items.map(({ accountId }) => accountId), ["4", "3", "2"]);
    await addOptOut(sql, { platform: "x", accountId: "new", ...ask });
    const second = await listOptOuts(sql, { limit: 3, after: first.next });
    deepEqual([second.items.map(({ accountId }) => accountId), second.next], [["1", "0"], null]);
    deepEqual((await listOptOuts(sql, { platform: "linkedin" })).items.map(({ accountId }) => accountId), [
      "3",
      "1",
    ]);
    await rejects(listOptOuts(sql, { after: "x" }), BadPage);
  },
);

/** Somebody said something, `minute` minutes after midnight. */
async function heard(
  sql: Sql,
  account: string,
  handle: string,
  minute = 0,
  platform = "bluesky",
): Promise<void> {
  await sql.query(
    `insert into foreign_words (id, stream, kind, platform, author, content, created_at)
     values (gen_random_uuid(), 'p1', 'interaction', $1, $2, jsonb_build_object('authorHandle', $3::text), $4)`,
    [platform, account, handle, new Date(Date.UTC(2026, 0, 5, 0, minute))],
  );
}

const listed = async (sql: Sql) =>
  (await listOptOuts(sql)).items.map(({ accountId, handle }) => [accountId, handle]);

testOn("embedded", "an opt-out by handle is kept by the accounts that are held under it", async ({ sql }) => {
  await heard(sql, "did:plc:old", "Zoe.example", 1);
  await heard(sql, "did:plc:zoe", "@zoe.example", 2);
  await heard(sql, "42", "zoe.example", 3, "x");
  const { optOut, added } = await addOptOut(sql, { platform: "bluesky", handle: "@Zoe.Example", ...ask });
  deepEqual([optOut.accountId, optOut.handle, added], ["did:plc:zoe", "zoe.example", true]);
  deepEqual(await listed(sql), [["did:plc:old", "zoe.example"], ["did:plc:zoe", "zoe.example"]]);
  equal((await addOptOut(sql, { platform: "bluesky", handle: "zoe.example", ...ask })).added, false);

  await heard(sql, "did:plc:bo", "bo.example");
  await addOptOut(sql, { platform: "bluesky", accountId: "did:plc:bo", ...ask });
  const again = await addOptOut(sql, { platform: "bluesky", handle: "bo.example", ...ask });
  deepEqual([again.optOut.accountId, again.optOut.handle, again.added], ["did:plc:bo", "bo.example", false]);
});

testOn(
  "embedded",
  "an opt-out by handle takes the account's id when it is heard, in its place in the list",
  async ({ sql }) => {
    const zoe = { platform: "bluesky", handle: "zoe.example", ...ask } as const;
    await addOptOut(sql, zoe);
    await addOptOut(sql, { ...zoe, handle: "bo.example" });
    await heard(sql, "42", "zoe.example", 0, "x");
    await heard(sql, "did:plc:kit", "kit.example");
    deepEqual(await listed(sql), [["@bo.example", "bo.example"], ["@zoe.example", "zoe.example"]]);
    await heard(sql, "did:plc:zoe", "ZOE.example");
    deepEqual(await listed(sql), [["@bo.example", "bo.example"], ["did:plc:zoe", "zoe.example"]]);
    const [, kept] = (await listOptOuts(sql)).items;
    deepEqual([kept?.note, kept?.by, kept?.at], [ask.note, ask.by, new Date(NOW).toISOString()]);
    await addOptOut(sql, { platform: "bluesky", accountId: "did:plc:bo", ...ask });
    await heard(sql, "did:plc:bo", "bo.example");
    deepEqual(await listed(sql), [["did:plc:bo", null], ["did:plc:zoe", "zoe.example"]], "listed already");
  },
);
