/**
 * A stand-in for X on loopback: as strict as X about what it is sent, with X's answers, rules, limits and prices, and
 * faulty on demand. What tests and people may do to it is `control`; over HTTP the same is under `/stand-in/`.
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { consentPage, consentRefusedPage } from "./consent_page.ts";
import type { Contracts } from "./contracts.ts";
import { createControl, type XControl } from "./control.ts";
import { CONTROL, controlled } from "./control_paths.ts";
import { deliver, type Pauses } from "./delivery.ts";
import { planOf } from "./faults.ts";
import { formPairs } from "./oauth1.ts";
import { consent, readConsentRequest } from "./oauth2.ts";
import { problem } from "./problems.ts";
import { askedOf } from "./record.ts";
import { readRequest, type Request } from "./request.ts";
import { nameOf, respond } from "./respond.ts";
import { accountNamed, addAccount, type App, createWorld, type Settings, type World } from "./world.ts";

export interface XStandInOptions {
  /** @default 0, any free port */
  port?: number;
  /** ms since the epoch; `control.advance` adds to it. @default the system's */
  clock?: { now(): number };
  /** From which keys and tokens are made. @default "x" */
  seed?: string;
  /** @default [{ username: "marisol_ink", name: "Marisol" }] */
  accounts?: { username: string; name: string }[];
  /** To which the consent page may send people back: exactly these. @default ["http://127.0.0.1:8000/callback"] */
  redirectUris?: string[];
  /** What OAuth 1.0a signatures are made over. @default "https://api.x.com" */
  signedOrigin?: string;
  /** As in `control.set`. */
  settings?: Partial<Settings>;
  /** Judges every request and answer; what is wrong is in `control.violations()`. @default null, no judge */
  contracts?: Contracts | null;
  /** ms before the first byte with the fault `slow`. @default 400 */
  slowMs?: number;
  /** ms between pieces with the fault `slow_body`. @default 20 */
  gapMs?: number;
}

export interface XStandIn {
  /** Where the API is, without a slash at the end. */
  origin: string;
  /** Where people agree: `/i/oauth2/authorize` on the same server. */
  authorizeUrl: string;
  /** The one app that is registered. */
  app: Readonly<App>;
  control: XControl;
  /** Nobody listens any more: connections are refused until `up`. */
  down(): Promise<void>;
  up(): Promise<void>;
  stop(): Promise<void>;
}

const CONSENT_PATHS = ["/i/oauth2/authorize", "/2/oauth2/authorize"];

export async function startXStandIn(options: XStandInOptions = {}): Promise<XStandIn> {
  let advanced = 0;
  const clock = options.clock ?? { now: () => Date.now() };
  const world = createWorld({
    now: () => clock.now() + advanced,
    seed: options.seed ?? "x",
    signedOrigin: options.signedOrigin ?? "https://api.x.com",
    redirectUris: options.redirectUris ?? ["http://127.0.0.1:8000/callback"],
    settings: options.settings ?? {},
  });
  for (const { username, name } of options.accounts ?? [{ username: "marisol_ink", name: "Marisol" }]) {
    addAccount(world, username, name);
  }
  const control = createControl(world, { advance: (ms) => void (advanced += ms) });
  const timers = new Set<ReturnType<typeof setTimeout>>();
  const pauses: Pauses = {
    slowMs: options.slowMs ?? 400,
    gapMs: options.gapMs ?? 20,
    wait: (ms) =>
      new Promise((resolve) => {
        const timer = setTimeout(() => {
          timers.delete(timer);
          resolve();
        }, ms);
        timers.add(timer);
      }),
  };

  const handle = async (incoming: IncomingMessage, response: ServerResponse) => {
    const request = await readRequest(incoming);
    const { pathname } = request.url;
    if (pathname.startsWith(CONTROL)) {
      const [status, body] = controlled(control, request.method, pathname, request.body);
      return await deliver({ status, body }, "whole", response, pauses);
    }
    if (CONSENT_PATHS.includes(pathname)) return showConsent(world, request, response);
    await answerApi(world, control, options.contracts ?? null, request, response, pauses);
  };
  const server = createServer((incoming, response) => {
    handle(incoming, response).catch((error) => {
      // Who asks may break off within a request: X would not know of it.
      if (error instanceof Error && "code" in error && error.code === "ECONNRESET") return response.destroy();
      const note = `the stand-in failed: ${error instanceof Error ? error.message : error}`;
      control.inside.violated([note]);
      response.destroy();
    });
  });
  const listen = (port: number) =>
    new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(port, "127.0.0.1", () => {
        server.off("error", reject);
        resolve();
      });
    });
  const close = async () => {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeAllConnections();
    await closed;
  };
  await listen(options.port ?? 0);
  const { port } = server.address() as AddressInfo;
  const origin = `http://127.0.0.1:${port}`;
  return {
    origin,
    authorizeUrl: `${origin}${CONSENT_PATHS[0]}`,
    app: world.app,
    control,
    down: close,
    up: () => listen(port),
    stop: async () => {
      for (const timer of timers) clearTimeout(timer);
      if (server.listening) await close();
    },
  };
}

async function answerApi(
  world: World,
  control: XControl,
  contracts: Contracts | null,
  request: Request,
  response: ServerResponse,
  pauses: Pauses,
): Promise<void> {
  const name = nameOf(request);
  const at = world.now();
  const fault = name === null ? null : control.inside.take(name);
  const plan = fault === null ? null : planOf(fault);
  const spent = world.spentMicroUsd;
  const done = plan === null || plan.commits ? respond(world, request) : null;
  if (done !== null && done.operation !== null) {
    control.inside.violated(
      contracts?.broken({
        operation: done.operation,
        parameters: done.parameters,
        query: request.url.searchParams,
        contentType: request.contentType,
        body: request.body,
        dialect: done.dialect,
        status: done.answer.status,
        answer: done.answer.body,
      }) ?? [],
    );
  }
  const answer = plan?.answer?.(done?.answer ?? null, at) ?? done?.answer ??
    problem(500, "Internal Server Error", "nothing was done");
  control.inside.record({
    at,
    operation: name,
    ...askedOf(request),
    username: done?.account?.username ?? null,
    status: done?.answer.status ?? null,
    note: done?.answer.note ?? null,
    fault,
    costMicroUsd: world.spentMicroUsd - spent,
  });
  await deliver(answer, plan?.delivery ?? "whole", response, pauses);
}

function showConsent(world: World, request: Request, response: ServerResponse): void {
  const html = (status: number, body: string) =>
    void response.writeHead(status, { "content-type": "text/html; charset=utf-8" }).end(body);
  const asked = readConsentRequest(world, request.url.searchParams);
  if (typeof asked === "string") return html(400, consentRefusedPage(asked));
  if (request.method === "GET") {
    return html(200, consentPage(world, request.url.search.slice(1), asked.scopes));
  }
  const form = new Map(formPairs(request.form));
  const [decision, username] = [form.get("decision"), form.get("username") ?? ""];
  if (request.method !== "POST" || !["approve", "deny"].includes(decision ?? "")) {
    return html(400, consentRefusedPage("decision must be approve or deny"));
  }
  if (accountNamed(world, username) === undefined) {
    return html(400, consentRefusedPage("nobody is signed in"));
  }
  const location = consent(world, asked, { approve: decision === "approve", username });
  response.writeHead(302, { location }).end();
}
