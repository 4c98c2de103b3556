/** What the routes are given: the whole running program, as they may see it. Built once in `main.ts`. */
import type { SupervisorPort } from "../actors/supervisor/supervisor_port.ts";
import type { Description } from "../actors/persona/platforms/port.ts";
import type {
  BlueskyCredentials,
  Confirmation,
  KeysOffered,
  LeaveAnswer,
  LeaveAsked,
  LinkAnswer,
  LinkRefused,
  Offer,
  Standing,
  XCredentials,
} from "../actors/supervisor/linking/linking.ts";
import type { Rules } from "../actors/supervisor/rules/rules.ts";
import type { PersonaFile } from "../actors/persona/files/persona_file.ts";
import type { EventLog } from "../db/log/log.ts";
import type { ConnectionRead } from "../db/read/connections.ts";
import type { Sql } from "../db/sql.ts";

export interface Program {
  log: EventLog;
  /** For reading projections; `db/read/` holds the queries. */
  sql: Sql;
  supervisor: SupervisorPort;
  connections: Connections;
  /** The rules that look beyond one persona, for a post that is reviewed. */
  rules: Rules;
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
  /** Whether every picture needs a description before its post can go out. */
  requireAltText: boolean;
}

export type { LinkAnswer, LinkRefused, Offer, Standing };

/**
 * Linking accounts: credentials go straight to the vault and never into a command. A `commandId` that the caller chose
 * is answered again, when it is repeated, without anything being done. Every link to a real account begins with its
 * `Standing`: who runs the persona, what it is, and that the account says that a machine writes there.
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
  /** By four keys; where `handle` is given, it is the account that has to answer. */
  linkX(personaId: string, by: string, credentials: XCredentials, commandId?: string): Promise<LinkAnswer>;
  /** Asks X whose four keys these are; the person confirms the account before it is linked. */
  offerX(by: string, asked: KeysOffered): Promise<{ kind: "offered"; offerId: string } | LinkRefused>;
  /** Where to send the browser for leave on a platform. */
  askLeave(by: string, asked: LeaveAsked): Promise<{ kind: "asked"; address: string } | LinkRefused>;
  /** What the browser brought back, used up; null where it is none of this session's, or too old, or may not be. */
  takeLeave(answer: LeaveAnswer): Promise<{ personaId: string; offerId: string } | null>;
  /** The accounts that answered, without what opens them; null once that is over. */
  offer(offerId: string, sessionKey: string, personaId: string): Promise<Offer | null>;
  /** Links the one that the person has confirmed. */
  confirm(asked: Confirmation, by: string): Promise<LinkAnswer>;
  unlink(personaId: string, connectionId: string, by: string): Promise<LinkAnswer | { kind: "unlinked" }>;
  /** Whether what others say there may be shown to a model. */
  setWordsToModel(personaId: string, connectionId: string, on: boolean, by: string): Promise<LinkAnswer>;
  /** What each connection allows and costs; null where nothing is known. */
  describe(connections: ConnectionRead[]): Promise<Map<string, Description | null>>;
  /** The client ids of the operator's settings: offered where a person names none. */
  apps(): { x: string | null; linkedin: string | null };
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
