/** A request as it arrived, its body read according to what it says it is. */
import { Buffer } from "node:buffer";
import type { IncomingMessage } from "node:http";

/** More than the largest file that X takes, with what a form adds. */
const MAX_BODY_BYTES = 20 * 1024 * 1024;

export interface Request {
  method: string;
  url: URL;
  authorization: string;
  /** Without parameters, in small letters. */
  contentType: string;
  /** JSON, the fields of a form by name, a form's own text, or undefined where it is none of these. */
  body: unknown;
  /** The text of an `application/x-www-form-urlencoded` body, else empty. */
  form: string;
}

/** Throws where the body is too large or breaks off. */
export async function readRequest(request: IncomingMessage): Promise<Request> {
  const bytes = await bytesOf(request);
  const fullType = request.headers["content-type"] ?? "";
  const contentType = fullType.split(";")[0]?.trim().toLowerCase() ?? "";
  const form = contentType === "application/x-www-form-urlencoded" ? new TextDecoder().decode(bytes) : "";
  return {
    method: request.method ?? "",
    url: new URL(request.url ?? "/", "http://x.invalid"),
    authorization: request.headers.authorization ?? "",
    contentType,
    body: parsed(contentType, fullType, bytes),
    form,
  };
}

function parsed(
  contentType: string,
  fullType: string,
  bytes: Uint8Array<ArrayBuffer>,
): unknown {
  if (contentType === "application/json") {
    try {
      return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    } catch {
      return undefined; // No JSON: refused like any other body that is no object.
    }
  }
  if (contentType !== "multipart/form-data") return undefined;
  return formFields(bytes, /boundary="?([^";]+)"?/.exec(fullType)?.[1] ?? "");
}

/**
 * The fields of a form, `media` as bytes. Read here, since `formData()` takes a file without a name for text, and
 * spoils it; clients do send it so.
 */
function formFields(bytes: Uint8Array, boundary: string): Record<string, unknown> | undefined {
  const fields: Record<string, unknown> = {};
  const [before, ...parts] = Buffer.from(bytes).toString("latin1").split(`--${boundary}`);
  const end = parts.pop();
  if (boundary === "" || before !== "" || end === undefined || !end.startsWith("--")) return undefined;
  for (const part of parts) {
    const [head = "", ...rest] = part.split("\r\n\r\n");
    const name = /\bname="([^"]*)"/.exec(head)?.[1];
    const content = rest.join("\r\n\r\n");
    if (name === undefined || name in fields || !content.endsWith("\r\n")) return undefined;
    const value = Uint8Array.from(content.slice(0, -2), (character) => character.charCodeAt(0));
    fields[name] = name === "media" ? value : new TextDecoder().decode(value);
  }
  return fields;
}

async function bytesOf(request: IncomingMessage): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) throw new Error(`a body may have ${MAX_BODY_BYTES} bytes`);
    chunks.push(chunk);
  }
  const whole = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}
