import { call, object, REQUEST_DEADLINE_MS } from "./call.ts";
import { mayDo, missingScopes } from "./describe.ts";
import { type Application, exchangeCode, type OAuthOptions } from "./oauth.ts";
import { mayWrite, ROLES_PATH, toRoles } from "./roles.ts";
import { type Grant, writeSecret } from "./secret.ts";
import { apiHeaders } from "./session.ts";
import { isAuthor } from "./urn.ts";
import { checkVersion } from "./version.ts";

export const API_ORIGIN = "https://api.linkedin.com";

/** Pages that one member is asked about; each costs a call. */
const MAX_PAGES = 20;

export interface ConnectOptions extends OAuthOptions {
  /** Of the API, `YYYYMM`. */
  version: string;
  /** Whether members are asked for leave to see how their posts do. @default false */
  memberAnalytics?: boolean;
  /** @default API_ORIGIN */
  apiOrigin?: string;
}

/** One of the accounts that this leave opens: the member, or a page. A person chooses and confirms it. */
export interface Choice {
  /** The URN. */
  accountId: string;
  /** As people know it: the member's name, the page's address. */
  handle: string;
  /** The member's role; null for the member. */
  role: string | null;
  service: string;
  /** Why it cannot be linked; null where it can. */
  refused: string | null;
  may: ReturnType<typeof mayDo>;
  missingScopes: string[];
  /** For the vault, and nowhere else. */
  secret: string;
}

export type Connected =
  | { kind: "connected"; choices: Choice[] }
  | { kind: "refused"; field: "code" | "service"; reason: string };

/**
 * From the code of the callback to the accounts that it opens. Runs in main, once for a link; neither the code nor a
 * token is ever in a reason.
 */
export async function connectLinkedIn(
  application: Application,
  callback: { code: string; redirectUri: string },
  options: ConnectOptions,
): Promise<Connected> {
  const version = checkVersion(options.version);
  if (callback.code === "") return refused("code", "LinkedIn sent no code");
  const granted = await exchangeCode(application, callback, options);
  if (granted.kind === "refused") return refused("code", granted.reason);
  if (granted.kind === "failed") return refused("service", granted.reason);
  const { grant } = granted;
  const ask = asker(application, grant, version, options);

  const who = await ask("/v2/userinfo");
  if (typeof who === "string") return refused("service", who);
  const member = typeof who.sub === "string" ? `urn:li:person:${who.sub}` : "";
  if (!isAuthor(member)) return refused("service", "LinkedIn did not say who gave this leave");

  const name = nameOr(member, who.name);
  const toChoice = choiceMaker(application, grant, options);
  const choices = [toChoice(member, name, null)];
  if (grant.scopes.includes("rw_organization_admin")) {
    const list = await ask(ROLES_PATH);
    if (typeof list === "string") return refused("service", list);
    const roles = toRoles(Array.isArray(list.elements) ? list.elements : []).slice(0, MAX_PAGES);
    for (const { page, role } of roles) {
      if (!isAuthor(page)) continue;
      // Only administrators may read it; to others a page is its number.
      const found = await ask(`/rest/organizations/${page.replace("urn:li:organization:", "")}`);
      const { vanityName } = typeof found === "string" ? {} : found;
      const handle = nameOr(page, vanityName);
      choices.push(toChoice(page, handle, role, mayWrite({ page, role })));
    }
  }
  return { kind: "connected", choices };
}

const MAX_NAME = 200;

/** A name as LinkedIn has it: bounded, in one line; where it is none, the URN. */
function nameOr(urn: string, name: unknown): string {
  const text = typeof name === "string"
    ? name.slice(0, MAX_NAME).replace(/[\p{Cc}\p{Cf}]/gu, " ").trim()
    : "";
  return text === "" ? urn : text.toWellFormed();
}

function choiceMaker({ clientId, clientSecret }: Application, grant: Grant, options: ConnectOptions) {
  const { apiOrigin: service = API_ORIGIN, memberAnalytics = false } = options;
  return (accountId: string, handle: string, role: string | null, writes = true): Choice => {
    const may = mayDo(accountId, grant.scopes, role);
    const reason = !writes
      ? `the role ${role} may not post on this page`
      : may.post
      ? null
      : `the leave to post is missing (${missingScopes(accountId, grant.scopes, false).join(", ")})`;
    return {
      accountId,
      handle,
      role,
      service,
      refused: reason,
      may,
      missingScopes: missingScopes(accountId, grant.scopes, memberAnalytics),
      secret: writeSecret({ clientId, clientSecret, author: accountId, grant }),
    };
  };
}

/** Reads with the new token: the body, or in words why there is none. */
function asker({ clientSecret }: Application, grant: Grant, version: string, options: ConnectOptions) {
  return async (path: string): Promise<Record<string, unknown> | string> => {
    const answer = await call({
      origin: options.apiOrigin ?? API_ORIGIN,
      method: "GET",
      path,
      headers: apiHeaders(grant.access, version, null),
      secrets: [grant.access, clientSecret, ...(grant.refresh === null ? [] : [grant.refresh.token])],
      signal: options.signal ?? new AbortController().signal,
      deadlineMs: options.deadlineMs ?? REQUEST_DEADLINE_MS,
    });
    switch (answer.kind) {
      case "ok":
        return answer.body === null ? "LinkedIn's answer was not readable" : object(answer.body);
      case "refused":
        return `LinkedIn answered ${answer.refusal.status}: ${answer.refusal.message}`;
      case "unreachable":
      case "unclear":
        return answer.reason;
    }
  };
}

function refused(field: "code" | "service", reason: string): Connected {
  return { kind: "refused", field, reason };
}
