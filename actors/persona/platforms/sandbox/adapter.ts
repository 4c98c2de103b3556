/** The sandbox network, over HTTP like the others. Keyed writes make a repeated attempt harmless. */
import { fetchOnce, neverLeft } from "../../fetch_once.ts";
import type {
  AdapterContext,
  Interaction,
  Outcome,
  Payload,
  PlatformAdapter,
  Reconciled,
  Sent,
} from "../port.ts";

/** Hard limit of one request. */
const REQUEST_MS = 10_000;

export const sandboxAdapter: PlatformAdapter = { prepare, publish, reconcile, poll };

function prepare(_at: AdapterContext, texts: string[]) {
  return Promise.resolve(texts.map((text) => ({ text, facets: [] })));
}

async function publish(at: AdapterContext, payload: Payload, before: Sent[]): Promise<Outcome> {
  const sent = [...before];
  for (let index = before.length; index < payload.keys.length; index++) {
    const outcome = await put(at, String(payload.keys[index]), {
      ...payload.records[index],
      replyTo: sent[index - 1]?.id ?? null,
    });
    if (!("id" in outcome)) return afterParts(outcome, sent.length > before.length);
    sent.push(outcome);
  }
  return { kind: "sent", sent };
}

async function put(
  at: AdapterContext,
  key: string,
  record: Record<string, unknown>,
): Promise<Sent | Outcome> {
  let response: Response;
  try {
    response = await request(at, `/posts/${encodeURIComponent(key)}`, {
      method: "PUT",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(record),
    });
  } catch (error) {
    return failed(error);
  }
  const body = await response.json().catch(() => null) as
    | { id?: string; url?: string; error?: string }
    | null;
  if (response.ok && typeof body?.id === "string") return { id: body.id, url: body.url ?? "" };
  if (response.status === 401) return { kind: "auth_dead", reason: "the sandbox does not know this account" };
  if (response.status >= 400 && response.status < 500) {
    return { kind: "rejected", reason: body?.error ?? `the sandbox refused it (${response.status})` };
  }
  return { kind: "uncertain", reason: `the sandbox answered ${response.status}` };
}

/** Where this attempt has sent a part of the thread already, it may not say that nothing has left. */
function afterParts(outcome: Outcome, partOut: boolean): Outcome {
  return partOut && outcome.kind === "not_sent" ? { kind: "uncertain", reason: outcome.reason } : outcome;
}

/** What never left may be sent again; anything else may have arrived. */
function failed(error: unknown): Outcome {
  if (neverLeft(error)) return { kind: "not_sent", reason: "the sandbox cannot be reached" };
  return { kind: "uncertain", reason: error instanceof Error ? error.message : String(error) };
}

async function reconcile(at: AdapterContext, payload: Payload): Promise<Reconciled> {
  const sent: Sent[] = [];
  for (const [index, key] of payload.keys.entries()) {
    try {
      const response = await request(at, `/posts/${encodeURIComponent(key)}`, {});
      const body = await response.json();
      if (response.status === 404) return { kind: "absent", safeToRepeat: true };
      if (!response.ok) return { kind: "unknown", reason: `the sandbox answered ${response.status}` };
      if (body.text !== payload.records[index]?.text) {
        return { kind: "unknown", reason: "another post is stored under this key" };
      }
      sent.push({ id: body.id, url: body.url });
    } catch (error) {
      return { kind: "unknown", reason: error instanceof Error ? error.message : String(error) };
    }
  }
  return { kind: "found", sent };
}

async function poll(at: AdapterContext, cursor: string | null) {
  const response = await request(at, `/notifications?after=${encodeURIComponent(cursor ?? "0")}`, {});
  if (!response.ok) throw new Error(`the sandbox answered ${response.status}`);
  const page = await response.json() as {
    items: {
      id: string;
      text: string;
      about: string;
      at: string;
      author: { id: string; handle: string };
      url: string;
    }[];
    cursor: string;
  };
  const interactions: Interaction[] = page.items.map((item) => ({
    id: item.id,
    kind: "reply",
    authorId: item.author.id,
    authorHandle: item.author.handle,
    text: item.text,
    about: item.about,
    url: item.url,
    at: Date.parse(item.at),
  }));
  // Nothing new: nothing to remember.
  return { interactions, cursor: interactions.length === 0 ? cursor : page.cursor };
}

function request(at: AdapterContext, path: string, init: RequestInit): Promise<Response> {
  return fetchOnce(`${at.account.service}${path}`, {
    ...init,
    headers: { ...init.headers, authorization: `Bearer ${at.secret}` },
    signal: AbortSignal.any([at.signal, AbortSignal.timeout(REQUEST_MS)]),
  });
}
