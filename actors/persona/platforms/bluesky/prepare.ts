import type { AdapterContext, Facet, Part } from "../port.ts";
import { type Detected, detectFacets } from "./detect.ts";
import { CallFailed, type Session, toFailure } from "./session.ts";
import { DID } from "./uri.ts";

/** The texts with their links, mentions and tags as Bluesky's own client finds them. */
export async function prepare(session: Session, context: AdapterContext, texts: string[]): Promise<Part[]> {
  const accounts = new Map<string, string | null>();
  const parts: Part[] = [];
  for (const text of texts) {
    const facets: Facet[] = [];
    for (const detected of detectFacets(text)) {
      const facet = await toFacet(session, context, detected, accounts);
      if (facet !== null) facets.push(facet);
    }
    parts.push({ text, facets });
  }
  return parts;
}

/** Null for a mention of nobody: with it the server would refuse the post. */
async function toFacet(
  session: Session,
  context: AdapterContext,
  detected: Detected,
  accounts: Map<string, string | null>,
): Promise<Facet | null> {
  if (detected.kind !== "mention") return detected;
  const handle = detected.handle.toLowerCase();
  if (!accounts.has(handle)) accounts.set(handle, await resolve(session, context, handle));
  const accountId = accounts.get(handle) ?? null;
  return accountId === null ? null : { ...detected, handle, accountId };
}

/** The DID of a handle; null when nobody has it. Throws when that cannot be found out now. */
async function resolve(session: Session, context: AdapterContext, handle: string): Promise<string | null> {
  const called = await session.call(context, {
    method: "com.atproto.identity.resolveHandle",
    what: "read",
    params: { handle },
  });
  if (called.kind === "refused") return null;
  if (called.kind !== "ok") throw new CallFailed(toFailure(called));
  const { did } = called.body;
  return typeof did === "string" && DID.test(did) ? did : null;
}
