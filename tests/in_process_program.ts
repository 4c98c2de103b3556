/** Test equipment: the program as routes see it, on a real database and log, without cells and without platforms. */
import type { ConnectionInfo } from "../actors/persona/events.ts";
import { openPostgresLog, type PostgresLog } from "../db/log/postgres_log.ts";
import { projections } from "../db/projections/all.ts";
import type { LinkAnswer, Program } from "../routes/program.ts";
import type { FreshDatabase } from "./database.ts";
import {
  type InProcessOptions,
  type InProcessSupervisor,
  inProcessSupervisor,
} from "./in_process_supervisor.ts";

export interface InProcessProgram {
  program: Program;
  supervisor: InProcessSupervisor;
  log: PostgresLog;
  close(): Promise<void>;
}

export async function inProcessProgram(
  database: FreshDatabase,
  options: Omit<InProcessOptions, "log"> & { settings?: Partial<Program["settings"]> } = {},
): Promise<InProcessProgram> {
  const log = await openPostgresLog({ connection: database.config, projections });
  const supervisor = inProcessSupervisor({ log, ...options });
  const files = new Map<string, { bytes: Uint8Array; mediaType: string; redacted: boolean }>();

  async function link(personaId: string, by: string, connection: ConnectionInfo): Promise<LinkAnswer> {
    const sender = { by, id: crypto.randomUUID(), mayBeRepeated: false };
    const answer = await supervisor.send(personaId, { type: "link", connection }, sender);
    if (answer.kind === "committed") return { kind: "linked", connection };
    return answer.kind === "refused"
      ? { kind: "refused", ...answer.refusal }
      : { kind: "refused", code: "unavailable", message: answer.kind };
  }

  const program: Program = {
    log,
    sql: database.sql,
    supervisor,
    connections: {
      linkSandbox: (personaId, by) =>
        link(personaId, by, {
          connectionId: crypto.randomUUID(),
          platform: "sandbox",
          accountId: `sandbox-${personaId}`,
          handle: "sandbox.test",
          service: "sandbox:",
          disclosure: "none",
        }),
      linkBluesky(personaId, by, { service, identifier, password, disclose }) {
        if (password === "wrong") {
          const message = "The server refuses this password.";
          return Promise.resolve({ kind: "refused", code: "bad_credentials", message, field: "password" });
        }
        return link(personaId, by, {
          connectionId: crypto.randomUUID(),
          platform: "bluesky",
          accountId: `did:plc:${identifier}`,
          handle: identifier,
          service: service ?? "https://pds.example",
          disclosure: disclose ? "profile_label" : "none",
        });
      },
      async unlink(personaId, connectionId, by) {
        const sender = { by, id: crypto.randomUUID(), mayBeRepeated: false };
        const answer = await supervisor.send(personaId, { type: "unlink", connectionId }, sender);
        if (answer.kind === "committed") return { kind: "unlinked" };
        return answer.kind === "refused"
          ? { kind: "refused", ...answer.refusal }
          : { kind: "refused", code: "unavailable", message: answer.kind };
      },
    },
    files: {
      keep(personaId, file) {
        files.set(personaId, file.original);
        return Promise.resolve();
      },
      original: (personaId) => Promise.resolve(files.get(personaId) ?? null),
    },
    writer: {
      describe: () => "The offline writer.",
      offline: () => true,
      test: () => Promise.resolve({ ok: true, model: "offline", ms: 1 }),
    },
    settings: { version: "0.0.0-test", publicUrl: null, minFreeBytes: 1_000_000, ...options.settings },
  };
  return { program, supervisor, log, close: () => log.close() };
}
