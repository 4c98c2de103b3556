/** The JSON API under `/api/v1`, and its document. */
import { OpenAPIHono, z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { LogOverloaded, Superseded } from "../../db/log/log.ts";
import type { Upcasters } from "../../db/log/upcast.ts";
import { UPCASTERS } from "../../db/log/upcasters.ts";
import { isDatabaseAway } from "../../db/read/away.ts";
import { BadPage } from "../../db/read/page.ts";
import type { Program } from "../program.ts";
import { recordedRoutes } from "../route.ts";
import { addCommands } from "./commands.ts";
import { addConnections } from "./connections.ts";
import { documentAccess } from "./document_access.ts";
import { type Api, define, refuseOtherMethods } from "./endpoint.ts";
import { addFiles } from "./files.ts";
import { addLists } from "./lists.ts";
import { addMedia } from "./media.ts";
import { openApiDocument } from "./openapi.ts";
import { addPeople } from "./people.ts";
import { addPersonas } from "./personas.ts";
import { addPosting } from "./posting.ts";
import { ApiFault, type Fault, faultAnswer } from "./problems.ts";
import { addRuntime } from "./runtime.ts";
import { createSending } from "./sending.ts";
import { addStops } from "./stops.ts";

export interface ApiOptions {
  /** Free bytes where the data lies; `freeBytesOf` asks the file system. */
  freeBytes: () => Promise<number>;
  /** Told of faults of our own. Hands on no body and no header. */
  report: (error: unknown) => void;
  /** How old event schemas are lifted, as the log does. @default `UPCASTERS` */
  upcasters?: Upcasters;
  /** Adds what others answer (health, metrics) to the document. @default nothing */
  documentMore?: (api: Api) => void;
}

/** All routes of the API. The middleware of access must stand before them. */
export function apiRoutes(program: Program, options: ApiOptions): OpenAPIHono {
  const api = new OpenAPIHono();
  const sending = createSending({ program, freeBytes: options.freeBytes });
  // Before `/personas/{personaId}`: the first that fits is taken.
  addFiles(api, program, sending);
  addPersonas(api, program, sending);
  addCommands(api, program, sending);
  addConnections(api, program, sending);
  addLists(api, program, options.upcasters ?? UPCASTERS);
  addMedia(api, program, sending);
  addPosting(api, program);
  addStops(api, program);
  addPeople(api, program);
  addRuntime(api, program);
  define(api, {
    method: "GET",
    path: "/openapi.json",
    operationId: "getDocument",
    tag: "Operations",
    summary: "This document",
    action: "openapi.read",
    answers: { 200: { description: "OpenAPI 3.1.", schema: z.record(z.string(), z.any()) } },
    problems: [],
    handle: (c) => c.json(document),
  });
  documentAccess(api);
  options.documentMore?.(api);
  const document = openApiDocument(api, program);
  refuseOtherMethods(api, recordedRoutes(api));
  api.onError((error, c) => answerFault(c, error, options.report));
  api.notFound((c) => apiNotFound(c));
  return api;
}

/** For addresses under `/api/` that nothing answers. */
export function apiNotFound(c: Context): Response {
  return faultAnswer(c, { code: "not_found", detail: "There is nothing at this address." });
}

/** The answer to what went wrong at an address under `/api/`, be it here or in what stands before: a database that is away, say. */
export function answerFault(c: Context, error: unknown, report: ApiOptions["report"]): Response {
  return faultAnswer(c, toFault(error, report));
}

function toFault(error: unknown, report: (error: unknown) => void): Fault {
  if (error instanceof ApiFault) return error.fault;
  if (error instanceof BadPage) {
    const { field, reason, message } = error;
    return { code: "invalid_request", detail: message, errors: [{ field, reason }] };
  }
  if (error instanceof LogOverloaded) {
    return { code: "overloaded", detail: "Too much is being written at once.", retryAfter: 1 };
  }
  if (error instanceof Superseded || isDatabaseAway(error)) {
    report(error);
    return {
      code: "unavailable",
      detail: "The database cannot be reached: try again in a moment.",
      retryAfter: 5,
    };
  }
  report(error);
  return { code: "internal", detail: "A fault of digi-persona itself: its log says more." };
}
