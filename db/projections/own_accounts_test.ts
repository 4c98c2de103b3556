import { deepStrictEqual } from "node:assert/strict";
import { authorHash } from "../../actors/persona/content.ts";
import { SANDBOX } from "../../actors/persona/testing.ts";
import type { StoredEvent } from "../log/log.ts";
import { type OwnAccountRow, ownAccounts } from "./own_accounts.ts";

const linked = (accountId: string, handle: string, stream = "p1"): StoredEvent => ({
  position: 1,
  id: "e",
  stream,
  version: 1,
  type: "ConnectionLinked",
  schema: 1,
  at: "2026-11-22T09:00:00.000Z",
  by: "user:ann",
  cause: null,
  correlation: null,
  data: JSON.parse(JSON.stringify({ ...SANDBOX, accountId, handle })),
});

Deno.test("own accounts, one connection that led to several: each stays, with the handle it had last", () => {
  const rows = new Map<string, OwnAccountRow>();
  for (
    const event of [
      linked("1", "Ada"),
      linked("2", "Ada.Two"),
      linked("1", "Ada.New"),
      linked("1", "Ben", "p2"),
    ]
  ) {
    for (const key of ownAccounts.touches(event)) {
      const id = JSON.stringify(ownAccounts.key.map((column) => key[column]));
      const row = ownAccounts.fold(rows.get(id) ?? null, event, key);
      if (row !== null) rows.set(id, row);
    }
  }
  const row = (stream: string, account_id: string, handle: string) => (
    { stream, platform: SANDBOX.platform, account_id, handle, hash: authorHash(SANDBOX.platform, account_id) }
  );
  deepStrictEqual([...rows.values()], [
    row("p1", "1", "ada.new"),
    row("p1", "2", "ada.two"),
    row("p2", "1", "ben"),
  ]);
});
