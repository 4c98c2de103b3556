/** For those who run it: is it alive, is it ready, how is it doing. */
import { z } from "@hono/zod-openapi";
import { Hono } from "hono";
import { isReachable } from "../../db/read/away.ts";
import type { Api } from "../api/endpoint.ts";
import { ProblemSchema } from "../api/problems.ts";
import type { Program } from "../program.ts";
import { route } from "../route.ts";
import type { Metrics } from "./metrics.ts";

/** How long the database may take to answer before the program is not ready, in ms. */
const READY_LIMIT_MS = 2_000;

export interface OpsOptions {
  program: Pick<Program, "sql" | "log">;
  metrics: Metrics;
  /** False while the program starts or stops. @default always true */
  accepting?: () => boolean;
}

export function opsRoutes({ program, metrics, accepting = () => true }: OpsOptions): Hono {
  const app = new Hono();
  let superseded = false;
  program.log.superseded.then(() => {
    superseded = true;
  });

  route(app, "GET", "/healthz", "public", (c) => c.json({ status: "ok" }));

  route(app, "GET", "/readyz", "public", async (c) => {
    const ready = accepting() && !superseded && await isReachable(program.sql, READY_LIMIT_MS);
    c.header("cache-control", "no-store");
    return ready ? c.json({ status: "ready" }) : c.json({ status: "not ready" }, 503);
  });

  route(app, "GET", "/metrics", "metrics.read", async (c) => {
    return c.body(await metrics.render(), 200, {
      "content-type": metrics.contentType,
      "cache-control": "no-store",
    });
  });
  return app;
}

/** The same routes for the document of the API: `apiRoutes(…, {documentMore: documentOps})`. */
export function documentOps(api: Api): void {
  const status = z.object({ status: z.string() }).openapi("Status");
  const answer = (description: string) => ({
    description,
    content: { "application/json": { schema: status } },
  });
  const common = { method: "get" as const, tags: ["Operations"] };
  const invalid = {
    description: "`invalid_request`, `invalid_token`: a bearer token was sent that is none.",
    content: { "application/problem+json": { schema: ProblemSchema } },
  };
  api.openAPIRegistry.registerPath({
    ...common,
    path: "/healthz",
    operationId: "getHealth",
    summary: "Whether the program is alive",
    security: [],
    responses: { 200: answer("It is."), 401: invalid },
  });
  api.openAPIRegistry.registerPath({
    ...common,
    path: "/readyz",
    operationId: "getReadiness",
    summary: "Whether it can do its work",
    security: [],
    responses: { 200: answer("It can."), 401: invalid, 503: answer("It cannot now.") },
  });
  const problem = (description: string) => ({
    description,
    content: { "application/problem+json": { schema: ProblemSchema } },
  });
  api.openAPIRegistry.registerPath({
    ...common,
    path: "/metrics",
    operationId: "getMetrics",
    summary: "Metrics in Prometheus's text format",
    description: "A token needs the scope `metrics`.",
    security: [{ bearer: [] }, { session: [] }],
    responses: {
      200: { description: "The metrics.", content: { "text/plain": { schema: { type: "string" } } } },
      401: problem("`unauthorized`, `invalid_token`: there is neither a session nor a good token."),
      403: problem("`forbidden`: the token lacks the scope."),
    },
  });
}
