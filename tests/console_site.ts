/** For tests and previews: the console on a real database, behind real access, with a supervisor in this process. */
import { Hono } from "hono";
import type { PersonaCommand } from "../actors/persona/commands.ts";
import { emptyIdentity, type Identity } from "../actors/persona/identity.ts";
import type { CommandAnswer } from "../actors/supervisor/supervisor_port.ts";
import { type Access, createAccess } from "../routes/access/access.ts";
import { createPasswords } from "../routes/access/password.ts";
import { systemPorts } from "../routes/access/settings.ts";
import { createAccessPages } from "../routes/console/access_pages.tsx";
import { addConsole } from "../routes/console/console.tsx";
import { createLiveSource } from "../routes/console/live_source.tsx";
import { missing } from "../routes/console/pages/missing.tsx";
import { LiveHub } from "../routes/live/hub.ts";
import { oauthRoutes } from "../routes/oauth/callback.ts";
import { mount, route } from "../routes/route.ts";
import { type FreshDatabase, testOn } from "./database.ts";
import { type InProcessProgram, inProcessProgram } from "./in_process_program.ts";

export const ANN = { name: "Ann", password: "correct horse battery" };
const ORIGIN = "http://localhost";

export interface ConsoleSite extends InProcessProgram {
  app: Hono;
  live: LiveHub;
  access: Access;
  /** Logs Ann in; the cookie of the session, as `name=value`. */
  logIn(): Promise<string>;
  /** A page, as Ann's browser asks for it. */
  get(path: string): Promise<{ status: number; text: string; headers: Headers }>;
  /** A form, as the console's script sends it from the page `from`. */
  post(
    path: string,
    fields: Record<string, string> | FormData,
    from?: string,
  ): Promise<{ status: number; text: string; headers: Headers }>;
  /** A command by Ann; throws when it is not committed. */
  give(personaId: string, command: PersonaCommand): Promise<Extract<CommandAnswer, { kind: "committed" }>>;
  /** A persona with a sandbox account. */
  createPersona(identity?: Partial<Identity>): Promise<string>;
}

export async function consoleSite(
  database: FreshDatabase,
  options: Parameters<typeof inProcessProgram>[1] = {},
): Promise<ConsoleSite> {
  const running = await inProcessProgram(database, options);
  const { program, supervisor } = running;
  const passwords = createPasswords({ costLog2: 10, randomBytes: systemPorts.randomBytes });
  const access = createAccess({
    settings: { publicUrl: null, trustProxy: false, adminToken: null },
    sql: database.sql,
    pages: createAccessPages(),
    passwords,
    peerAddress: () => "127.0.0.1",
    report: (error) => {
      throw error;
    },
  });
  const app = new Hono();
  app.use(...access.middleware);
  access.register(app);
  mount(app, oauthRoutes(program, console.error));
  const con = addConsole(app, program, access, { now: options.now });
  app.notFound((c) => missing(c, con, "page"));
  const live = new LiveHub({
    log: running.log,
    supervisor,
    access,
    source: createLiveSource(program, options.now),
    report: console.error,
  });
  route(app, "GET", "/live", "live.read", (c) => live.handle(c));

  const door = async (path: string, fields: Record<string, string>): Promise<string> => {
    const answer = await app.request(`${ORIGIN}${path}`, {
      method: "POST",
      body: new URLSearchParams(fields),
      headers: { host: "localhost", origin: ORIGIN },
    });
    const cookie = answer.headers.getSetCookie()[0]?.split(";")[0];
    if (answer.status !== 303 || cookie === undefined) {
      throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    }
    return cookie;
  };
  const link = new URL(await access.issueSetUpLink(ORIGIN) ?? "");
  const cookie = await door("/setup", { token: link.searchParams.get("token") ?? "", ...ANN });
  const [user] = await database.sql.query<{ id: string }>("select id from access_user");
  const by = `user:${user?.id}`;

  const read = async (answer: Response) => ({
    status: answer.status,
    text: await answer.text(),
    headers: answer.headers,
  });
  const give: ConsoleSite["give"] = async (personaId, command) => {
    const sender = { by, id: crypto.randomUUID(), mayBeRepeated: false };
    const answer = await supervisor.send(personaId, command, sender);
    if (answer.kind !== "committed") throw new Error(`${command.type}: ${JSON.stringify(answer)}`);
    return answer;
  };

  return {
    ...running,
    close: async () => {
      await live.close();
      await running.close();
    },
    app,
    live,
    access,
    logIn: () => door("/login", { ...ANN, next: "/" }),
    get: async (path) =>
      await read(
        await app.request(`${ORIGIN}${path}`, {
          headers: { cookie, host: "localhost", accept: "text/html" },
        }),
      ),
    post: async (path, fields, from = "/") =>
      await read(
        await app.request(`${ORIGIN}${path}`, {
          method: "POST",
          body: fields instanceof FormData ? fields : new URLSearchParams(fields),
          headers: {
            cookie,
            host: "localhost",
            origin: ORIGIN,
            "hx-request": "true",
            "hx-current-url": `${ORIGIN}${from}`,
            "x-digi-persona": "1",
          },
        }),
      ),
    give,
    async createPersona(identity = {}) {
      const id = crypto.randomUUID();
      await give(id, {
        type: "create",
        identity: { ...emptyIdentity, name: "Mira Holt", ...identity },
        origin: "form",
      });
      const linked = await program.connections.linkSandbox(id, by);
      if (linked.kind !== "linked") throw new Error(linked.message);
      return id;
    },
  };
}

/** A test with a console of its own; skipped where there is no Postgres. */
export function testConsole(
  name: string,
  test: (site: ConsoleSite) => Promise<void>,
  options: Parameters<typeof inProcessProgram>[1] = {},
): void {
  testOn("embedded", name, async (database) => {
    const site = await consoleSite(database, options);
    try {
      await test(site);
    } finally {
      await site.close();
    }
  });
}
