/** How an answer goes over the wire, whole or spoilt. */
import type { ServerResponse } from "node:http";
import type { Answer } from "./answers.ts";
import type { Fault } from "./faults.ts";

export type Delivery = Answer | "reset" | "hang";

const BAD_GATEWAY: Answer = {
  status: 502,
  html: "<!doctype html><title>502</title><h1>502 Bad Gateway</h1>",
};

export function deliver(response: ServerResponse, answer: Delivery, fault: Fault | null): void {
  if (answer === "hang" || fault === "hang_after") return;
  if (answer === "reset" || fault === "reset_after") return void response.socket?.destroy();
  switch (fault) {
    case "server_error_after":
      return whole(response, { status: 500, body: { status: 500, message: "Internal Server Error" } });
    case "bad_gateway_after":
      return whole(response, BAD_GATEWAY);
    case "junk_answer":
      return whole(response, { status: 200, html: "<!doctype html><title>Welcome</title>" });
    case "without_id": {
      const { "x-restli-id": _, ...headers } = answer.headers ?? {};
      return whole(response, { ...answer, headers });
    }
    case "half_answer":
      return half(response, answer);
    default:
      return whole(response, answer);
  }
}

function whole(response: ServerResponse, answer: Answer): void {
  const { type, text } = textOf(answer);
  response.writeHead(answer.status, {
    ...answer.headers,
    ...(type === null ? {} : { "content-type": type }),
    "x-li-uuid": "stand-in",
  });
  response.end(text);
}

/** Ends in the middle of the body; where there is none, in the middle of the head. */
function half(response: ServerResponse, answer: Answer): void {
  const { type, text } = textOf(answer);
  const end = () => void response.socket?.destroy();
  if (type === null) {
    const head = `HTTP/1.1 ${answer.status} \r\n` +
      Object.entries(answer.headers ?? {}).map(([name, value]) => `${name}: ${value}\r\n`).join("");
    response.socket?.write(head.slice(0, -9), end);
    return;
  }
  const bytes = new TextEncoder().encode(text);
  response.writeHead(answer.status, {
    ...answer.headers,
    "content-type": type,
    "content-length": bytes.length,
  });
  response.write(bytes.subarray(0, Math.floor(bytes.length / 2)), end);
}

function textOf(answer: Answer): { type: string | null; text: string } {
  if (answer.html !== undefined) return { type: "text/html; charset=utf-8", text: answer.html };
  if (answer.body === undefined) return { type: null, text: "" };
  return { type: "application/json", text: JSON.stringify(answer.body) };
}
