/**
 * A stand-in for LinkedIn, on loopback: as strict as the real one, deterministic, and faulty on demand. It has two
 * origins, as LinkedIn has: the API, and the web, where members sign in and bytes are uploaded. What one has the
 * other does not.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type Answer, denied, Refusal, refuse, throttled, unauthorized } from "./answers.ts";
import { bearer, type Call, Limits, sunset, versionOf } from "./call.ts";
import { type Control, controlByName, controlOf } from "./control.ts";
import { deliver, type Delivery } from "./delivery.ts";
import { type Fault, type FaultBefore, FaultQueue, isBefore } from "./faults.ts";
import { upload, UPLOAD_PATH } from "./images.ts";
import { OAuth } from "./oauth.ts";
import { RequestLog, withoutSecrets } from "./requests.ts";
import { Query } from "./restli.ts";
import { route } from "./routes.ts";
import { type Application, World, type WorldOptions } from "./world.ts";

export interface LinkedInStandInOptions extends WorldOptions {
  /** Of the API. @default 0, any free port */
  port?: number;
  /** Of sign-in and uploads. @default 0, any free port */
  webPort?: number;
  /** ms before an answer with the fault `slow`. @default 400 */
  slowMs?: number;
}

export interface LinkedInStandIn {
  /** In place of `https://api.linkedin.com`, no trailing slash. */
  origin: string;
  /** In place of `https://www.linkedin.com`, no trailing slash. */
  webOrigin: string;
  application: Application;
  control: Control;
  stop(): Promise<void>;
}

const MAX_BODY_BYTES = 20_000_000;
const CONTROL = "/_control/";

export async function startLinkedInStandIn(options: LinkedInStandInOptions = {}): Promise<LinkedInStandIn> {
  const world = new World(options);
  const oauth = new OAuth(world);
  const faults = new FaultQueue();
  const log = new RequestLog();
  const limits = new Limits();
  const control = controlOf(world, oauth, faults, log);
  const timers = new Set<ReturnType<typeof setTimeout>>();
  const origins = { api: "", web: "" };

  /** What the request comes to, had it no fault after it. */
  const judge = (
    host: "api" | "web",
    request: IncomingMessage,
    body: Uint8Array<ArrayBuffer>,
    fault: Fault | null,
  ) => {
    const { path, search } = target(request);
    const method = request.method ?? "";
    const form = () => formOf(request, body);
    if (host === "web") {
      switch (`${method} ${path}`) {
        case "GET /oauth/v2/authorization":
          return oauth.page(new URLSearchParams(search));
        case "POST /oauth/v2/authorization/decision":
          return oauth.decide(form());
        case "POST /oauth/v2/accessToken":
          return oauth.token(form());
        case "POST /oauth/v2/introspectToken":
          return oauth.introspect(form());
      }
      if (method === "PUT" && path.startsWith(UPLOAD_PATH)) {
        return upload(world, path, body, bearer(world, request.headers).member, fault);
      }
      throw refuse(404, { message: "Page not found" });
    }
    const { handler, keys } = route(method, path);
    const token = bearer(world, request.headers);
    const version = path.startsWith("/rest/") ? versionOf(world, request.headers) : "";
    limits.count(world, token.member);
    const { headers } = request;
    const call: Call = {
      world,
      method,
      keys,
      query: new Query(search),
      headers,
      body,
      version,
      token,
      fault,
    };
    return handler(call, origins.web);
  };

  const handle = async (host: "api" | "web", request: IncomingMessage, response: ServerResponse) => {
    const { path, search } = target(request);
    const method = request.method ?? "";
    const body = await bodyOf(request);
    if (host === "api" && method === "POST" && path.startsWith(CONTROL)) {
      const input = new TextDecoder().decode(body);
      return send(response, controlByName(control, path.slice(CONTROL.length), input), null);
    }
    // What a person does in the browser has no faults: they are for programs.
    const fault = path.startsWith("/oauth/v2/authorization") ? null : faults.take(method, path);
    let answer: Answer | "reset" | "hang";
    let refusal: unknown = null;
    try {
      answer = isBefore(fault) ? instead(fault, request) : judge(host, request, body, fault);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      answer = error.answer;
      if (fault === null) refusal = error.answer.body;
    }
    const token = world.tokens.find(({ text }) => `Bearer ${text}` === request.headers.authorization);
    log.add({
      at: world.now(),
      host,
      method,
      ...withoutSecrets(path, search, request.headers, body),
      member: token?.member ?? null,
      status: typeof answer === "string" ? 0 : answer.status,
      fault,
      refusal,
    });
    send(response, answer, fault);
  };

  const send = (response: ServerResponse, answer: Delivery, fault: Fault | null) => {
    if (fault !== "slow") return deliver(response, answer, fault);
    const timer = setTimeout(() => {
      timers.delete(timer);
      deliver(response, answer, fault);
    }, options.slowMs ?? 400);
    timers.add(timer);
  };

  const servers: Server[] = [];
  const listen = async (host: "api" | "web", port: number) => {
    const server = createServer((request, response) => {
      handle(host, request, response).catch((error) => {
        // A client that went away before it had sent everything is no mistake of anybody's here.
        if (!request.complete) return;
        // A mistake of the stand-in itself: told to whoever runs the test, not dressed up as LinkedIn's.
        console.error("the LinkedIn stand-in failed:", error);
        response.destroy();
      });
    });
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(port, "127.0.0.1", resolve);
    });
    servers.push(server);
    origins[host] = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  };
  const stop = async () => {
    for (const timer of timers) clearTimeout(timer);
    await Promise.all(servers.map((server) => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      return closed;
    }));
  };
  try {
    await listen("api", options.port ?? 0);
    await listen("web", options.webPort ?? 0);
  } catch (error) {
    await stop();
    throw error;
  }
  return { origin: origins.api, webOrigin: origins.web, application: world.application, control, stop };
}

/** What comes instead of an effect. */
function instead(fault: FaultBefore, { headers }: IncomingMessage): Answer | "reset" | "hang" {
  const html = "<!doctype html><title>502</title><h1>502 Bad Gateway</h1>";
  switch (fault) {
    case "reset_before":
      return "reset";
    case "hang_before":
      return "hang";
    case "server_error_before":
      throw refuse(500, { message: "Internal Server Error" });
    case "bad_gateway_before":
      return { status: 502, html };
    case "unavailable_before":
      throw refuse(503, { message: "Service Unavailable" });
    case "conflict":
      throw refuse(409, { code: "CONFLICT", message: "Retry the request." });
    case "rate_limited_application":
      throw throttled("APPLICATION");
    case "rate_limited_member":
      throw throttled("APPLICATION_AND_MEMBER");
    case "expired_token":
      throw unauthorized.expired();
    case "revoked_token":
      throw unauthorized.revoked();
    case "invalid_token":
      throw unauthorized.invalid();
    case "version_sunset":
      throw sunset(String(headers["linkedin-version"] ?? ""));
    case "token_in_error":
      throw denied(`Not for the holder of ${headers.authorization ?? "nothing"}`);
    case "redirect":
      return { status: 307, headers: { location: "http://127.0.0.1:9/elsewhere" } };
  }
}

/** As it was sent: decoding would hide what is wrong with it. */
function target(request: IncomingMessage): { path: string; search: string } {
  const [path = "/", search = ""] = (request.url ?? "/").split(/\?(.*)/s);
  return { path, search };
}

function formOf(request: IncomingMessage, body: Uint8Array<ArrayBuffer>): URLSearchParams {
  if (!/^application\/x-www-form-urlencoded(;|$)/.test(request.headers["content-type"] ?? "")) {
    throw refuse(415, { message: "The request's content type must be application/x-www-form-urlencoded" });
  }
  return new URLSearchParams(new TextDecoder().decode(body));
}

async function bodyOf(request: IncomingMessage): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) throw new RangeError(`a body of more than ${MAX_BODY_BYTES} bytes`);
    chunks.push(chunk);
  }
  return new Uint8Array(await new Blob(chunks as Uint8Array<ArrayBuffer>[]).arrayBuffer());
}
