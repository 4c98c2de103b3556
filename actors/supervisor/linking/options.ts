/** What linking works with. */
import type { EventLog } from "../../../db/log/log.ts";
import type { OAuthStates } from "../../../db/oauth_state.ts";
import type { Sql } from "../../../db/sql.ts";
import type { Vault } from "../../../db/vault/vault.ts";
import type { HostRules } from "../../persona/platforms/hosts.ts";
import type { SupervisorPort } from "../supervisor_port.ts";

/** An app that people made on a platform, in whose name accounts are asked for leave. */
export interface PlatformApp {
  clientId: string;
  /** Null for one that has none (a public client of X). */
  clientSecret: string | null;
}

export interface LinkingOptions {
  log: EventLog;
  sql: Sql;
  vault: Vault;
  /** Where connections lie that are being made. */
  states: OAuthStates;
  supervisor: SupervisorPort;
  hostRules: HostRules;
  /** Origin of the directory in which the servers of DIDs are looked up. */
  plcUrl: string;
  sandboxTokenHash(token: string): string;
  x: XEndpoints;
  linkedIn: LinkedInEndpoints;
  /** ms since the epoch. @default Date.now */
  now?: () => number;
}

/** Origins without a trailing slash. `app`: of the operator's settings, offered where a person names none. */
export interface XEndpoints {
  apiOrigin: string;
  webOrigin: string;
  app: PlatformApp | null;
}

export interface LinkedInEndpoints extends XEndpoints {
  /** Of the API, `YYYYMM`. */
  version: string;
  /** Whether members are asked for leave to see how their posts do. @default false */
  memberAnalytics?: boolean;
}
