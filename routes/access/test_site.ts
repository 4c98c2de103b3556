/** For tests: a real server on loopback with access, a database, and a clock that the test moves. */
import { type Context, Hono } from "hono";
import type { Sql } from "../../db/sql.ts";
import { route } from "../route.ts";
import { type Access, createAccess } from "./access.ts";
import { principalOf } from "./middleware.ts";
import { createPasswords, type Passwords } from "./password.ts";
import { plainPages } from "./plain_pages.ts";
import { type AccessPorts, type AccessSettings, systemPorts } from "./settings.ts";

export const ADMIN_TOKEN = "admin-token-of-the-tests-0123456789";
export const OWNER = { name: "Ada Lovelace", password: "correct horse battery" };

export interface TestSite {
  sql: Sql;
  app: Hono;
  access: Access;
  /** `http://127.0.0.1:port`. */
  url: string;
  clock: { at: number };
  reported: unknown[];
  /** Sends a request, follows no redirect. */
  send(path: string, options?: SendOptions): Promise<Response>;
  /** Sends a form as our own page would. */
  form(path: string, fields: Record<string, string>, options?: SendOptions): Promise<Response>;
  /** Sets up the owner through the link; the cookie of the session comes back. */
  setUpOwner(): Promise<string>;
  logIn(password?: string, options?: SendOptions): Promise<Response>;
  close(): Promise<void>;
}

export interface SendOptions extends RequestInit {
  cookie?: string;
  bearer?: string;
  /** Another address of the same server, or a proxy's. */
  base?: string;
  client?: Deno.HttpClient;
}

export interface TestSiteOptions {
  settings?: Partial<AccessSettings>;
  passwords?: Passwords;
  /** @default 127.0.0.1 */
  hostname?: string;
  /** More routes. */
  routes?: (app: Hono) => void;
}

/** scrypt at its cheapest. */
export const cheapPasswords = (costLog2 = 10) =>
  createPasswords({ costLog2, randomBytes: systemPorts.randomBytes });

export function startTestSite(sql: Sql, options: TestSiteOptions = {}): TestSite {
  const clock = { at: Date.parse("2027-01-01T00:00:00Z") };
  const reported: unknown[] = [];
  const ports: AccessPorts = { ...systemPorts, now: () => clock.at };
  const access = createAccess({
    settings: { publicUrl: null, trustProxy: false, adminToken: ADMIN_TOKEN, ...options.settings },
    sql,
    ports,
    pages: plainPages,
    passwords: options.passwords ?? cheapPasswords(),
    report: (error) => reported.push(error),
  });
  const app = new Hono();
  app.use(...access.middleware);
  access.register(app);
  route(app, "GET", "/", "persona.list", (c: Context) => c.json(principalOf(c)));
  options.routes?.(app);

  const hostname = options.hostname ?? "127.0.0.1";
  const server = Deno.serve({ hostname, port: 0, onListen: () => {} }, app.fetch);
  const url = `http://${hostname}:${server.addr.port}`;

  async function send(path: string, options: SendOptions = {}): Promise<Response> {
    const { cookie, bearer, base = url, ...init } = options;
    const headers = new Headers(init.headers);
    if (cookie) headers.set("cookie", cookie);
    if (bearer) headers.set("authorization", `Bearer ${bearer}`);
    return await fetch(base + path, { redirect: "manual", ...init, headers });
  }

  function form(path: string, fields: Record<string, string>, options: SendOptions = {}): Promise<Response> {
    const headers = { origin: options.base ?? url, ...options.headers as Record<string, string> };
    return send(path, { method: "POST", body: new URLSearchParams(fields), ...options, headers });
  }

  return {
    sql,
    app,
    access,
    url,
    clock,
    reported,
    send,
    form,
    async setUpOwner() {
      const link = new URL(await access.issueSetUpLink(url) ?? "");
      const answer = await form("/setup", { token: link.searchParams.get("token") ?? "", ...OWNER });
      await answer.body?.cancel();
      if (answer.status !== 303) throw new Error(`set-up answered ${answer.status}`);
      return cookieOf(answer);
    },
    logIn: (password = OWNER.password, options = {}) =>
      form("/login", { name: OWNER.name, password }, options),
    close: () => server.shutdown(),
  };
}

/** `name=value` of the one cookie that an answer sets. */
export function cookieOf(answer: Response): string {
  const cookies = answer.headers.getSetCookie();
  if (cookies.length !== 1) throw new Error(`${cookies.length} cookies were set, not one`);
  return cookies[0]?.split(";")[0] ?? "";
}
