/** How an answer goes out: whole, late, in pieces, half, or never. */
import type { ServerResponse } from "node:http";
import type { Delivery } from "./faults.ts";
import type { Answer } from "./problems.ts";

export interface Pauses {
  slowMs: number;
  gapMs: number;
  /** Ends never where the stand-in is stopped before. */
  wait(ms: number): Promise<void>;
}

const PIECES = 8;

export async function deliver(
  answer: Answer,
  delivery: Delivery,
  response: ServerResponse,
  pauses: Pauses,
): Promise<void> {
  if (delivery === "hang") return;
  if (delivery === "reset") return void response.socket?.destroy();
  if (delivery === "slow") await pauses.wait(pauses.slowMs);
  if (response.destroyed) return;
  const text = typeof answer.body === "string" ? answer.body : JSON.stringify(answer.body);
  const bytes = new TextEncoder().encode(text);
  response.writeHead(answer.status, {
    "content-type": answer.contentType ?? "application/json; charset=utf-8",
    "content-length": bytes.length,
    ...answer.headers,
  });
  if (delivery === "half") {
    await new Promise((written) => response.write(bytes.slice(0, Math.ceil(bytes.length / 2)), written));
    return void response.socket?.destroy();
  }
  if (delivery === "dribble") {
    const size = Math.max(1, Math.ceil(bytes.length / PIECES));
    for (let at = 0; at < bytes.length && !response.destroyed; at += size) {
      response.write(bytes.slice(at, at + size));
      await pauses.wait(pauses.gapMs);
    }
    return void response.end();
  }
  response.end(bytes);
}
