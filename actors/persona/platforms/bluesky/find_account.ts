import { checkHost, type HostRules } from "../hosts.ts";
import { xrpc } from "./xrpc.ts";

export interface FindOptions {
  /** The directory of did:plc. @default https://plc.directory */
  plcUrl?: string;
  /** Asked for a handle whose own site does not say. @default https://bsky.social */
  resolver?: string;
}

export type Found = { kind: "found"; service: string; did: string | null };
type NotFound = { kind: "refused"; field: "identifier" | "service"; reason: string };

const DEADLINE_MS = 10_000;
const MAX_BODY_BYTES = 200_000;

/**
 * Where an account lives (https://atproto.com/specs/handle, /specs/did): handle → DID → the PDS in its document,
 * which must name the handle too. Without DNS records: the handle's own site, else a resolver, is asked.
 */
export async function findAccount(
  identifier: string,
  rules: HostRules,
  { plcUrl = "https://plc.directory", resolver = "https://bsky.social" }: FindOptions,
): Promise<Found | NotFound> {
  const isDid = identifier.startsWith("did:");
  if (!isDid && !isHandle(identifier)) {
    return notFound(
      "identifier",
      "this is no handle, such as ada.bsky.social; with an e-mail address, name the service",
    );
  }
  const resolved = isDid ? { did: identifier } : await resolveHandle(identifier, rules, resolver);
  if ("unasked" in resolved) {
    return notFound(
      "identifier",
      `whose handle this is could not be asked (${resolver}: ${resolved.unasked}): try again in a moment, or name ` +
        "the account's server",
    );
  }
  const { did } = resolved;
  if (did === null) return notFound("identifier", "nobody has this handle");

  const address = documentAddress(did, plcUrl);
  if (address === null) {
    return notFound("identifier", "this is no DID of a kind that Bluesky has (did:plc, did:web)");
  }
  const text = await readText(address, rules);
  if (text === null) return notFound("identifier", "the account's DID document could not be read");
  const document = readDocument(text, did);
  if (document === null) return notFound("identifier", "the account's DID document names no server");
  if (!isDid && !document.handles.includes(identifier)) {
    return notFound("identifier", "the account that this handle leads to does not own the handle");
  }
  const check = await checkHost(document.service, rules);
  if (!check.ok) return notFound("service", `the account's server may not be used: ${check.reason}`);
  return { kind: "found", service: check.origin, did };
}

/** Null: nobody has the handle. `unasked`: why nobody could say. */
async function resolveHandle(
  handle: string,
  rules: HostRules,
  resolver: string,
): Promise<{ did: string | null } | { unasked: string }> {
  const own = (await readText(`https://${handle}/.well-known/atproto-did`, rules))?.trim();
  if (own !== undefined && isDidText(own)) return { did: own };
  const check = await checkHost(resolver, rules);
  if (!check.ok) return { unasked: check.reason };
  const answer = await xrpc({
    service: check.origin,
    method: "com.atproto.identity.resolveHandle",
    params: { handle },
    signal: new AbortController().signal,
    deadlineMs: DEADLINE_MS,
  });
  switch (answer.kind) {
    case "ok": {
      const { did } = answer.body;
      return { did: typeof did === "string" && isDidText(did) ? did : null };
    }
    case "refused":
      // Of a handle that it does not find a resolver says that the request is bad; anything else is trouble of its own.
      return answer.status === 400 ? { did: null } : { unasked: `the server answered ${answer.status}` };
    case "limited":
      return { unasked: "the server asks to wait" };
    case "unreachable":
    case "unclear":
      return { unasked: answer.reason };
  }
}

function documentAddress(did: string, plcUrl: string): string | null {
  if (/^did:plc:[a-z2-7]{24}$/.test(did)) return `${plcUrl.replace(/\/+$/, "")}/${did}`;
  const [, host] = /^did:web:([a-z0-9.-]+)$/i.exec(did) ?? [];
  return host === undefined ? null : `https://${host}/.well-known/did.json`;
}

function readDocument(text: string, did: string): { service: string; handles: string[] } | null {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
  const { id, service, alsoKnownAs } = object(document);
  if (id !== did || !Array.isArray(service)) return null;
  const pds = service.map(object).find((each) =>
    (each.id === "#atproto_pds" || each.id === `${did}#atproto_pds`) &&
    each.type === "AtprotoPersonalDataServer"
  );
  if (typeof pds?.serviceEndpoint !== "string") return null;
  const names = Array.isArray(alsoKnownAs) ? alsoKnownAs.filter((name) => typeof name === "string") : [];
  const handles = names.filter((name) => name.startsWith("at://")).map((name) => name.slice(5).toLowerCase());
  return { service: pds.serviceEndpoint, handles };
}

/** The text at an address of a checked server; null where there is none to be had. */
async function readText(address: string, rules: HostRules): Promise<string | null> {
  if (!(await checkHost(address, rules)).ok) return null;
  try {
    const response = await fetch(address, { redirect: "manual", signal: AbortSignal.timeout(DEADLINE_MS) });
    if (!response.ok || response.body === null) {
      await response.body?.cancel();
      return null;
    }
    const decoder = new TextDecoder();
    let [text, bytes] = ["", 0];
    for await (const chunk of response.body) {
      bytes += chunk.byteLength;
      if (bytes > MAX_BODY_BYTES) return null;
      text += decoder.decode(chunk, { stream: true });
    }
    return text + decoder.decode();
  } catch (error) {
    // Unreachable, too slow, or broken off: the same to the caller, who asks elsewhere.
    if (
      error instanceof TypeError || error instanceof DOMException || error instanceof Deno.errors.NotCapable
    ) {
      return null;
    }
    throw error;
  }
}

/** Whether a text is a handle, in small letters (https://atproto.com/specs/handle). */
export function isHandle(text: string): boolean {
  return text.length <= 253 &&
    /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/.test(text);
}

/** Whether a text is a DID of a kind that Bluesky has. */
export function isDidText(text: string): boolean {
  return /^did:(plc|web):[A-Za-z0-9._:%-]{1,250}$/.test(text);
}

function object(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? value as Record<string, unknown> : {};
}

function notFound(field: NotFound["field"], reason: string): NotFound {
  return { kind: "refused", field, reason };
}
