/** One route of the API: its check of access, its checks of input, its handler and its place in the document, said once. */
import { type OpenAPIHono, z } from "@hono/zod-openapi";
import type { Context } from "hono";
import type { Action } from "../access/authorize.ts";
import { refuseUnless } from "../access/middleware.ts";
import { guard, type Method } from "../route.ts";
import { checkShape, readJsonBody } from "./body.ts";
import { MAX_KEY_LENGTH, REQUEST_DEADLINE_MS } from "./limits.ts";
import {
  ApiFault,
  faultAnswer,
  invalidRequest,
  type ProblemCode,
  PROBLEMS,
  ProblemSchema,
} from "./problems.ts";
import { ID } from "./schemas/fields.ts";

export const PERSONA_HEADER = "X-Persona-ID";
export const KEY_HEADER = "Idempotency-Key";

export interface Input<Query, Body> {
  query: Query;
  body: Body;
  /** From the path, or from `X-Persona-ID`; null where neither names one. */
  personaId: string | null;
}

export interface Endpoint<Query, Body> {
  method: Method;
  /** In OpenAPI's syntax: `/api/v1/personas/{personaId}`. */
  path: string;
  operationId: string;
  tag: string;
  summary: string;
  description?: string;
  action: Action;
  /** Stands in for the guard where the body says which right is needed: the answer to give, or null. */
  admit?: (c: Context) => Response | null;
  /** Whether `X-Persona-ID` may, or has to, name the persona; for paths that name none. */
  personaHeader?: "optional" | "required";
  /** Takes an `Idempotency-Key`. */
  idempotent?: boolean;
  query?: z.ZodType<Query>;
  body?: z.ZodType<Body>;
  /** A body that the handler reads by itself. */
  documentedBody?: z.ZodType;
  /** Bodies as they may look, by name. */
  examples?: Record<string, unknown>;
  /** A body that is a file, by its media types. The handler reads it. */
  upload?: readonly string[];
  answers: Record<number, { description: string; schema?: z.ZodType; file?: readonly string[] }>;
  problems: readonly ProblemCode[];
  handle(c: Context, input: Input<Query, Body>): Response | Promise<Response>;
}

// deno-lint-ignore no-explicit-any -- the environment of an app is of no interest here
export type Api = OpenAPIHono<any>;

/** What every route may answer besides its own problems. */
const COMMON: readonly ProblemCode[] = [
  "invalid_request",
  "unauthorized",
  "invalid_token",
  "forbidden",
  "internal",
  "unavailable",
  "deadline",
];

/** Adds a route to `api` and to its document. */
export function define<Query = unknown, Body = unknown>(api: Api, endpoint: Endpoint<Query, Body>): void {
  const { method, action, personaHeader } = endpoint;
  const path = endpoint.path.replace(/\{(\w+)\}/g, ":$1");
  const inPath = endpoint.path.includes("{personaId}");
  const guarding = guard(api, method, path, action, { persona: inPath ? "personaId" : null });
  document(api, endpoint as Endpoint<unknown, unknown>);
  // What is mistyped must not be left out in silence: `?preveiw=1` would create, and a filter find everything.
  const querySchema = (endpoint.query as z.ZodObject | undefined)?.strict() ?? z.strictObject({});

  const handle = async (c: Context): Promise<Response> => {
    const personaId = personaOf(c, inPath, personaHeader);
    if (endpoint.admit === undefined && !inPath && personaId !== null) {
      const refusal = refuseUnless(c, action, personaId);
      if (refusal) return refusal;
    }
    const query = queryOf(c, querySchema);
    const body = endpoint.body === undefined ? undefined : await readJsonBody(c, endpoint.body);
    return await endpoint.handle(c, { query: query as Query, body: body as Body, personaId });
  };
  const { admit } = endpoint;
  if (admit === undefined) api.on(method, path, guarding, (c) => inTime(c, handle));
  else api.on(method, path, (c) => admit(c) ?? inTime(c, handle));
}

/** Answers 405 for the other methods of all paths that were defined. To be called last. */
export function refuseOtherMethods(api: Api, endpoints: readonly { method: Method; path: string }[]): void {
  for (const [path, ofPath] of Map.groupBy(endpoints, (one) => one.path)) {
    const allowed = ofPath.flatMap(({ method }) => method === "GET" ? ["GET", "HEAD"] : [method]).join(", ");
    api.all(path, (c) => {
      c.header("allow", allowed);
      return faultAnswer(c, { code: "method_not_allowed", detail: `This path takes ${allowed}.` });
    });
  }
}

/** The query in the shape of `schema`. Throws ApiFault, also for a parameter that came twice. */
function queryOf(c: Context, schema: z.ZodType): unknown {
  const query = checkShape(schema, c.req.query());
  const twice = Object.entries(c.req.queries()).find(([, values]) => values.length > 1);
  if (twice !== undefined) throw invalidRequest(twice[0], "must stand there once");
  return query;
}

async function inTime(c: Context, handle: (c: Context) => Promise<Response>): Promise<Response> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    const detail = `Not answered within ${REQUEST_DEADLINE_MS / 1000} seconds; it may still be done.`;
    timer = setTimeout(() => reject(new ApiFault({ code: "deadline", detail })), REQUEST_DEADLINE_MS);
  });
  try {
    return await Promise.race([handle(c), late]);
  } finally {
    clearTimeout(timer);
  }
}

function personaOf(
  c: Context,
  inPath: boolean,
  header: Endpoint<unknown, unknown>["personaHeader"],
): string | null {
  const inHeader = c.req.header(PERSONA_HEADER);
  if (inPath) {
    const id = c.req.param("personaId") ?? "";
    if (inHeader !== undefined && inHeader !== id) {
      const detail = `${PERSONA_HEADER} and the path name different personas: leave the header out.`;
      const errors = [{ field: PERSONA_HEADER, reason: "is not the persona of the path" }];
      throw new ApiFault({ code: "persona_conflict", detail, errors });
    }
    if (!ID.test(id)) throw noSuchPersona();
    return id;
  }
  if (header === undefined) return null;
  if (inHeader === undefined) {
    if (header === "optional") return null;
    const errors = [{ field: PERSONA_HEADER, reason: "is missing" }];
    throw new ApiFault({ code: "persona_missing", detail: `Name the persona in ${PERSONA_HEADER}.`, errors });
  }
  if (!ID.test(inHeader)) throw invalidRequest(PERSONA_HEADER, "must be the id of a persona");
  return inHeader;
}

export function noSuchPersona(): ApiFault {
  return new ApiFault({ code: "not_found", detail: "There is no such persona." });
}

function document(api: Api, endpoint: Endpoint<unknown, unknown>): void {
  const { method, path, operationId, tag, summary, description, query, upload } = endpoint;
  const body = endpoint.body ?? endpoint.documentedBody;
  const names = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? "");
  const params = names.length === 0 ? undefined : z.object(
    Object.fromEntries(names.map((name) => [
      name,
      z.string().openapi({ param: { name, in: "path" }, example: "0199c7a2-6f1e-7b55-8a7e-0d6d1a2b3c4d" }),
    ])),
  );
  api.openAPIRegistry.registerPath({
    method: method.toLowerCase() as "get",
    path,
    operationId,
    tags: [tag],
    summary,
    ...(description === undefined ? {} : { description }),
    security: [{ bearer: [] }, { session: [] }],
    request: {
      ...(params === undefined ? {} : { params }),
      ...(query === undefined ? {} : { query: query as unknown as z.ZodObject }),
      headers: headersOf(endpoint),
      ...(body === undefined ? {} : {
        body: { required: true, content: { "application/json": { schema: body, ...examplesOf(endpoint) } } },
      }),
      ...(upload === undefined ? {} : {
        body: { required: true, content: files(upload) },
      }),
    },
    responses: { ...answersOf(endpoint), ...problemsOf(endpoint) },
  });
}

function examplesOf({ examples }: Endpoint<unknown, unknown>) {
  if (examples === undefined) return {};
  return { examples: Object.fromEntries(Object.entries(examples).map(([name, value]) => [name, { value }])) };
}

/** Files by their media types. */
function files(types: readonly string[]) {
  return Object.fromEntries(types.map((type) => [type, {
    schema: type === "application/json"
      ? { type: "object" as const }
      : { type: "string" as const, format: "binary" },
  }]));
}

function headersOf({ personaHeader, idempotent }: Endpoint<unknown, unknown>): z.ZodObject {
  const header = (name: string, description: string, required: boolean) => {
    const schema = z.string().openapi({ param: { name, in: "header", required }, description });
    return required ? schema : schema.optional();
  };
  return z.object({
    ...(personaHeader === undefined
      ? {}
      : { [PERSONA_HEADER]: header(PERSONA_HEADER, "The persona's id.", personaHeader === "required") }),
    ...(idempotent
      ? {
        [KEY_HEADER]: header(
          KEY_HEADER,
          `Becomes the command's id: a UUID, or at most ${MAX_KEY_LENGTH} visible ASCII characters.`,
          false,
        ),
      }
      : {}),
  });
}

function answersOf(endpoint: Endpoint<unknown, unknown>) {
  return Object.fromEntries(
    Object.entries(endpoint.answers).map(([status, { description, schema, file }]) => [status, {
      description,
      ...(schema === undefined ? {} : { content: { "application/json": { schema } } }),
      ...(file === undefined ? {} : { content: files(file) }),
    }]),
  );
}

function problemsOf(endpoint: Endpoint<unknown, unknown>) {
  const codes = new Set<ProblemCode>([...COMMON, ...endpoint.problems]);
  if (endpoint.body !== undefined) { for (const code of BODY) codes.add(code); }
  if (endpoint.idempotent) codes.add("id_reused");
  if (endpoint.method !== "GET") { for (const code of CROSS_SITE) codes.add(code); }
  if (endpoint.personaHeader === "required") codes.add("persona_missing");
  if (endpoint.path.includes("{personaId}")) codes.add("persona_conflict");
  const byStatus = Map.groupBy([...codes].sort(), (code) => PROBLEMS[code].status);
  return Object.fromEntries(
    [...byStatus].sort(([a], [b]) => a - b).map(([status, all]) => [status, {
      description: all.map((code) => `\`${code}\`: ${PROBLEMS[code].meaning}`).join(" "),
      content: { "application/problem+json": { schema: ProblemSchema } },
    }]),
  );
}

const BODY: readonly ProblemCode[] = ["malformed_json", "too_large", "unsupported_media_type"];
const CROSS_SITE: readonly ProblemCode[] = ["cross_site", "header_missing"];
