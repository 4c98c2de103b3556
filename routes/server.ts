/** Every route on one app, behind one listener. */
import { Hono } from "hono";
import type { Config } from "../config.ts";
import { describeWriter, testWriter } from "../actors/persona/agent/writer.ts";
import type { WriterSettings } from "../actors/persona/agent/port.ts";
import type { Linking } from "../actors/supervisor/linking/linking.ts";
import type { Rules } from "../actors/supervisor/rules/rules.ts";
import type { Supervisor } from "../actors/supervisor/supervisor.ts";
import type { Database } from "../db/database.ts";
import type { EventLog } from "../db/log/log.ts";
import { BadPage } from "../db/read/page.ts";
import { isDatabaseAway } from "../db/read/away.ts";
import { keepPersonaFile, readPersonaFileKept } from "../db/persona_files.ts";
import type { Access } from "./access/access.ts";
import { createAccess } from "./access/access.ts";
import { answerFault, apiNotFound, apiRoutes } from "./api/api.ts";
import { freeBytesOf } from "./api/disk.ts";
import { boundPages } from "./bounds.ts";
import { createAccessPages } from "./console/access_pages.tsx";
import { Assets } from "./console/assets.ts";
import { addConsole } from "./console/console.tsx";
import { createLiveSource } from "./console/live_source.tsx";
import { failed, missing } from "./console/pages/missing.tsx";
import { faultReport } from "./faults.ts";
import { LiveHub } from "./live/hub.ts";
import { createMetrics } from "./ops/metrics.ts";
import { documentOps, opsRoutes } from "./ops/ops.ts";
import { problem } from "./problem.ts";
import type { Program } from "./program.ts";
import { oauthRoutes } from "./oauth/callback.ts";
import { mount, route } from "./route.ts";

export interface ServerParts {
  config: Config;
  version: string;
  log: EventLog;
  database: Database;
  supervisor: Supervisor;
  linking: Linking;
  rules: Rules;
  writer: WriterSettings;
  report(line: string): void;
}

export interface RunningServer {
  close(): Promise<void>;
  /** The set-up link while there is no owner, and the recovery link when it was asked for. */
  printLinks(publicUrl: string): Promise<void>;
}

export interface App {
  /** Every route, recorded by `route` and `guard`. */
  hono: Hono;
  access: Access;
  live: LiveHub;
  metrics: ReturnType<typeof createMetrics>;
}

/** Every route with all that it needs, without a listener. `accepting` is false while the program starts or ends. */
export function buildApp(parts: ServerParts, accepting: () => boolean = () => true): App {
  const { config, database, report, log, supervisor, version } = parts;
  const fault = faultReport(report);
  const assets = Assets.load();
  const metrics = createMetrics({ log, supervisor, version, openSockets: () => live.sockets });
  const program = { ...programOf(parts), supervisor: metrics.supervisor };
  const access = createAccess({
    settings: {
      publicUrl: config.PUBLIC_URL,
      trustProxy: config.TRUST_PROXY,
      adminToken: config.ADMIN_TOKEN,
    },
    sql: database,
    pages: createAccessPages(assets),
    report: (error) => fault("access", error),
  });
  const freeBytes = freeBytesOf(config.DATA_DIR);
  const reportApi = (error: unknown) => fault("api", error);
  const app = new Hono();
  app.use(metrics.middleware);
  app.use(...access.middleware);
  app.use(boundPages((c) => missing(c, console, "page")));
  access.register(app);
  mount(app, opsRoutes({ program, metrics, accepting }));
  mount(
    app,
    apiRoutes(program, {
      freeBytes,
      report: reportApi,
      documentMore: documentOps,
    }),
  );
  mount(app, oauthRoutes(program, (error) => fault("GET /oauth/:platform/callback", error)));
  const console = addConsole(app, program, access, { assets, freeBytes });
  const live = new LiveHub({ log, supervisor, access, source: createLiveSource(program), report });
  route(app, "GET", "/live", "live.read", (c) => live.handle(c));
  app.notFound((c) => c.req.path.startsWith("/api/") ? apiNotFound(c) : missing(c, console, "page"));
  app.onError((error, c) => {
    if (c.req.path.startsWith("/api/")) return answerFault(c, error, reportApi);
    if (error instanceof BadPage) return missing(c, console, "page");
    fault(`${c.req.method} ${c.req.path}`, error);
    if (c.req.header("accept")?.includes("text/html")) return failed(c, console);
    if (isDatabaseAway(error)) {
      c.header("retry-after", "5");
      const detail = "The database cannot be reached: try again in a moment.";
      return problem(c, 503, { title: "Not available", detail, code: "unavailable" });
    }
    const detail = "Something failed here. It was written to the program's log.";
    return problem(c, 500, { title: "Failed", detail, code: "failed" });
  });
  return { hono: app, access, live, metrics };
}

/** ms that requests under way get to end by themselves when the program ends. */
const LAST_REQUESTS_MS = 5_000;

export function buildServer(parts: ServerParts): Promise<RunningServer> {
  const { config } = parts;
  let accepting = true;
  const { hono, access, live, metrics } = buildApp(parts, () => accepting);
  const server = Deno.serve({ hostname: config.HOST, port: config.PORT, onListen: () => {} }, hono.fetch);
  const stopSweeping = access.startSweeping();
  return Promise.resolve({
    printLinks: (publicUrl) => printLinks(access, config, publicUrl),
    close: async () => {
      accepting = false;
      await live.close();
      metrics.close();
      await stopSweeping();
      // A request that waits longer waits for a persona: the supervisor, which ends next, answers it.
      let timer: ReturnType<typeof setTimeout> | undefined;
      const late = new Promise<void>((resolve) => timer = setTimeout(resolve, LAST_REQUESTS_MS));
      await Promise.race([server.shutdown(), late]);
      clearTimeout(timer);
    },
  });
}

function programOf(
  { config, version, log, database, supervisor, linking, rules, writer }: ServerParts,
): Program {
  return {
    log,
    sql: database,
    supervisor,
    connections: linking,
    rules,
    files: {
      keep: (personaId, file) => keepPersonaFile(database, personaId, file.original),
      original: (personaId) => readPersonaFileKept(database, personaId),
    },
    writer: {
      describe: () => describeWriter(writer),
      offline: () => writer.kind === "offline",
      test: (signal) => testWriter(writer, signal),
    },
    settings: {
      version,
      publicUrl: config.PUBLIC_URL,
      minFreeBytes: config.MIN_FREE_MB * 1024 * 1024,
      requireAltText: config.REQUIRE_ALT_TEXT,
    },
  };
}

async function printLinks(access: Access, config: Config, publicUrl: string): Promise<void> {
  const setUp = await access.issueSetUpLink(publicUrl);
  if (setUp !== null) console.log(`Set it up within the hour: ${setUp}`);
  if (!config.RESET_ACCESS) return;
  const recovery = await access.issueRecoveryLink(publicUrl);
  if (recovery !== null) console.log(`Get back in within the hour: ${recovery}`);
}
