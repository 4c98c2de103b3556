/** Every route on one app, behind one listener. */
import { Hono } from "hono";
import type { Config } from "../config.ts";
import { describeWriter, testWriter } from "../actors/persona/agent/writer.ts";
import type { WriterSettings } from "../actors/persona/agent/port.ts";
import type { Linking } from "../actors/supervisor/linking.ts";
import type { Supervisor } from "../actors/supervisor/supervisor.ts";
import type { Database } from "../db/database.ts";
import type { EventLog } from "../db/log/log.ts";
import { keepPersonaFile, readPersonaFileKept } from "../db/persona_files.ts";
import type { Access } from "./access/access.ts";
import { createAccess } from "./access/access.ts";
import { plainPages } from "./access/plain_pages.ts";
import type { Program } from "./program.ts";

export interface ServerParts {
  config: Config;
  version: string;
  log: EventLog;
  database: Database;
  supervisor: Supervisor;
  linking: Linking;
  writer: WriterSettings;
  report(line: string): void;
}

export interface RunningServer {
  close(): Promise<void>;
  /** The set-up link while there is no owner, and the recovery link when it was asked for. */
  printLinks(publicUrl: string): Promise<void>;
}

export function buildServer(parts: ServerParts): Promise<RunningServer> {
  const { config, database, report } = parts;
  const program = programOf(parts);
  const access = createAccess({
    settings: {
      publicUrl: config.PUBLIC_URL,
      trustProxy: config.TRUST_PROXY,
      adminToken: config.ADMIN_TOKEN,
    },
    sql: database,
    pages: plainPages,
    report: (error) => report(`access: ${error instanceof Error ? error.message : String(error)}`),
  });
  const app = new Hono();
  app.use(...access.middleware);
  access.register(app);
  void program;
  const server = Deno.serve({ hostname: config.HOST, port: config.PORT, onListen: () => {} }, app.fetch);
  const stopSweeping = access.startSweeping();
  return Promise.resolve({
    printLinks: (publicUrl) => printLinks(access, config, publicUrl),
    close: async () => {
      await stopSweeping();
      await server.shutdown();
    },
  });
}

function programOf({ config, version, log, database, supervisor, linking, writer }: ServerParts): Program {
  return {
    log,
    sql: database,
    supervisor,
    connections: linking,
    files: {
      keep: (personaId, file) => keepPersonaFile(database, personaId, file.original),
      original: (personaId) => readPersonaFileKept(database, personaId),
    },
    writer: {
      describe: () => describeWriter(writer),
      offline: () => writer.kind === "offline",
      test: (signal) => testWriter(writer, signal),
    },
    settings: { version, publicUrl: config.PUBLIC_URL, minFreeBytes: config.MIN_FREE_MB * 1024 * 1024 },
  };
}

async function printLinks(access: Access, config: Config, publicUrl: string): Promise<void> {
  const setUp = await access.issueSetUpLink(publicUrl);
  if (setUp !== null) console.log(`Set it up within the hour: ${setUp}`);
  if (!config.RESET_ACCESS) return;
  const recovery = await access.issueRecoveryLink(publicUrl);
  if (recovery !== null) console.log(`Get back in within the hour: ${recovery}`);
}
