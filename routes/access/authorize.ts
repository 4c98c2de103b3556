/** Who may do what: the one decision that every route asks. Pure. */

/** What a token may do. `approve:real` adds real accounts to what `approve` allows, and needs it. */
export const SCOPES = ["read", "write", "approve", "approve:real", "metrics"] as const;
export type Scope = typeof SCOPES[number];

/** One role to begin with. */
export type Role = "owner";

export type Principal =
  | { kind: "user"; id: string; name: string; role: Role }
  /** `userId` is the person who made the token; null when `ADMIN_TOKEN` did. */
  | { kind: "token"; id: string; name: string; scopes: Scope[]; userId: string | null }
  | { kind: "admin_token" }
  | { kind: "anonymous" };

export const ACTIONS = [
  /** Open to everybody: health, log-in, the style sheet. */
  "public",
  "persona.list",
  "persona.read",
  "persona.create",
  "persona.import",
  "persona.edit",
  "persona.delete",
  /** Any command but an approval. */
  "persona.command",
  /** An approval; say with `facts` on which platform. */
  "persona.approve",
  "persona.connect",
  /** An approval that can only reach the sandbox. */
  "sandbox.approve",
  "posting.stop",
  /** Lifting Stop all posting. */
  "posting.lift",
  "events.read",
  "live.read",
  "runtime.read",
  /** Restarting a persona that was stopped after repeated crashes, and the like. */
  "runtime.control",
  "settings.read",
  "settings.edit",
  "openapi.read",
  "metrics.read",
  "tokens.manage",
  /** Giving a token the scope `approve:real`. */
  "tokens.grant_real_approval",
  "users.manage",
  /** A person's own password and sessions, log-out. */
  "account.edit",
] as const;
export type Action = typeof ACTIONS[number];

/** What an approval touches. What is not said counts as a real account. */
export interface ApprovalFacts {
  platformIsReal?: boolean;
  /** `x`, `linkedin`, `bluesky`, `sandbox`. */
  platform?: string;
}

export type Decision = { allowed: true } | { allowed: false; status: 401 | 403; reason: string };

const ALLOWED: Decision = { allowed: true };

function refused(reason: string): Decision {
  return { allowed: false, status: 403, reason };
}

/** What a token needs for an action; `session` is for a person in a session only, `admin` for `ADMIN_TOKEN` as well. */
type Need = Scope | "any" | "approval" | "admin" | "session";

const NEEDS: Record<Exclude<Action, "public">, Need> = {
  "persona.list": "read",
  "persona.read": "read",
  "persona.create": "write",
  "persona.import": "write",
  "persona.edit": "write",
  "persona.delete": "write",
  "persona.command": "write",
  "persona.approve": "approval",
  "persona.connect": "write",
  "sandbox.approve": "approve",
  "posting.stop": "write",
  "posting.lift": "session",
  "events.read": "read",
  "live.read": "read",
  "runtime.read": "read",
  "runtime.control": "admin",
  "settings.read": "read",
  "settings.edit": "admin",
  "openapi.read": "any",
  "metrics.read": "metrics",
  "tokens.manage": "admin",
  "tokens.grant_real_approval": "session",
  "users.manage": "admin",
  "account.edit": "session",
};

const PERSON_ONLY = "Only a person who is logged in may do this, not a token.";

/**
 * May `principal` do `action` to `personaId` (null where no single persona is meant)?
 * An anonymous principal gets 401, everybody else who may not gets 403 with a reason for people.
 */
export function authorize(
  principal: Principal,
  action: Action,
  _personaId: string | null,
  facts: ApprovalFacts = {},
): Decision {
  if (action === "public") return ALLOWED;
  switch (principal.kind) {
    case "anonymous":
      return { allowed: false, status: 401, reason: "Log in, or send a token as `Authorization: Bearer …`." };
    case "user":
      return authorizeRole(principal.role);
    case "admin_token":
      return authorizeAdminToken(NEEDS[action], facts);
    case "token":
      return authorizeToken(principal.scopes, NEEDS[action], facts);
    default:
      return unknown(principal);
  }
}

function authorizeRole(role: Role): Decision {
  switch (role) {
    case "owner":
      return ALLOWED;
    default:
      return unknown(role);
  }
}

function authorizeAdminToken(need: Need, facts: ApprovalFacts): Decision {
  if (need === "session") return refused(PERSON_ONLY);
  if (need === "approval" && isReal(facts)) return refused("ADMIN_TOKEN may approve on the sandbox only.");
  return ALLOWED;
}

function authorizeToken(scopes: Scope[], need: Need, facts: ApprovalFacts): Decision {
  if (need === "any") return ALLOWED;
  if (need === "session") return refused(PERSON_ONLY);
  if (need === "admin") return refused("Only a person who is logged in, or ADMIN_TOKEN, may do this.");
  if (need !== "approval") return hasScope(scopes, need);
  if (facts.platform === "linkedin") return refused("On LinkedIn only a person may approve, never a token.");
  const approve = hasScope(scopes, "approve");
  return approve.allowed && isReal(facts) ? hasScope(scopes, "approve:real") : approve;
}

function hasScope(scopes: Scope[], scope: Scope): Decision {
  return scopes.includes(scope) ? ALLOWED : refused(`This token lacks the scope \`${scope}\`.`);
}

function isReal(facts: ApprovalFacts): boolean {
  return facts.platform === "linkedin" || facts.platformIsReal !== false;
}

/** Who gave a command, as events record it: `user:<id>`, `token:<id>`, `admin-token`. Throws for an anonymous principal. */
export function byOf(principal: Principal): string {
  switch (principal.kind) {
    case "user":
      return `user:${principal.id}`;
    case "token":
      return `token:${principal.id}`;
    case "admin_token":
      return "admin-token";
    case "anonymous":
      throw new Error("An anonymous principal gives no commands.");
    default:
      return unknown(principal);
  }
}

function unknown(value: never): never {
  throw new Error(`Not a known principal or role: ${JSON.stringify(value)}`);
}
