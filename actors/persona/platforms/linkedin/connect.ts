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
  const member = `urn:li:person:${String(who.sub)}`;
  if (!isAuthor(member)) return refused("service", "LinkedIn did not say who gave this leave");

  const name = typeof who.name === "string" && who.name !== ""
    ? who.name.slice(0, 200).toWellFormed()
    : member;
  const toChoice = choiceMaker(application, grant, options.apiOrigin ?? API_ORIGIN);
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
      const handle = typeof vanityName === "string" && vanityName !== "" ? vanityName : page;
      choices.push(toChoice(page, handle, role, mayWrite({ page, role })));
    }
  }
  return { kind: "connected", choices };
}

function choiceMaker({ clientId, clientSecret }: Application, grant: Grant, service: string) {
  return (accountId: string, handle: string, role: string | null, writes = true): Choice => {
    const may = mayDo(accountId, grant.scopes, role);
    const reason = !writes
      ? `the role ${role} may not post on this page`
      : may.post
      ? null
      : `the leave to post is missing (${missingScopes(accountId, grant.scopes).join(", ")})`;
    return {
      accountId,
      handle,
      role,
      service,
      refused: reason,
      may,
      missingScopes: missingScopes(accountId, grant.scopes),
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
      signal: new AbortController().signal,
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
