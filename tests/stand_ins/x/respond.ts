/** From a request to its answer: what is the same for all operations, in the order in which X looks. */
import { authenticate, refusal } from "./access.ts";
import { inDialect } from "./dialect.ts";
import { formPairs } from "./oauth1.ts";
import { oauthError, revoke, token } from "./oauth2.ts";
import { type Operation, operationOf, wrongParameters } from "./operations.ts";
import { type Answer, invalidRequest, problem, rateLimited } from "./problems.ts";
import { isRecord } from "./post_body.ts";
import { readQuery } from "./query.ts";
import { takeFromLimit } from "./rate_limits.ts";
import type { Request } from "./request.ts";
import type { Account, Dialect, World } from "./world.ts";

export interface Responded {
  answer: Answer;
  dialect: Dialect;
  account: Account | null;
  operation: Operation | null;
  parameters: Record<string, string>;
}

/** The name of what a request asks for: an operation, `token`, `revoke`, or null where there is nothing. */
export function nameOf(request: Request): string | null {
  const { pathname } = request.url;
  if (request.method === "POST" && pathname === "/2/oauth2/token") return "token";
  if (request.method === "POST" && pathname === "/2/oauth2/revoke") return "revoke";
  return operationOf(request.method, pathname)?.operation.name ?? null;
}

/** Does what is asked. */
export function respond(world: World, request: Request): Responded {
  const name = nameOf(request);
  if (name === "token" || name === "revoke") {
    const answer = oauthAnswer(world, request, name);
    return { answer, dialect: "classic", account: null, operation: null, parameters: {} };
  }
  const found = operationOf(request.method, request.url.pathname);
  if (found === null) {
    const answer = problem(404, "Not Found", "Not Found");
    return { answer, dialect: "classic", account: null, operation: null, parameters: {} };
  }
  const { dialect, answer, account } = apiAnswer(world, request, found);
  const body = inDialect(answer.body, dialect);
  const version = dialect === "classic" ? "2.166" : "2.167";
  const headers = { ...answer.headers, "api-version": version };
  return { answer: { ...answer, body, headers }, dialect, account, ...found };
}

function apiAnswer(
  world: World,
  request: Request,
  { operation, parameters }: { operation: Operation; parameters: Record<string, string> },
): { answer: Answer; dialect: Dialect; account: Account | null } {
  const { answers } = world.settings;
  const fixed: Dialect = answers === "as_asked" ? "classic" : answers;
  const who = authenticate(world, {
    method: request.method,
    path: request.url.pathname + request.url.search,
    authorization: request.authorization,
    form: request.form,
  });
  if ("status" in who) return { answer: who, dialect: fixed, account: null };
  const { account } = who;
  const taken = takeFromLimit(world, operation.name, account, operation.limit);
  const withLimit = (answer: Answer, dialect: Dialect) => ({
    answer: { ...answer, headers: { ...taken.headers, ...answer.headers } },
    dialect,
    account,
  });
  if (taken.exceeded) return withLimit(rateLimited(world.settings.rateLimitShape, taken.headers), fixed);
  const refused = refusal(operation, who);
  if (refused !== null) return withLimit(refused, fixed);
  const wrong = wrongParameters(parameters);
  if (Object.keys(wrong).length > 0) return withLimit(invalidRequest(wrong), fixed);
  const query = readQuery(operation.query, request.url.searchParams);
  if ("wrong" in query) return withLimit(invalidRequest(query.wrong), fixed);
  const dialect = answers === "as_asked" ? query.dialects[0] ?? fixed : fixed;
  const wrongType = refusedType(operation, request);
  if (wrongType !== null) return withLimit(wrongType, dialect);
  const call = {
    world,
    account,
    parameters,
    query: query.values,
    wanted: query.wanted,
    body: request.body,
    dialect,
  };
  return withLimit(operation.handle(call), dialect);
}

function refusedType(operation: Operation, request: Request): Answer | null {
  const allowed = operation.body === "json"
    ? ["application/json"]
    : ["application/json", "multipart/form-data"];
  if (operation.body === "none" || allowed.includes(request.contentType)) return null;
  return invalidRequest({ "content-type": [request.contentType] });
}

function oauthAnswer(world: World, request: Request, name: "token" | "revoke"): Answer {
  const pairs = oauthFields(request);
  if (pairs === null) return oauthError(400, "invalid_request", "The body must be a form.");
  const form = new Map(pairs);
  if (form.size < pairs.length) return oauthError(400, "invalid_request", "A parameter is there twice.");
  if (request.url.search !== "") return oauthError(400, "invalid_request", "Nothing may be in the query.");
  return (name === "token" ? token : revoke)(world, form, request.authorization);
}

/** A form, as OAuth has it, or a JSON object of strings, which clients that work with X send. */
function oauthFields({ contentType, form, body }: Request): [string, string][] | null {
  if (contentType === "application/x-www-form-urlencoded") return formPairs(form);
  if (!isRecord(body)) return null;
  const pairs = Object.entries(body);
  return pairs.every((pair): pair is [string, string] => typeof pair[1] === "string") ? pairs : null;
}
