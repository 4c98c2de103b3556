/** For tests: the API on a real server, with access, a real log and personas that play at once. */
import { type FreshDatabase, testOn } from "../../tests/database.ts";
import { type InProcessProgram, inProcessProgram } from "../../tests/in_process_program.ts";
import type { InProcessOptions } from "../../tests/in_process_supervisor.ts";
import type { Scope } from "../access/authorize.ts";
import { ADMIN_TOKEN, startTestSite, type TestSite } from "../access/test_site.ts";
import { createMetrics, type Metrics } from "../ops/metrics.ts";
import { documentOps, opsRoutes } from "../ops/ops.ts";
import { apiNotFound, type ApiOptions, apiRoutes } from "./api.ts";

export interface Answer {
  status: number;
  // deno-lint-ignore no-explicit-any -- answers are judged by what they hold
  body: any;
  headers: Headers;
}

export interface TestApi extends InProcessProgram {
  database: FreshDatabase;
  site: TestSite;
  metrics: Metrics;
  /** What the API reported as its own fault: must be none. */
  faults: unknown[];
  /** What `freeBytes` says. */
  disk: { free: number };
  /** Sends JSON as ADMIN_TOKEN unless told otherwise. */
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  /** A token with these scopes, as a header. */
  token(...scopes: Scope[]): Promise<Record<string, string>>;
  /** A persona with a sandbox account. */
  persona(fields?: Record<string, unknown>): Promise<string>;
  /** A post of it that waits for review. */
  draft(personaId: string, text?: string): Promise<{ postId: string; contentHash: string }>;
}

export function testApi(
  name: string,
  test: (api: TestApi) => Promise<void>,
  options: Omit<InProcessOptions, "log"> & Partial<ApiOptions> = {},
): void {
  testOn("embedded", name, async (database) => {
    const api = await startTestApi(database, options);
    try {
      await test(api);
      if (api.faults.length > 0) throw new AggregateError(api.faults, "the API reported faults of its own");
    } finally {
      await api.site.close();
      api.metrics.close();
      await api.close();
    }
  });
}

async function startTestApi(
  database: FreshDatabase,
  options: Omit<InProcessOptions, "log"> & Partial<ApiOptions>,
): Promise<TestApi> {
  const running = await inProcessProgram(database, { plays: true, ...options });
  const metrics = createMetrics({ log: running.log, supervisor: running.supervisor, version: "0.0.0-test" });
  const program = { ...running.program, supervisor: metrics.supervisor };
  const faults: unknown[] = [];
  const disk = { free: 1e12 };
  const site = startTestSite(database.sql, {
    routes(app) {
      app.use(metrics.middleware);
      app.notFound((c) => apiNotFound(c));
      app.route("/", opsRoutes({ program, metrics }));
      app.route(
        "/",
        apiRoutes(program, {
          freeBytes: () => Promise.resolve(disk.free),
          report: (error) => void faults.push(error),
          documentMore: documentOps,
          ...options,
        }),
      );
    },
  });

  const call: TestApi["call"] = async (method, path, body, headers = {}) => {
    const json: Record<string, string> = body === undefined ? {} : { "content-type": "application/json" };
    const answer = await site.send(path, {
      method,
      headers: { authorization: `Bearer ${ADMIN_TOKEN}`, ...json, ...headers },
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    const text = await answer.text();
    const isJson = /json/.test(answer.headers.get("content-type") ?? "");
    return { status: answer.status, body: isJson ? JSON.parse(text) : text, headers: answer.headers };
  };

  const must = async (status: number, answer: Promise<Answer>): Promise<Answer["body"]> => {
    const { status: was, body } = await answer;
    if (was !== status) throw new Error(`answered ${was}, not ${status}: ${JSON.stringify(body)}`);
    return body;
  };

  return {
    ...running,
    database,
    program,
    site,
    metrics,
    faults,
    disk,
    call,
    async token(...scopes) {
      const created = await site.access.tokens.create({ name: "t", scopes, userId: null, expiresAt: null });
      return { authorization: `Bearer ${created?.token}` };
    },
    async persona(fields = {}) {
      const { id } = await must(201, call("POST", "/api/v1/personas", { name: "Mira Holt", ...fields }));
      await must(201, call("POST", `/api/v1/personas/${id}/connections`, { platform: "sandbox" }));
      return id;
    },
    async draft(personaId, text = "The first frost on the lens.") {
      const postId = crypto.randomUUID();
      const command = { type: "compose", platform: "sandbox", brief: text, postId };
      await must(200, call("POST", `/api/v1/personas/${personaId}/commands`, command));
      const page = await must(200, call("GET", `/api/v1/posts/${postId}`));
      return { postId, contentHash: page.contentHash };
    },
  };
}
