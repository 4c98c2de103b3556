import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** What happens to one request on its way. `after` means that the server has carried it out by then. */
export type Fault =
  | { kind: "drop"; when: "before" | "after" }
  /** No answer until the client gives up. */
  | { kind: "stall"; when: "before" | "after" }
  /** Held for so long before it goes on to the server. */
  | { kind: "delay"; ms: number }
  /** Reaches the server only when the client has given up: behind whatever the client has done since. */
  | { kind: "late" }
  /** Reaches the server twice, one after the other; the second answer comes back. */
  | { kind: "repeat" }
  /** Half the answer, then the connection breaks. */
  | { kind: "half" }
  /** This answer in place of the server's. */
  | {
    kind: "answer";
    when: "before" | "after";
    status: number;
    headers?: Record<string, string>;
    body?: unknown;
  };

/** Headers of an answer that the client sees. */
const PASSED_BACK = /^(content-type|retry-after|ratelimit-[a-z]+)$/;

export interface FaultProxy {
  /** Origin, in place of the server's. */
  url: string;
  /** The next request of this XRPC method, or of any ("*"), meets this fault; several are met in order. */
  inject(method: string, fault: Fault): void;
  /** Forgets the faults that were not met. */
  clear(): void;
  /** From now on connections are refused, or taken again at the same address. */
  setDown(down: boolean): Promise<void>;
  /** Those that a request met, in order. */
  met(): Fault[];
  /** How many requests of the method came in, and how many reached the server. */
  count(method: string): { received: number; forwarded: number };
  /** Waits for what was held until its client gave up. */
  settled(): Promise<void>;
  stop(): Promise<void>;
}

/** A proxy in front of `target` that passes everything on until it is told otherwise. */
export async function startFaultProxy(target: string): Promise<FaultProxy> {
  const faults: { method: string; fault: Fault }[] = [];
  const met: Fault[] = [];
  const received: string[] = [];
  const forwarded: string[] = [];
  const late = new Set<Promise<unknown>>();

  function takeFault(method: string): Fault | null {
    const index = faults.findIndex((each) => each.method === method || each.method === "*");
    return index < 0 ? null : faults.splice(index, 1)[0]?.fault ?? null;
  }

  async function handle(
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const method = (request.url ?? "").replace(/^\/xrpc\//, "").replace(
      /\?.*$/,
      "",
    );
    received.push(method);
    const body = await readAll(request);
    const fault = takeFault(method);
    if (fault !== null) met.push(fault);
    if (fault?.kind === "late") {
      const arrival = new Promise<void>((resolve) => response.once("close", resolve))
        .then(() => forward(target, request, body))
        .then((answer) => answer.body?.cancel());
      forwarded.push(method);
      late.add(arrival);
      return;
    }
    if (fault?.kind === "delay") {
      await new Promise((resolve) => setTimeout(resolve, fault.ms));
    }
    const reaches = fault === null || !("when" in fault) ||
      fault.when === "after";
    let answer: Response | null = null;
    if (reaches) {
      forwarded.push(method);
      answer = await forward(target, request, body);
      if (fault?.kind === "repeat") {
        await answer.body?.cancel();
        forwarded.push(method);
        answer = await forward(target, request, body);
      }
    }
    const text = new Uint8Array(await answer?.arrayBuffer() ?? []);
    const headers: Record<string, string> = {
      "content-type": "application/json",
    };
    for (const [name, value] of answer?.headers ?? []) {
      if (PASSED_BACK.test(name)) headers[name] = value;
    }
    switch (fault?.kind) {
      case undefined:
      case "delay":
      case "repeat":
        response.writeHead(answer?.status ?? 502, headers).end(text);
        return;
      case "drop":
        response.socket?.destroy();
        return;
      case "stall":
        return;
      case "half":
        response.writeHead(answer?.status ?? 502, {
          ...headers,
          "content-length": String(text.length),
        });
        response.write(
          text.slice(0, Math.ceil(text.length / 2)),
          () => response.socket?.destroy(),
        );
        return;
      case "answer":
        response.writeHead(fault.status, {
          "content-type": "application/json",
          ...fault.headers,
        });
        response.end(JSON.stringify(fault.body ?? {}));
        return;
    }
  }

  const server = createServer((request, response) => {
    handle(request, response).catch((error) => response.writeHead(502).end(String(error)));
  });
  const listen = (port: number) => new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  const close = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  await listen(0);
  const { port } = server.address() as AddressInfo;

  return {
    url: `http://127.0.0.1:${port}`,
    inject: (method, fault) => faults.push({ method, fault }),
    clear: () => void faults.splice(0),
    met: () => [...met],
    setDown: (down) => down ? close() : listen(port),
    count: (method) => ({
      received: received.filter((each) => each === method).length,
      forwarded: forwarded.filter((each) => each === method).length,
    }),
    async settled() {
      for (const arrival of late) {
        await arrival;
        late.delete(arrival);
      }
    },
    stop: close,
  };
}

async function readAll(
  request: IncomingMessage,
): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return new Uint8Array(await new Blob(chunks as BlobPart[]).arrayBuffer());
}

async function forward(
  target: string,
  request: IncomingMessage,
  body: Uint8Array<ArrayBuffer>,
): Promise<Response> {
  const headers = new Headers();
  for (const name of ["authorization", "content-type", "accept"]) {
    const value = request.headers[name];
    if (typeof value === "string") headers.set(name, value);
  }
  const method = request.method ?? "GET";
  return await fetch(target + request.url, {
    method,
    headers,
    body: method === "GET" ? undefined : body,
  });
}
