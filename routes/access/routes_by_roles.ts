import type { Hono } from "hono";
import { recordedRoutes, type RouteRecord } from "../route.ts";

/** For tests: asks every recorded route as each of several principals, and says who got in. */

export interface Caller {
  name: string;
  /** The headers that make the principal; asked afresh for each request, as one may end the session. */
  headers(): Promise<Record<string, string>>;
}

/** In by name of caller: `in`, 401 or 403. */
export type Row = Record<string, "in" | 401 | 403>;

/** Bodies are empty, parameters are a UUID of nothing: a handler that is reached refuses or answers, but not with 401 or 403. */
export async function walkRoutes(
  // deno-lint-ignore no-explicit-any
  app: Hono<any>,
  callers: Caller[],
  options: { skip?: (route: RouteRecord) => boolean } = {},
): Promise<Map<RouteRecord, Row>> {
  const table = new Map<RouteRecord, Row>();
  for (const route of recordedRoutes(app)) {
    if (options.skip?.(route)) continue;
    const row: Row = {};
    for (const caller of callers) row[caller.name] = await ask(app, route, await caller.headers());
    table.set(route, row);
  }
  return table;
}

// deno-lint-ignore no-explicit-any
async function ask(app: Hono<any>, route: RouteRecord, headers: Record<string, string>) {
  const path = route.path.replace(/:[A-Za-z]+(\{[^}]*\})?/g, "00000000-0000-4000-8000-000000000000");
  const origin = "http://127.0.0.1";
  const request = new Request(origin + path, {
    method: route.method,
    headers: { host: "127.0.0.1", origin, "x-digi-persona": "1", ...headers },
  });
  const response = await app.request(request);
  await response.body?.cancel();
  return response.status === 401 || response.status === 403 ? response.status : "in";
}
