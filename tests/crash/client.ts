/** A careful client: it repeats a command under the same key until it has a definite answer, and keeps every answer. */
import type { StoredEvent } from "../../db/log/log.ts";
import { until } from "./wait.ts";

/** Longest time for one command to be answered, crashes and restarts included. */
const ANSWER_MS = 90_000;
const REQUEST_MS = 15_000;
const HASTE_MS = 3;

export interface Acknowledged {
  key: string;
  path: string;
  body: Record<string, unknown>;
  status: number;
  events: StoredEvent[];
}

export interface Answer<T = { events?: StoredEvent[] }> {
  status: number;
  body: T;
}

export class Client {
  /** Every command that was answered, in the order of the answers. */
  readonly answered: Acknowledged[] = [];
  readonly #origin: string;
  readonly #http = Deno.createHttpClient({});
  #token = "";

  constructor(origin: string) {
    this.#origin = origin;
  }

  get origin(): string {
    return this.#origin;
  }

  use(token: string): void {
    this.#token = token;
  }

  /** One request, once; null when no answer came. */
  async once<T>(
    method: string,
    path: string,
    body?: unknown,
    key?: string,
    patienceMs = REQUEST_MS,
  ): Promise<Answer<T> | null> {
    try {
      const response = await fetch(this.#origin + path, {
        method,
        client: this.#http,
        headers: {
          authorization: `Bearer ${this.#token}`,
          ...(body === undefined ? {} : { "content-type": "application/json" }),
          ...(key === undefined ? {} : { "idempotency-key": key }),
        },
        body: body === undefined ? undefined : JSON.stringify(body),
        signal: AbortSignal.timeout(patienceMs),
      });
      return { status: response.status, body: await response.json() };
    } catch {
      // Refused, broken off or too late: nobody knows whether it was done, which is what the key is for.
      return null;
    }
  }

  /** Repeats until the answer is one that a repetition cannot change. */
  async definite<T>(method: string, path: string, body?: unknown, key?: string): Promise<Answer<T>> {
    return await until(`${method} ${path} ${key ?? ""}`, ANSWER_MS, async () => {
      const answer = await this.once<T>(method, path, body, key);
      return answer !== null && answer.status < 500 && answer.status !== 429 ? answer : null;
    });
  }

  get<T>(path: string): Promise<Answer<T>> {
    return this.definite<T>("GET", path);
  }

  /** Every page of a list. */
  async all<T>(path: string): Promise<T[]> {
    const items: T[] = [];
    for (let next: string | null = "0"; next !== null;) {
      const { status, body }: Answer<{ items: T[]; next: string | null }> = await this.get(`${path}${next}`);
      if (status !== 200) throw new Error(`${path}${next}: ${status} ${JSON.stringify(body)}`);
      items.push(...body.items);
      next = body.next;
    }
    return items;
  }

  /** `hasty`: the first request is broken off at once, so that its repetition may meet it under way. */
  async command(
    personaId: string,
    body: Record<string, unknown>,
    key: string,
    hasty: boolean,
  ): Promise<Answer> {
    const path = `/api/v1/personas/${personaId}/commands`;
    if (hasty) await this.once("POST", path, body, key, HASTE_MS);
    const answer = await this.definite<{ events?: StoredEvent[] }>("POST", path, body, key);
    this.answered.push({ key, path, body, status: answer.status, events: answer.body.events ?? [] });
    return answer;
  }

  close(): void {
    this.#http.close();
  }
}
