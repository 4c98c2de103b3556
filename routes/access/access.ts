import type { Context, Env, Hono, MiddlewareHandler } from "hono";
import { bodyLimit } from "hono/body-limit";
import type { Sql } from "../../db/sql.ts";
import { problem } from "../problem.ts";
import { route } from "../route.ts";
import type { Principal } from "./authorize.ts";
import { MAX_BODY_BYTES } from "./body.ts";
import { changePasswordForm, changePasswordJson } from "./change_password.ts";
import { createEndings, type Ending } from "./endings.ts";
import { createLinks, type Links } from "./links.ts";
import { logIn, logOut, showLogIn } from "./log_in.ts";
import { identify } from "./middleware.ts";
import type { AccessPages } from "./pages.ts";
import type { AccessParts } from "./parts.ts";
import { createPasswords, type Passwords } from "./password.ts";
import { addSecurityHeaders } from "./security_headers.ts";
import { createSessions, type Session, type Sessions } from "./sessions.ts";
import { recover, setUp, showRecover, showSetUp } from "./set_up.ts";
import { type AccessPorts, type AccessSettings, checkAccessSettings, systemPorts } from "./settings.ts";
import { createThrottle } from "./throttle.ts";
import { createToken, listTokens, revokeToken } from "./token_routes.ts";
import { createTokens, type Tokens } from "./tokens.ts";

/** How often sessions and tokens are looked over for what has expired. */
export const SWEEP_MS = 1_000;

export interface AccessOptions {
  settings: AccessSettings;
  sql: Sql;
  pages: AccessPages;
  /** What goes wrong where nobody waits for an answer: a listener that throws, a sweep without a database. */
  report: (error: unknown) => void;
  /** The address at the other end of the connection. @default the one that `Deno.serve` passes on */
  peerAddress?: (c: Context) => string;
  /** @default the system's clock and randomness */
  ports?: AccessPorts;
  /** @default scrypt at 128 MB, two at once */
  passwords?: Passwords;
}

export interface Access extends Pick<Links, "issueSetUpLink" | "issueRecoveryLink"> {
  sessions: Sessions;
  tokens: Tokens;
  /** Stands before every route: security headers, who is asking, nothing from other sites. */
  middleware: MiddlewareHandler[];
  /** Adds the routes of access to `app`, whose middleware must stand already. */
  register<E extends Env>(app: Hono<E>): void;
  /** Called at once when a session or token is over, so that its sockets are closed. Returns the way to stop. */
  onEnd(listener: (ending: Ending) => void): () => void;
  /** Is who opened a socket still let in? Asks the database, counts as no use. */
  stillHolds(principal: Principal, session: Session | null): Promise<boolean>;
  /** Ends what has expired, once. */
  sweep(): Promise<void>;
  /** Sweeps every `SWEEP_MS` until the returned function is called; that resolves when the last sweep is through. */
  startSweeping(): () => Promise<void>;
}

/** Puts access together. Throws when a setting is wrong. */
export function createAccess(options: AccessOptions): Access {
  const { settings, sql, pages, report, ports = systemPorts, peerAddress = denoPeer } = options;
  checkAccessSettings(settings);
  const endings = createEndings(report);
  const sessions = createSessions(sql, endings, ports);
  const tokens = createTokens(sql, endings, ports);
  const links = createLinks(sql, ports);
  const passwords = options.passwords ?? createPasswords({ randomBytes: ports.randomBytes });
  const throttle = createThrottle({ now: ports.now });
  const parts = { sql, ports, pages, passwords, sessions, tokens, links, throttle };

  async function sweep(): Promise<void> {
    await sessions.sweep();
    await tokens.sweep();
  }

  return {
    sessions,
    tokens,
    issueSetUpLink: links.issueSetUpLink,
    issueRecoveryLink: links.issueRecoveryLink,
    middleware: [addSecurityHeaders(settings), identify(settings, sessions, tokens, peerAddress)],
    register: (app) => register(app, parts),
    onEnd: endings.onEnd,
    async stillHolds(principal, session) {
      switch (principal.kind) {
        case "user":
          return session !== null && await sessions.findByKey(session.key) !== null;
        case "token":
          return await tokens.holds(principal.id);
        case "admin_token":
          return true;
        case "anonymous":
          return false;
      }
    },
    sweep,
    startSweeping: () => every(SWEEP_MS, sweep, report),
  };
}

function register<E extends Env>(app: Hono<E>, parts: AccessParts): void {
  const limit = bodyLimit({
    maxSize: MAX_BODY_BYTES,
    onError: (c) => {
      const detail = `The body may have at most ${MAX_BODY_BYTES} bytes.`;
      return problem(c, 413, { title: "Too large", detail, code: "too_large" });
    },
  });
  const own = [
    "/login",
    "/logout",
    "/setup",
    "/recover",
    "/account/password",
    "/api/v1/account/password",
    "/api/v1/tokens",
  ];
  for (const path of own) app.use(path, limit);

  route(app, "GET", "/login", "public", (c) => showLogIn(c, parts));
  route(app, "POST", "/login", "public", (c) => logIn(c, parts));
  route(app, "POST", "/logout", "public", (c) => logOut(c, parts));
  route(app, "GET", "/setup", "public", (c) => showSetUp(c, parts));
  route(app, "POST", "/setup", "public", (c) => setUp(c, parts));
  route(app, "GET", "/recover", "public", (c) => showRecover(c, parts));
  route(app, "POST", "/recover", "public", (c) => recover(c, parts));
  route(app, "POST", "/account/password", "account.edit", (c) => changePasswordForm(c, parts));
  route(app, "POST", "/api/v1/account/password", "account.edit", (c) => changePasswordJson(c, parts));
  route(app, "GET", "/api/v1/tokens", "tokens.manage", (c) => listTokens(c, parts));
  route(app, "POST", "/api/v1/tokens", "tokens.manage", (c) => createToken(c, parts));
  route(app, "DELETE", "/api/v1/tokens/:tokenId", "tokens.manage", (c) => revokeToken(c, parts));
}

function denoPeer(c: Context): string {
  const { remoteAddr }: Partial<Deno.ServeHandlerInfo> = c.env ?? {};
  return remoteAddr && "hostname" in remoteAddr ? remoteAddr.hostname : "unknown";
}

/** Runs `work` again and again, `ms` apart, never twice at once. */
function every(ms: number, work: () => Promise<void>, report: (error: unknown) => void): () => Promise<void> {
  let stopped = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let running = Promise.resolve();
  const next = () => {
    if (stopped) return;
    timer = setTimeout(() => {
      running = work().catch(report).then(next);
    }, ms);
  };
  next();
  return () => {
    stopped = true;
    clearTimeout(timer);
    return running;
  };
}
