/** A client without opinions, for the stand-in's own tests: it sends what it is told, and correct headers unless told. */
import { type LinkedInStandIn, type LinkedInStandInOptions, startLinkedInStandIn } from "./stand_in.ts";

export const NOW = Date.UTC(2026, 10, 22, 12);
export const MEMBER = "urn:li:person:mAr1s0l-Q";
export const OTHER = "urn:li:person:t0m_Visit";
export const PAGE = "urn:li:organization:77001";
export const OTHER_PAGE = "urn:li:organization:77002";

export interface Told {
  status: number;
  headers: Headers;
  // deno-lint-ignore no-explicit-any
  body: any;
}

export interface Asking {
  linkedin: LinkedInStandIn;
  token: string;
  ask(
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string | null>,
  ): Promise<Told>;
  /** `POST /rest/posts`, correct but for `change`. */
  post(commentary: string, change?: Record<string, unknown>): Promise<Told>;
}

/** Runs `test` against a stand-in of its own, with the member's token for all scopes. */
export async function asking(
  test: (asking: Asking) => Promise<void>,
  options: LinkedInStandInOptions = {},
  scopes?: string[],
): Promise<void> {
  const linkedin = await startLinkedInStandIn({ now: () => NOW, ...options });
  const { accessToken: token } = linkedin.control.grant({ member: "mAr1s0l-Q", scopes });
  const client = unpooled();
  const ask: Asking["ask"] = async (method, path, body, change = {}) => {
    const headers = new Headers({
      authorization: `Bearer ${token}`,
      "linkedin-version": "202610",
      "x-restli-protocol-version": "2.0.0",
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    });
    for (const [name, value] of Object.entries(change)) {
      if (value === null) headers.delete(name);
      else headers.set(name, value);
    }
    const sent = body === undefined || body instanceof Uint8Array ? body : JSON.stringify(body);
    const response = await fetch(path.startsWith("http") ? path : linkedin.origin + path, {
      method,
      headers,
      body: sent as BodyInit | undefined,
      redirect: "manual",
      signal: AbortSignal.timeout(20_000),
      client,
    } as RequestInit);
    const text = await response.text();
    const json = response.headers.get("content-type")?.startsWith("application/json") ?? false;
    return { status: response.status, headers: response.headers, body: json ? JSON.parse(text) : text };
  };
  const post: Asking["post"] = (commentary, change = {}) =>
    ask("POST", "/rest/posts", {
      author: PAGE,
      commentary,
      visibility: "PUBLIC",
      distribution: { feedDistribution: "MAIN_FEED", targetEntities: [], thirdPartyDistributionChannels: [] },
      lifecycleState: "PUBLISHED",
      isReshareDisabledByAuthor: false,
      ...change,
    });
  try {
    await test({ linkedin, token, ask, post });
  } finally {
    client.close();
    await linkedin.stop();
  }
}

/**
 * Without connections that are kept. On one of those Deno's `fetch` sends a request again, a POST too, when it ends
 * before the answer: what a fault did could not be told from what the second request did.
 */
export function unpooled(): Deno.HttpClient {
  return Deno.createHttpClient({ poolMaxIdlePerHost: 0 });
}

export function enc(urn: string): string {
  return encodeURIComponent(urn).replace(/[()]/g, (one) => one === "(" ? "%28" : "%29");
}
