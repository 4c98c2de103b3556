import type { RichText } from "@atproto/api";
import type { AdapterContext, Facet, Part } from "../port.ts";
import { CallFailed, type Session, toFailure } from "./session.ts";

type Detected = NonNullable<RichText["facets"]>[number];

/** https://atproto.com/specs/did; what a server sends beside it could not be stored. */
const DID = /^did:[a-z]+:[A-Za-z0-9._:%-]{1,250}$/;

/** The texts with their links, mentions and tags as Bluesky's own client finds them. */
export async function prepare(session: Session, context: AdapterContext, texts: string[]): Promise<Part[]> {
  // Loaded at the first need: it is most of what this adapter weighs.
  const { RichText } = await import("@atproto/api");
  const accounts = new Map<string, string | null>();
  const parts: Part[] = [];
  for (const text of texts) {
    const found = new RichText({ text });
    found.detectFacetsWithoutResolution();
    const facets: Facet[] = [];
    for (const detected of found.facets ?? []) {
      const facet = await toFacet(session, context, detected, accounts);
      if (facet !== null) facets.push(facet);
    }
    parts.push({ text, facets });
  }
  return parts;
}

async function toFacet(
  session: Session,
  context: AdapterContext,
  { index, features }: Detected,
  accounts: Map<string, string | null>,
): Promise<Facet | null> {
  const [start, end, feature] = [index.byteStart, index.byteEnd, features[0]];
  if (feature === undefined || start >= end) return null;
  if ("uri" in feature && typeof feature.uri === "string") {
    return { kind: "link", uri: feature.uri, start, end };
  }
  if ("tag" in feature && typeof feature.tag === "string") {
    return { kind: "tag", tag: feature.tag, start, end };
  }
  if (!("did" in feature) || typeof feature.did !== "string") return null;
  // Before it is resolved, the library holds the handle where the DID belongs.
  const handle = feature.did.toLowerCase();
  if (!accounts.has(handle)) accounts.set(handle, await resolve(session, context, handle));
  const accountId = accounts.get(handle) ?? null;
  return accountId === null ? null : { kind: "mention", handle, accountId, start, end };
}

/** The DID of a handle; null when nobody has it. Throws when that cannot be found out now. */
async function resolve(session: Session, context: AdapterContext, handle: string): Promise<string | null> {
  const called = await session.call(context, {
    method: "com.atproto.identity.resolveHandle",
    params: { handle },
  });
  if (called.kind === "refused") return null;
  if (called.kind !== "ok") throw new CallFailed(toFailure(called));
  const { did } = called.body;
  return typeof did === "string" && DID.test(did) ? did : null;
}
