import assert from "node:assert/strict";
import type { Linking } from "../actors/supervisor/linking/linking.ts";
import { createRules } from "../actors/supervisor/rules/rules.ts";
import type { Supervisor } from "../actors/supervisor/supervisor.ts";
import { readConfig } from "../config.ts";
import { openDatabase } from "../db/database.ts";
import { openPostgresLog } from "../db/log/postgres_log.ts";
import { projections } from "../db/projections/all.ts";
import { privateServer, skips } from "../tests/database.ts";
import { inProcessSupervisor } from "../tests/in_process_supervisor.ts";
import { buildApp } from "./server.ts";

Deno.test("a token that cannot be looked up while the database is away is told to try again", async () => {
  if (await skips("embedded")) return;
  const home = await privateServer("embedded", []);
  const dataDir = await Deno.makeTempDir({ prefix: "dp-" });
  try {
    const quiet = () => {};
    const database = await openDatabase({ config: home.config }, { onError: quiet });
    const log = await openPostgresLog({ connection: home.config, projections, report: quiet });
    const { hono, access, live, metrics } = buildApp({
      config: readConfig((name) => name === "DATA_DIR" ? dataDir : undefined, () => ""),
      version: "0.0.0-test",
      log,
      database,
      supervisor: inProcessSupervisor({ log }) as unknown as Supervisor,
      linking: {} as Linking,
      rules: createRules({ sql: database, now: () => Date.now() }),
      writer: { kind: "offline" },
      report: quiet,
    });
    const made = await access.tokens.create({ name: "t", scopes: ["read"], userId: null, expiresAt: null });
    const ask = () =>
      hono.request("http://127.0.0.1/api/v1/personas", {
        headers: { authorization: `Bearer ${made?.token}` },
      });
    assert.equal((await ask()).status, 200);
    await home.stopServer();
    const answer = await ask();
    assert.equal(answer.status, 503);
    assert.equal((await answer.json()).code, "unavailable");
    assert.equal(answer.headers.get("retry-after"), "5");
    await home.startServer();
    await live.close();
    metrics.close();
    await log.close();
    await database.close();
  } finally {
    await home.dispose();
    await Deno.remove(dataDir, { recursive: true });
  }
});
