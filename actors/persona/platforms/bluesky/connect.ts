import { checkHost, type HostRules } from "../hosts.ts";
import { findAccount, type FindOptions, type Found, isDidText, isHandle } from "./find_account.ts";
import { readTokens, writeSecret } from "./secret.ts";
import { xrpc, type XrpcAnswer } from "./xrpc.ts";

export interface Credentials {
  /** The PDS, if it is known; else it is found from the identifier. */
  service?: string;
  /** A handle or a DID; with a `service`, an e-mail address too. */
  identifier: string;
  /** An app password, better than the account's own. */
  password: string;
}

export type Connected =
  | { kind: "connected"; accountId: string; handle: string; service: string; secret: string }
  | Refused;
export type Refused = { kind: "refused"; field: "service" | "identifier" | "password"; reason: string };

const DEADLINE_MS = 20_000;
const OWN_SERVER = "a server of your own that is private or without https has to stand in ALLOWED_ORIGINS";

/**
 * Signs in to an account. Every server is checked against `rules` before anything connects to it, whoever named it.
 * Runs in main, once for a link; neither the password nor a token is ever in a reason.
 */
export async function connectBluesky(
  credentials: Credentials,
  rules: HostRules,
  options: FindOptions = {},
): Promise<Connected> {
  const identifier = tidy(credentials.identifier);
  if (identifier === "") return refused("identifier", "the handle or DID is missing");
  if (credentials.password === "") return refused("password", "the password is missing");

  const found = await whereIs(identifier, credentials.service, rules, options);
  if (found.kind === "refused") return found;

  const answer = await xrpc({
    service: found.service,
    method: "com.atproto.server.createSession",
    input: { identifier: found.did ?? identifier, password: credentials.password },
    signal: new AbortController().signal,
    deadlineMs: DEADLINE_MS,
  });
  if (answer.kind !== "ok") return explain(answer);

  const { did, handle } = answer.body;
  const session = readTokens(answer.body);
  if (typeof did !== "string" || !isDidText(did) || session === null) {
    return refused("service", "the server sent no session");
  }
  if (found.did !== null && did !== found.did) {
    return refused("identifier", "the server signed in to another account than the one named");
  }
  const secret = writeSecret({
    identifier: found.did ?? identifier,
    password: credentials.password,
    session,
  });
  // The server's word is foreign, and the identifier may be an e-mail address: neither goes into events as it is.
  const shown = [handle, identifier].find((name) =>
    typeof name === "string" && isHandle(name) && name !== "handle.invalid"
  );
  return {
    kind: "connected",
    accountId: did,
    handle: typeof shown === "string" ? shown : did,
    service: found.service,
    secret,
  };
}

async function whereIs(
  identifier: string,
  service: string | undefined,
  rules: HostRules,
  options: FindOptions,
): Promise<Found | Refused> {
  if (service === undefined || service.trim() === "") return await findAccount(identifier, rules, options);
  const given = service.trim();
  const address = given.includes("://") ? given : `https://${given}`;
  const check = await checkHost(address, rules);
  // Only of a server that a person names: nobody is talked into allowing one that a document leads to.
  if (!check.ok) {
    return refused("service", URL.canParse(address) ? `${check.reason}; ${OWN_SERVER}` : check.reason);
  }
  return { kind: "found", service: check.origin, did: identifier.startsWith("did:") ? identifier : null };
}

/** Handles are pasted with their @, and with the invisible marks that pages put around them. */
function tidy(identifier: string): string {
  const plain = identifier.replace(/[\p{Cc}\p{Cf}\s]/gu, "").replace(/^@/, "");
  return plain.startsWith("did:") ? plain : plain.toLowerCase();
}

function explain(answer: Exclude<XrpcAnswer, { kind: "ok" }>): Refused {
  switch (answer.kind) {
    case "refused":
      return explainRefusal(answer);
    case "limited":
      return refused("service", `the server asks to wait until ${new Date(answer.until).toISOString()}`);
    case "unreachable":
    case "unclear":
      return refused("service", answer.reason);
  }
}

function explainRefusal({ status, error }: Extract<XrpcAnswer, { kind: "refused" }>): Refused {
  if (error === "AuthFactorTokenRequired") {
    return refused("password", "this account asks for a code by e-mail: make an app password and use that");
  }
  if (error === "AccountTakedown") return refused("identifier", "the server has taken this account down");
  if (error === "AuthenticationRequired" || status === 401) {
    return refused("password", "the server does not accept this handle with this password");
  }
  return refused("service", `the server refused to sign in (${status})`);
}

function refused(field: Refused["field"], reason: string): Refused {
  return { kind: "refused", field, reason };
}
