/** What a stand-in remembers of the requests it saw: enough to judge a client, and no secret. */
import type { IncomingHttpHeaders } from "node:http";
import type { Fault } from "./faults.ts";

export interface SeenRequest {
  /** ms since the epoch. */
  at: number;
  host: "api" | "web";
  method: string;
  /** Of the API with its query; of sign-in and uploads without, for there it holds secrets. */
  path: string;
  version: string | null;
  protocol: string | null;
  /** The member whose token it bore; null: none that is known. */
  member: string | null;
  /** JSON of the API; of a form the names of its fields; of an upload the number of bytes. */
  body: unknown;
  /** 0: none was answered. */
  status: number;
  fault: Fault | null;
  /** What it was refused with, where no fault had a hand in it. */
  refusal: unknown;
}

const MAX_KEPT = 10_000;

export class RequestLog {
  #seen: SeenRequest[] = [];

  add(request: SeenRequest): void {
    this.#seen.push(request);
    if (this.#seen.length > MAX_KEPT) this.#seen.shift();
  }

  all(): SeenRequest[] {
    return structuredClone(this.#seen);
  }

  forget(): void {
    this.#seen = [];
  }
}

export function withoutSecrets(
  path: string,
  search: string,
  headers: IncomingHttpHeaders,
  bytes: Uint8Array<ArrayBuffer>,
): Pick<SeenRequest, "path" | "version" | "protocol" | "body"> {
  const api = path.startsWith("/rest/") || path.startsWith("/v2/");
  const text = (header: string | string[] | undefined) => header === undefined ? null : String(header);
  return {
    path: api && search !== "" ? `${path}?${search}` : path,
    version: text(headers["linkedin-version"]),
    protocol: text(headers["x-restli-protocol-version"]),
    body: api ? jsonOf(bytes) : path.startsWith("/oauth/") ? namesOf(bytes) : bytes.length,
  };
}

function jsonOf(bytes: Uint8Array<ArrayBuffer>): unknown {
  try {
    return bytes.length === 0 ? null : JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return "no JSON"; // Refused where it is judged; here it is only remembered.
  }
}

function namesOf(bytes: Uint8Array<ArrayBuffer>): string[] {
  return [...new URLSearchParams(new TextDecoder().decode(bytes)).keys()];
}
