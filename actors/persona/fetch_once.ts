/**
 * A connection for each request. On one that was used before, Deno's fetch sends a request a second time by itself
 * when the server closes it without an answer (seen on 2.9.6, POST too): a repetition that nobody would know of.
 */
const client = Deno.createHttpClient({ poolMaxIdlePerHost: 0, http2: false });

/** `fetch` that sends a request once and follows no redirect. */
export function fetchOnce(url: string, init: RequestInit = {}): Promise<Response> {
  return fetch(url, { redirect: "manual", ...init, client } as RequestInit & { client: Deno.HttpClient });
}

/**
 * Whether a failed `fetch` is proven not to have left: no connection came about. The words that tell are in the
 * cause's message, where an address is percent-encoded: with a space in them they are Deno's own.
 */
export function neverLeft(error: unknown): boolean {
  if (error instanceof Deno.errors.NotCapable) return true;
  if (!(error instanceof TypeError)) return false;
  const words = `${error.message} ${error.cause instanceof Error ? error.cause.message : ""}`;
  return ["dns error", "client error (Connect)", "are blocked"].some((sign) => words.includes(sign));
}
