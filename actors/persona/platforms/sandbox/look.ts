/** What the sandbox tells its accounts: who is called what, what others said, how posts did. */
import {
  type Facet,
  type Found,
  type Interaction,
  type Measured,
  type Metrics,
  type Part,
  PlatformFailed,
} from "../port.ts";
import { ask, type SandboxContext, unreadable } from "./call.ts";
import { type Detected, detectFacets } from "./facets.ts";
import { SANDBOX_LIMITS } from "./limits.ts";

/** The texts with their links, mentions and tags. Throws `PlatformFailed`. */
export async function prepare(at: SandboxContext, texts: string[]): Promise<Part[]> {
  const detected = texts.map(detectFacets);
  const handles = new Set(detected.flat().flatMap((one) => one.kind === "mention" ? [one.handle] : []));
  const accounts = await accountsOf(at, [...handles].slice(0, SANDBOX_LIMITS.maxLookedUp));
  const toFacet = (one: Detected): Facet[] => {
    if (one.kind !== "mention") return [one];
    const accountId = accounts.get(one.handle);
    // A mention of nobody is a text like any other.
    return accountId === undefined ? [] : [{ ...one, accountId }];
  };
  return texts.map((text, index) => ({ text, facets: (detected[index] ?? []).flatMap(toFacet) }));
}

async function accountsOf(at: SandboxContext, handles: string[]): Promise<Map<string, string>> {
  if (handles.length === 0) return new Map();
  const list = handles.map(encodeURIComponent).join(",");
  const items = itemsOf(await ask(at, { method: "GET", path: `/accounts?handles=${list}`, what: "read" }));
  return new Map(items.map(({ handle, id }) => [String(handle), String(id)]));
}

/** Null where it is not there (any more). Throws `PlatformFailed`. */
export async function findTarget(at: SandboxContext, id: string): Promise<Found | null> {
  const measured = (await metrics(at, [id])).get(id);
  return measured?.kind === "counted" ? { id } : null;
}

/** How each post did. Throws `PlatformFailed`. */
export async function metrics(at: SandboxContext, ids: string[]): Promise<Map<string, Measured>> {
  const found = new Map<string, Measured>();
  for (let from = 0; from < ids.length; from += SANDBOX_LIMITS.maxLookedUp) {
    const some = ids.slice(from, from + SANDBOX_LIMITS.maxLookedUp);
    const query = some.map((id) => `id=${encodeURIComponent(id)}`).join("&");
    for (
      const { id, counts } of itemsOf(
        await ask(at, { method: "GET", path: `/metrics?${query}`, what: "read" }),
      )
    ) {
      found.set(
        String(id),
        typeof counts === "object" && counts !== null
          ? { kind: "counted", metrics: readCounts(counts as Record<string, unknown>) }
          : { kind: "gone" },
      );
    }
    if (!some.every((id) => found.has(id))) throw new PlatformFailed(unreadable());
  }
  return found;
}

function readCounts(counts: Record<string, unknown>): Metrics {
  const count = (value: unknown) => typeof value === "number" ? value : null;
  return {
    likes: count(counts.likes),
    reposts: count(counts.reposts),
    replies: count(counts.replies),
    quotes: count(counts.quotes),
    bookmarks: null,
    impressions: null,
    reached: null,
    clicks: null,
  };
}

const KINDS = new Set<unknown>(["mention", "reply", "quote", "like", "repost", "follow"]);

/** One page of what others said and did since `cursor`, oldest first. Throws `PlatformFailed`. */
export async function poll(
  at: SandboxContext,
  cursor: string | null,
): Promise<{ interactions: Interaction[]; cursor: string | null }> {
  const path = `/notifications?after=${encodeURIComponent(cursor ?? "0")}`;
  const page = await ask(at, { method: "GET", path, what: "read" });
  const items = itemsOf(page);
  if (typeof page.cursor !== "string") throw new PlatformFailed(unreadable());
  const interactions = items.map(read).filter((one) => one !== null);
  // Nothing new: nothing to remember.
  return { interactions, cursor: items.length === 0 ? cursor : page.cursor };
}

function read({ id, kind, author, text, about, url, at }: Record<string, unknown>): Interaction | null {
  const when = typeof at === "string" ? Date.parse(at) : NaN;
  const by = typeof author === "object" && author !== null ? author as Record<string, unknown> : {};
  if (typeof id !== "string" || !KINDS.has(kind) || typeof by.id !== "string" || Number.isNaN(when)) {
    return null;
  }
  return {
    id,
    kind: kind as Interaction["kind"],
    authorId: by.id,
    authorHandle: typeof by.handle === "string" ? by.handle : "",
    ...(by.bot === true ? { byBot: true } : {}),
    text: typeof text === "string" ? text : "",
    about: typeof about === "string" ? about : null,
    url: typeof url === "string" ? url : "",
    at: when,
  };
}

function itemsOf({ items }: Record<string, unknown>): Record<string, unknown>[] {
  const isObject = (item: unknown): item is Record<string, unknown> =>
    typeof item === "object" && item !== null;
  if (!Array.isArray(items) || !items.every(isObject)) throw new PlatformFailed(unreadable());
  return items;
}
