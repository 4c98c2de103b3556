/**
 * A stand-in for an OpenAI-compatible endpoint, on loopback: strict about what it is sent, deterministic in what it
 * answers, and faulty on demand, by `setFault`, by `POST /admin/fault` or by the header `x-stand-in-fault`.
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type AnswerTimes, type Step, stepsFor } from "./answers.ts";
import { type Fault, FAULTS, isFault } from "./faults.ts";
import { type ChatRequest, readChatRequest } from "./request.ts";

export interface ModelStandInOptions {
  /** @default 0, any free port */
  port?: number;
  /** What `Authorization: Bearer …` must say; empty: no header may be sent. @default "loopback-7Qx2mVt9Zr4Lw8Kc" */
  apiKey?: string;
  /** Models that it knows. @default ["stand-in-1"] */
  models?: string[];
  /** ms before the first byte with `slow_first_byte`. @default 400 */
  slowMs?: number;
  /** ms between chunks with `slow_between_chunks`. @default 30 */
  gapMs?: number;
}

export interface ModelStandIn {
  /** The base URL to configure, with `/v1`. */
  url: string;
  apiKey: string;
  /** For every request until changed; null: none. */
  setFault(fault: Fault | null): void;
  /** The requests that passed all checks, oldest first. At most 1,000 are kept. */
  requests(): ChatRequest[];
  /** Requests that were refused as wrong, with the reason. */
  refused(): string[];
  stop(): Promise<void>;
}

const MAX_BODY_BYTES = 1_000_000;
const MAX_KEPT = 1_000;

export async function startModelStandIn(options: ModelStandInOptions = {}): Promise<ModelStandIn> {
  const apiKey = options.apiKey ?? "loopback-7Qx2mVt9Zr4Lw8Kc";
  const models = options.models ?? ["stand-in-1"];
  const times: AnswerTimes = { slowMs: options.slowMs ?? 400, gapMs: options.gapMs ?? 30 };
  const requests: ChatRequest[] = [];
  const refused: string[] = [];
  const timers = new Set<ReturnType<typeof setTimeout>>();
  let fault: Fault | null = null;

  const keep = <T>(list: T[], item: T) => {
    list.push(item);
    if (list.length > MAX_KEPT) list.shift();
  };
  const wait = (ms: number) =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(() => {
        timers.delete(timer);
        resolve();
      }, ms);
      timers.add(timer);
    });

  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    const path = new URL(request.url ?? "/", "http://stand-in").pathname;
    if (request.method === "POST" && path === "/admin/fault") {
      const asked = JSON.parse(await bodyOf(request)).fault ?? null;
      if (asked !== null && !isFault(String(asked))) {
        return json(response, 400, { error: `one of ${FAULTS.join(", ")}` });
      }
      fault = asked;
      return json(response, 200, { fault });
    }
    if (request.method !== "POST" || path !== "/v1/chat/completions") {
      keep(refused, `${request.method} ${path}`);
      return problem(response, 404, { message: `no such path: ${path}`, param: "", code: "not_found" });
    }
    const header = request.headers.authorization;
    if (apiKey === "" ? header !== undefined : header !== `Bearer ${apiKey}`) {
      keep(refused, "authorization");
      const message = `Incorrect API key provided: ${(header ?? "none").slice(7)}.`;
      return problem(response, 401, { message, param: "", code: "invalid_api_key" });
    }
    if (request.headers["content-type"] !== "application/json") {
      keep(refused, "content-type");
      return problem(response, 415, {
        message: "content-type must be application/json",
        param: "",
        code: "content_type",
      });
    }
    const text = await bodyOf(request);
    const asked = readChatRequest(parse(text));
    if ("param" in asked) {
      keep(refused, asked.message);
      return problem(response, 400, { ...asked, code: "invalid_request" });
    }
    const named = String(request.headers["x-stand-in-fault"] ?? "");
    const active = isFault(named) ? named : fault;
    if (active === "no_seed" && asked.seed !== undefined) {
      return problem(response, 400, {
        message: "Unrecognized request argument supplied: seed",
        param: "seed",
        code: "unknown",
      });
    }
    keep(requests, asked);
    if (!models.includes(asked.model)) {
      return problem(response, 404, {
        message: `The model \`${asked.model}\` does not exist`,
        param: "model",
        code: "model_not_found",
      });
    }
    if (plainFault(response, active, apiKey)) return;
    response.writeHead(200, {
      "content-type": "text/event-stream; charset=utf-8",
      "cache-control": "no-cache",
    });
    await play(stepsFor(asked, active, apiKey, times), response, wait);
  };

  const server = createServer((request, response) => {
    handle(request, response).catch((error) => {
      keep(refused, `stand-in: ${error}`);
      response.destroy();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port ?? 0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/v1`,
    apiKey,
    setFault: (next) => void (fault = next),
    requests: () => [...requests],
    refused: () => [...refused],
    stop: async () => {
      for (const timer of timers) clearTimeout(timer);
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

async function play(
  steps: Step[],
  response: ServerResponse,
  wait: (ms: number) => Promise<void>,
): Promise<void> {
  response.flushHeaders();
  for (const step of steps) {
    if (response.destroyed || response.closed) return;
    if ("waitMs" in step) await wait(step.waitMs);
    else if ("hang" in step) return;
    else if ("reset" in step) return void response.socket?.destroy();
    else if (!response.write(step.bytes)) {
      await new Promise<void>((resolve) => {
        response.once("drain", resolve);
        response.once("close", resolve);
      });
    }
  }
  response.end();
}

/** The faults that are no stream. */
function plainFault(response: ServerResponse, fault: Fault | null, apiKey: string): boolean {
  const html = "<!doctype html><title>Bad gateway</title><h1>502</h1><p>nginx</p>";
  switch (fault) {
    case "rate_limited":
      response.setHeader("retry-after", "7");
      problem(response, 429, { message: "Rate limit reached", param: "", code: "rate_limit_exceeded" });
      return true;
    case "rate_limited_reset":
      response.setHeader("x-ratelimit-reset-requests", "1s");
      response.setHeader("x-ratelimit-reset-tokens", "6m0s");
      problem(response, 429, { message: "Rate limit reached", param: "", code: "rate_limit_exceeded" });
      return true;
    case "out_of_quota":
      problem(response, 429, {
        message: "You exceeded your current quota",
        param: "",
        code: "insufficient_quota",
      });
      return true;
    case "server_error":
      problem(response, 500, { message: "The server had an error", param: "", code: "server_error" });
      return true;
    case "unauthorized":
      problem(response, 401, { message: "Incorrect API key provided", param: "", code: "invalid_api_key" });
      return true;
    case "key_in_error": {
      const masked = `${apiKey.slice(0, 8)}****${apiKey.slice(-6)}`;
      problem(response, 403, {
        message: `Key ${apiKey} (${masked}) is blocked; Bearer ${apiKey}`,
        param: "",
        code: "blocked",
      });
      return true;
    }
    case "html_502":
      send(response, 502, "text/html", html);
      return true;
    case "html_200":
      send(response, 200, "text/html; charset=utf-8", html);
      return true;
    case "json_200":
      send(response, 200, "application/json", '{"choices":[{"message":{"content":"not a stream"}}]}');
      return true;
    case "junk_200":
      send(response, 200, "text/event-stream", "\u0000\u0001 hello, I am not a stream \n\n\n nor this");
      return true;
    case "redirect":
      response.setHeader("location", "http://127.0.0.1:9/elsewhere");
      send(response, 307, "text/plain", "");
      return true;
    default:
      return false;
  }
}

interface Problem {
  message: string;
  param: string;
  code: string;
}

function problem(response: ServerResponse, status: number, error: Problem): void {
  json(response, status, { error: { ...error, type: "stand_in" } });
}

function json(response: ServerResponse, status: number, body: unknown): void {
  send(response, status, "application/json", JSON.stringify(body));
}

function send(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, { "content-type": type }).end(body);
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) throw new Error("the body is too large");
    chunks.push(chunk);
  }
  return new TextDecoder("utf-8", { fatal: true }).decode(
    Uint8Array.from(chunks.flatMap((chunk) => [...chunk])),
  );
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // No JSON: refused like any other body that is no object.
  }
}
