/** Shared by the tests of this folder: a stand-in under a clock of its own, judged by the specifications, and a client. */
import assert from "node:assert/strict";
import { loadContracts } from "./contracts.ts";
import type { FourKeys } from "./oauth1.ts";
import { signedHeader } from "./oauth1.ts";
import { startXStandIn, type XStandIn, type XStandInOptions } from "./stand_in.ts";

/** Tuesday, 3 November 2026, noon UTC. */
export const NOON = Date.UTC(2026, 10, 3, 12);

/** Runs `use` with a stand-in, then asks that nothing broke the specifications. */
export async function withX(
  use: (x: XStandIn, client: Client) => Promise<void>,
  options: XStandInOptions = {},
): Promise<void> {
  const x = await startXStandIn({ clock: { now: () => NOON }, contracts: await loadContracts(), ...options });
  // Over a connection that was used before, `fetch` sends a POST again by itself when the line is cut before an answer.
  using http = Deno.createHttpClient({ poolMaxIdlePerHost: 0 });
  try {
    await use(x, new Client(x, x.control.grant("marisol_ink").accessToken, http));
    assert.deepEqual(x.control.violations(), []);
  } finally {
    await x.stop();
  }
}

export interface Answered {
  status: number;
  // deno-lint-ignore no-explicit-any
  body: any;
  headers: Headers;
}

/** Speaks plain HTTP, so that nothing of the real adapter is presumed. */
export class Client {
  constructor(readonly x: XStandIn, readonly accessToken: string, readonly http: Deno.HttpClient) {}

  with(accessToken: string): Client {
    return new Client(this.x, accessToken, this.http);
  }

  get(path: string): Promise<Answered> {
    return this.send("GET", path);
  }

  post(path: string, body?: unknown): Promise<Answered> {
    return this.send("POST", path, body);
  }

  delete(path: string): Promise<Answered> {
    return this.send("DELETE", path);
  }

  say(text: string, replyTo?: string): Promise<Answered> {
    const reply = replyTo === undefined ? {} : { reply: { in_reply_to_tweet_id: replyTo } };
    return this.post("/2/tweets", { text, ...reply });
  }

  async send(
    method: string,
    path: string,
    body?: unknown,
    authorization = `Bearer ${this.accessToken}`,
  ): Promise<Answered> {
    const headers: Record<string, string> = { authorization };
    const isRaw = body instanceof FormData || body instanceof URLSearchParams;
    if (body !== undefined && !isRaw) headers["content-type"] = "application/json";
    const response = await fetch(this.x.origin + path, {
      method,
      headers,
      redirect: "manual",
      client: this.http,
      body: body === undefined ? undefined : isRaw ? body : JSON.stringify(body),
    });
    const text = await response.text();
    const isJson = response.headers.get("content-type")?.includes("json") === true;
    return {
      status: response.status,
      body: isJson && text !== "" ? JSON.parse(text) : text,
      headers: response.headers,
    };
  }

  signed(keys: FourKeys, method: string, path: string, body?: unknown, nonce = "n1", at = NOON) {
    const header = signedHeader("https://api.x.com", { method, path, form: [] }, keys, at, nonce);
    return this.send(method, path, body, header);
  }

  /** A form to the token endpoint or to `/2/oauth2/revoke`, with the app's own proof. */
  form(path: string, fields: Record<string, string>, authorization?: string): Promise<Answered> {
    const { clientId, clientSecret } = this.x.app;
    const proof = `Basic ${btoa(`${clientId}:${clientSecret}`)}`;
    return this.send("POST", path, new URLSearchParams(fields), authorization ?? proof);
  }
}
