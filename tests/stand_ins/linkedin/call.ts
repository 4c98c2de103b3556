/** One call of the API by a known member, and what is checked for each: headers, limits, scopes, roles, body. */
import type { IncomingHttpHeaders } from "node:http";
import type { ZodType } from "zod";
import { denied, notYours, type Refusal, refuse, throttled, unauthorized, unpermitted } from "./answers.ts";
import type { Query } from "./restli.ts";
import type { OrganizationRole, Token, World } from "./world.ts";

export interface Call {
  world: World;
  method: string;
  /** Keys in the path, as they were sent. */
  keys: string[];
  query: Query;
  headers: IncomingHttpHeaders;
  body: Uint8Array<ArrayBuffer>;
  /** `YYYYMM`; empty where the path has no versions. */
  version: string;
  token: Token;
  /** What a fault within asks for. */
  fault: string | null;
}

export const DAY_MS = 86_400_000;
const VERSION_DAY = 15;

/** The token that a request bears. */
export function bearer(world: World, headers: IncomingHttpHeaders): Token {
  const [, text] = /^Bearer (.+)$/.exec(headers.authorization ?? "") ?? [];
  if (text === undefined) throw unauthorized.empty();
  const token = world.tokens.find((one) => one.kind === "access" && one.text === text);
  if (token === undefined) throw unauthorized.invalid();
  if (token.revoked) throw unauthorized.revoked();
  if (token.expiresAt <= world.now()) throw unauthorized.expired();
  return token;
}

/** A version lives from the first of its month until the middle of that month a year later. */
export function isActive(world: World, version: string): boolean {
  const [, year, month] = /^(20\d\d)(0[1-9]|1[0-2])$/.exec(version) ?? [];
  if (year === undefined || month === undefined || world.retired.has(version)) return false;
  const from = Date.UTC(Number(year), Number(month) - 1, 1);
  const until = Date.UTC(Number(year) + 1, Number(month) - 1, VERSION_DAY);
  return from <= world.now() && world.now() < until;
}

export function sunset(version: string): Refusal {
  const message = `Requested version ${version}01 is not active`;
  return refuse(426, { code: "NONEXISTENT_VERSION", message }, true);
}

/** The version of a call under `/rest/`, if both headers are as they must be. */
export function versionOf(world: World, headers: IncomingHttpHeaders): string {
  const version = headers["linkedin-version"];
  if (version === undefined || version === "") {
    throw refuse(400, {
      code: "VERSION_MISSING",
      message: "A version must be present. Please specify a version by adding the LinkedIn-Version header.",
    }, true);
  }
  if (!isActive(world, String(version))) throw sunset(String(version));
  if (headers["x-restli-protocol-version"] !== "2.0.0") {
    const given = headers["x-restli-protocol-version"] ?? "none";
    const message = `Rest.li protocol version ${given} used by the client is not supported!`;
    throw refuse(400, { code: "ILLEGAL_ARGUMENT", message });
  }
  return String(version);
}

/** Calls of the present day, UTC: of the application, and of each member through it. */
export class Limits {
  #day = -1;
  #application = 0;
  readonly #members = new Map<string, number>();

  count(world: World, member: string): void {
    const day = Math.floor(world.now() / DAY_MS);
    if (day !== this.#day) {
      this.#day = day;
      this.#application = 0;
      this.#members.clear();
    }
    const ofMember = this.#members.get(member) ?? 0;
    if (this.#application >= world.limits.application) throw throttled("APPLICATION");
    if (ofMember >= world.limits.member) throw throttled("APPLICATION_AND_MEMBER");
    this.#application++;
    this.#members.set(member, ofMember + 1);
  }
}

/** What a call does, in the words of its refusal. */
export interface Deed {
  resource: string;
  /** `CREATE`, `GET`, `GET_ALL`, `FINDER-author`, … */
  method: string;
}

export function notPermitted(call: Call, { resource, method }: Deed): Refusal {
  const version = call.version === "" ? "NO_VERSION" : `${call.version}01`;
  return denied(`Not enough permissions to access: ${resource}.${method}.${version}`);
}

/** Refuses unless the token has one of the scopes. */
export function needScope(call: Call, deed: Deed, scopes: string[]): void {
  const held = call.fault === "missing_scope" ? [] : call.token.scopes;
  if (!scopes.some((scope) => held.includes(scope))) throw notPermitted(call, deed);
}

export const POSTING_ROLES: OrganizationRole[] = [
  "ADMINISTRATOR",
  "CONTENT_ADMINISTRATOR",
  "DIRECT_SPONSORED_CONTENT_POSTER",
];
/** These may post comments; the last one sees an empty list where it reads. */
export const COMMENTING_ROLES: OrganizationRole[] = [...POSTING_ROLES, "RECRUITING_POSTER"];

export function hasRole(call: Call, organization: string, roles: OrganizationRole[]): boolean {
  return call.fault !== "role_lost" &&
    call.world.roles.some((one) =>
      one.member === call.token.member && `urn:li:organization:${one.organization}` === organization &&
      roles.includes(one.role)
    );
}

/** Leave to write as this person or page; `field` is what named it. */
export function needActor(
  call: Call,
  deed: Deed,
  actor: string,
  field: string,
  by: { member: string[]; organization: string[]; roles: OrganizationRole[] },
): void {
  if (actor.startsWith("urn:li:organization:")) {
    needScope(call, deed, by.organization);
    if (!hasRole(call, actor, by.roles)) throw notYours(field);
  } else {
    needScope(call, deed, by.member);
    if (actor !== `urn:li:person:${call.token.member}`) throw notYours(field);
  }
}

const PAGE_READERS = ["r_organization_social", "r_organization_social_feed"];

/**
 * Leave to read what a page wrote: `true`, or `false` where the role sees an empty list. What a member wrote takes a
 * scope that LinkedIn gives to nobody any more. Of what nobody wrote it takes any leave to read to hear so.
 */
export function mayReadOf(call: Call, deed: Deed, author: string | undefined): boolean {
  if (author === undefined) {
    needScope(call, deed, ["r_member_social", ...PAGE_READERS]);
    return false;
  }
  if (!author.startsWith("urn:li:organization:")) {
    needScope(call, deed, ["r_member_social"]);
    if (author !== `urn:li:person:${call.token.member}`) throw notPermitted(call, deed);
    return true;
  }
  needScope(call, deed, PAGE_READERS);
  if (hasRole(call, author, POSTING_ROLES)) return true;
  if (hasRole(call, author, ["RECRUITING_POSTER", "ANALYST"])) return false;
  throw notPermitted(call, deed);
}

/** The body by its schema. Unknown fields are refused by name, `null` is not the same as absent. */
export function readBody<T>(call: Call, schema: ZodType<T>): T {
  if (!/^application\/json(;|$)/.test(call.headers["content-type"] ?? "")) {
    throw refuse(415, {
      message: "The request's content type is not supported: it must be application/json",
    });
  }
  const parsed = parse(call.body);
  const result = schema.safeParse(parsed);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const path = (issue?.path ?? []).map((step) => `/${String(step)}`).join("");
  if (issue?.code === "unrecognized_keys") {
    throw unpermitted("REQUEST_BODY", issue.keys.map((key) => `${path}/${key}`));
  }
  const value = (issue?.path ?? []).reduce<unknown>(
    (inner, step) => (inner as Record<PropertyKey, unknown> | null)?.[step],
    parsed,
  );
  if (value === null) throw unpermitted("REQUEST_BODY", [path]);
  const why = value === undefined
    ? "field is required but not found and has no default value"
    : issue?.message;
  throw refuse(422, { message: `ERROR :: ${path} :: ${why}` });
}

function parse(body: Uint8Array<ArrayBuffer>): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
  } catch {
    throw refuse(400, { message: "Cannot parse request entity" });
  }
}

/** One page of a list as Rest.li gives it. */
export function page<T, U>(call: Call, all: T[], write: (one: T) => U, most = 100) {
  const start = call.query.integer("start", 0, 1_000_000);
  const count = call.query.integer("count", 10, most);
  call.query.end();
  const elements = all.slice(start, start + count).map(write);
  return { elements, paging: { start, count, total: all.length, links: [] } };
}
