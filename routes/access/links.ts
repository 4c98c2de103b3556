import { linkHolds, type LinkKind, putLink, takeLink } from "../../db/access/links.ts";
import { findFirstOwner } from "../../db/access/users.ts";
import type { Sql } from "../../db/sql.ts";
import { hashSecret, newSecret } from "./secrets.ts";
import type { AccessPorts } from "./settings.ts";

/** One-time links, printed at start: for set-up, and for recovery. */
export const LINK_LIFE_MS = 3_600_000;

export interface Links {
  /** Makes the set-up link below `baseUrl`; the last one is void. Null when there is an owner. */
  issueSetUpLink(baseUrl: string): Promise<string | null>;
  /** Makes the link that sets a new password for the owner. Null when there is no owner yet. */
  issueRecoveryLink(baseUrl: string): Promise<string | null>;
  holds(kind: LinkKind, token: string): Promise<boolean>;
  /** Uses the link up; `sql` is the transaction that does what the link is for. */
  take(sql: Sql, kind: LinkKind, token: string): Promise<boolean>;
}

export function createLinks(sql: Sql, ports: AccessPorts): Links {
  const iso = (at: number) => new Date(at).toISOString();

  async function issue(kind: LinkKind, path: string, baseUrl: string): Promise<string> {
    const token = newSecret(ports.randomBytes);
    await putLink(sql, kind, hashSecret(token), iso(ports.now() + LINK_LIFE_MS));
    return `${baseUrl.replace(/\/+$/, "")}${path}?token=${token}`;
  }

  return {
    issueSetUpLink: async (baseUrl) =>
      await findFirstOwner(sql) ? null : await issue("set_up", "/setup", baseUrl),
    issueRecoveryLink: async (baseUrl) =>
      await findFirstOwner(sql) ? await issue("recovery", "/recover", baseUrl) : null,
    holds: (kind, token) => linkHolds(sql, kind, hashSecret(token), iso(ports.now())),
    take: (sql, kind, token) => takeLink(sql, kind, hashSecret(token), iso(ports.now())),
  };
}
