import type { Env, Handler, Hono, MiddlewareHandler } from "hono";
import type { Action } from "./access/authorize.ts";
import { type PersonaParameter, requireAccess } from "./access/middleware.ts";

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

export interface RouteRecord {
  method: Method;
  /** In Hono's syntax: `/api/v1/personas/:personaId`. */
  path: string;
  action: Action;
}

// deno-lint-ignore no-explicit-any
type AnyHono = Hono<any, any, any>;

const recorded = new WeakMap<AnyHono, RouteRecord[]>();

/**
 * The only way to add a route: whoever may not do `action` never reaches `handler`. `persona` is the path's parameter that names
 * the persona, `personaId` unless told otherwise.
 */
export function route<E extends Env>(
  app: Hono<E>,
  method: Method,
  path: string,
  action: Action,
  handler: Handler<E>,
  options: { persona?: PersonaParameter } = {},
): void {
  app.on(method, path, guard(app, method, path, action, options), handler);
}

/** For routes that something else registers (OpenAPI): records the route and gives the middleware that must stand before it. */
export function guard(
  app: AnyHono,
  method: Method,
  path: string,
  action: Action,
  options: { persona?: PersonaParameter } = {},
): MiddlewareHandler {
  const routes = recorded.get(app) ?? [];
  routes.push({ method, path, action });
  recorded.set(app, routes);
  return requireAccess(action, options.persona);
}

/** Adds all routes of `part` to `app`, recorded ones as such. */
export function mount(app: AnyHono, part: AnyHono): void {
  recorded.set(app, [...recordedRoutes(app), ...recordedRoutes(part)]);
  app.route("/", part);
}

/** Every route of `app`, in the order of registration. */
export function recordedRoutes(app: AnyHono): readonly RouteRecord[] {
  return recorded.get(app) ?? [];
}

/** Routes that went past `route` and `guard`, as `METHOD path`: must be none. */
export function unguardedRoutes(app: AnyHono): string[] {
  const known = new Set(recordedRoutes(app).map(({ method, path }) => `${method} ${path}`));
  const all = app.routes.filter(({ method }) => method !== "ALL").map(({ method, path }) =>
    `${method} ${path}`
  );
  return [...new Set(all)].filter((name) => !known.has(name));
}
