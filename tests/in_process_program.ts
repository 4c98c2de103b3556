/** Test equipment: the program as routes see it, on a real database and log, without cells and without platforms. */
import type { ConnectionInfo } from "../actors/persona/events.ts";
import { connectionSecret } from "../actors/persona/platforms/registry.ts";
import { Linking, type LinkingOptions } from "../actors/supervisor/linking/linking.ts";
import { createRules } from "../actors/supervisor/rules/rules.ts";
import { openPostgresLog, type PostgresLog } from "../db/log/postgres_log.ts";
import { openOAuthStates } from "../db/oauth_state.ts";
import { projections } from "../db/projections/all.ts";
import { getPersona } from "../db/read/personas.ts";
import { loadVaultKey, openVault } from "../db/vault/vault.ts";
import type { LinkAnswer, Program } from "../routes/program.ts";
import { sandboxTokenHash } from "../routes/sandbox/server.ts";
import type { FreshDatabase } from "./database.ts";
import { nowhere } from "./running_supervisor.ts";
import {
  type InProcessOptions,
  type InProcessSupervisor,
  inProcessSupervisor,
} from "./in_process_supervisor.ts";

const VAULT_KEY = new Uint8Array(32).fill(7).toBase64();

export interface InProcessProgram {
  program: Program;
  supervisor: InProcessSupervisor;
  log: PostgresLog;
  close(): Promise<void>;
}

export async function inProcessProgram(
  database: FreshDatabase,
  options: Omit<InProcessOptions, "log"> & {
    settings?: Partial<Program["settings"]>;
    /** Of the real linking, which does all but the sandbox and Bluesky. */
    linking?: Partial<LinkingOptions>;
  } = {},
): Promise<InProcessProgram> {
  const log = await openPostgresLog({ connection: database.config, projections });
  const supervisor = inProcessSupervisor({ log, ...options });
  const vaultKey = await loadVaultKey(database.sql, { key: VAULT_KEY, dataDir: "" });
  const vault = openVault(database.sql, vaultKey);
  const files = new Map<string, { bytes: Uint8Array; mediaType: string; redacted: boolean }>();

  async function link(personaId: string, by: string, connection: ConnectionInfo): Promise<LinkAnswer> {
    const sender = { by, id: crypto.randomUUID(), mayBeRepeated: false };
    const answer = await supervisor.send(personaId, { type: "link", connection }, sender);
    if (answer.kind === "committed") {
      // Nobody logs in with it: it stands for what the real linking keeps.
      await vault.put(connectionSecret(connection.connectionId), 0, "a secret of this test");
      return { kind: "linked", connection };
    }
    return answer.kind === "refused"
      ? { kind: "refused", ...answer.refusal }
      : { kind: "refused", code: "unavailable", message: answer.kind };
  }

  const linking = new Linking({
    log,
    sql: database.sql,
    vault,
    states: openOAuthStates(database.sql, vaultKey),
    supervisor,
    hostRules: { allowedOrigins: [] },
    plcUrl: "https://plc.invalid",
    sandboxTokenHash,
    now: options.now,
    ...nowhere,
    ...options.linking,
  });

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
      async linkBluesky(personaId, by, { service, identifier, password, disclose, operatedBy }) {
        if (
          operatedBy !== undefined && (await getPersona(database.sql, personaId))?.operatedBy !== operatedBy
        ) {
          const sender = { by, id: crypto.randomUUID(), mayBeRepeated: false };
          await supervisor.send(personaId, { type: "edit", changes: { operatedBy } }, sender);
        }
        if (password === "wrong") {
          const message = "The server refuses this password.";
          return { kind: "refused", code: "bad_credentials", message, field: "password" };
        }
        return await link(personaId, by, {
          connectionId: crypto.randomUUID(),
          platform: "bluesky",
          accountId: `did:plc:${identifier}`,
          handle: identifier,
          service: service ?? "https://pds.example",
          disclosure: disclose ? "profile_label" : "none",
        });
      },
      linkX: (...asked) => linking.linkX(...asked),
      offerX: (...asked) => linking.offerX(...asked),
      askLeave: (...asked) => linking.askLeave(...asked),
      takeLeave: (answer) => linking.takeLeave(answer),
      offer: (...asked) => linking.offer(...asked),
      confirm: (...asked) => linking.confirm(...asked),
      unlink: (...asked) => linking.unlink(...asked),
      setWordsToModel: (...asked) => linking.setWordsToModel(...asked),
      describe: (connections) => linking.describe(connections),
      apps: () => linking.apps(),
    },
    rules: createRules({ sql: database.sql, now: () => Date.now() }),
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
    settings: {
      version: "0.0.0-test",
      publicUrl: null,
      minFreeBytes: 1_000_000,
      requireAltText: true,
      ...options.settings,
    },
  };
  return { program, supervisor, log, close: () => log.close() };
}
