/** What the routes are given: the whole running program, as they may see it. Built once in `main.ts`. */
import type { SupervisorPort } from "../actors/supervisor/supervisor_port.ts";
import type { BlueskyCredentials, LinkAnswer } from "../actors/supervisor/linking.ts";
import type { PersonaFile } from "../actors/persona/files/persona_file.ts";
import type { EventLog } from "../db/log/log.ts";
import type { Sql } from "../db/sql.ts";

export interface Program {
  log: EventLog;
  /** For reading projections; `db/read/` holds the queries. */
  sql: Sql;
  supervisor: SupervisorPort;
  connections: Connections;
  files: PersonaFiles;
  writer: WriterInfo;
  settings: ProgramSettings;
}

export interface ProgramSettings {
  version: string;
  /** What links and origin checks use, without a trailing slash; null where PUBLIC_URL is not set. */
  publicUrl: string | null;
  /** Free bytes below which new work is refused. */
  minFreeBytes: number;
}

export type { LinkAnswer };

/**
 * Linking accounts: credentials go straight to the vault and never into a command. A `commandId` that the caller chose
 * is answered again, when it is repeated, without anything being done.
 */
export interface Connections {
  /** A sandbox account is made on the spot; no credentials. */
  linkSandbox(personaId: string, by: string, commandId?: string): Promise<LinkAnswer>;
  /**
   * Finds and checks the server, logs in, sets the `bot` label on the profile when `disclose`, keeps the credentials,
   * links the account to the persona. `service` is optional: found from the handle or DID.
   */
  linkBluesky(
    personaId: string,
    by: string,
    credentials: BlueskyCredentials,
    commandId?: string,
  ): Promise<LinkAnswer>;
  unlink(personaId: string, connectionId: string, by: string): Promise<LinkAnswer | { kind: "unlinked" }>;
}

/** The files that personas were imported from, kept as they came (secrets replaced). */
export interface PersonaFiles {
  keep(personaId: string, file: PersonaFile): Promise<void>;
  original(personaId: string): Promise<{ bytes: Uint8Array; mediaType: string; redacted: boolean } | null>;
}

/** Which writer is active, for the settings page. */
export interface WriterInfo {
  /** One sentence: what writes, and with which model. */
  describe(): string;
  offline(): boolean;
  test(
    signal: AbortSignal,
  ): Promise<{ ok: true; model: string; ms: number } | { ok: false; reason: string; detail: string }>;
}
