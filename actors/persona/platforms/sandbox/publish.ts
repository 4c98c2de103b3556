/** Sending to the sandbox, looking what is there, and deleting. Keyed writes make a repeated attempt harmless. */
import type { Failure, Looked, Outcome, Payload, Reconciled, Removed, Sent } from "../port.ts";
import { call, failureOf, type SandboxContext, unreadable } from "./call.ts";
import { SANDBOX_LIMITS } from "./limits.ts";

interface Media {
  sha256: string;
  alt: string;
}

/** One part as the server takes it. */
interface Wire {
  text: unknown;
  language: unknown;
  createdAt: unknown;
  replyTo: string | null;
  quoteOf: string | null;
  media: Media[];
}

/**
 * Sends the parts that are not out yet, in order, the pictures of all of them first: so none is missing half-way. Does
 * not throw.
 * @returns `sent` names every part of the post, those of `before` first
 */
export async function publish(at: SandboxContext, payload: Payload, before: Sent[]): Promise<Outcome> {
  const parts = [...before];
  const wires = payload.records.map((record) => wireOf(record));
  for (const { sha256 } of wires.slice(before.length).flatMap(({ media }) => media)) {
    const failure = await putPicture(at, sha256);
    if (failure !== null) return { ...failure, parts };
  }
  const pictured = wires.slice(before.length).some((wire) => (wire?.media.length ?? 0) > 0);
  const against = pictured ? await at.leave() : null;
  if (against !== null) return { kind: "not_sent", reason: against, parts };
  for (let index = before.length; index < payload.keys.length; index++) {
    const wire = wires[index];
    if (wire === undefined) return { kind: "rejected", reason: "a part has no content", parts };
    const step = await put(at, payload.keys[index] ?? "", inThread(wire, parts.at(-1)));
    // Where this attempt has sent a part of the thread already, it may not say that nothing has left.
    if ("kind" in step) {
      const partOut = parts.length > before.length && step.kind === "not_sent";
      return { ...(partOut ? { kind: "uncertain", reason: step.reason } : step), parts };
    }
    parts.push(step);
  }
  return { kind: "sent", sent: parts };
}

async function put(at: SandboxContext, key: string, wire: Wire): Promise<Sent | Failure> {
  const called = await call(at, {
    method: "PUT",
    path: `/posts/${encodeURIComponent(key)}`,
    what: wire.replyTo === null ? "post" : "reply",
    json: wire,
  });
  if (called.kind !== "ok") return failureOf(called);
  return sentOf(called.body) ?? { kind: "uncertain", reason: "the sandbox's answer does not name the post" };
}

/** Nobody sees a picture that no post shows: whatever is unclear here, the post itself has not left. */
async function putPicture(at: SandboxContext, sha256: string): Promise<Failure | null> {
  let bytes: Uint8Array;
  try {
    bytes = await at.media(sha256);
  } catch (error) {
    return {
      kind: "not_sent",
      reason: `a picture: ${error instanceof Error ? error.message : String(error)}`,
    };
  }
  const called = await call(at, { method: "PUT", path: `/blobs/${sha256}`, what: "media", bytes });
  if (called.kind === "ok") return null;
  const failure = failureOf(called);
  return failure.kind === "uncertain"
    ? { kind: "not_sent", reason: `a picture: ${failure.reason}` }
    : failure;
}

/**
 * Looks in the own timeline for every part under its key: what is not there is proven absent, and may be sent again.
 * Never writes, never throws.
 */
export async function reconcile(
  at: SandboxContext,
  payload: Payload,
  { before }: Pick<Looked, "before">,
): Promise<Reconciled> {
  if (payload.keys.length > SANDBOX_LIMITS.maxLookedUp) {
    return { kind: "unknown", reason: "it has too many parts" };
  }
  const keys = payload.keys.map(encodeURIComponent).join(",");
  const called = await call(at, { method: "GET", path: `/timeline?keys=${keys}`, what: "read" });
  if (called.kind !== "ok") return { kind: "unknown", reason: failureOf(called).reason };
  if (!Array.isArray(called.body.items)) return { kind: "unknown", reason: unreadable().reason };
  const items = new Map(called.body.items.map((item: Record<string, unknown>) => [item?.key, item]));
  const parts: Sent[] = [];
  for (const [index, key] of payload.keys.entries()) {
    const item = items.get(key);
    if (item === undefined) {
      // Its words are kept as long as its key: known to be out once and not there now is nothing to send again.
      if (index < before.length) {
        return { kind: "unknown", reason: "a part that was out is not there any more" };
      }
      return { kind: "absent", safeToRepeat: true, parts };
    }
    const sent = sentOf(item);
    if (sent === null) return { kind: "unknown", reason: unreadable().reason };
    if (item.deleted === true) {
      return { kind: "unknown", reason: "it was deleted on the sandbox", evidence: [sent] };
    }
    if (!isSame(item, inThread(wireOf(payload.records[index] ?? {}), parts.at(-1)))) {
      return { kind: "unknown", reason: "another post is stored under this key", evidence: [sent] };
    }
    parts.push(sent);
  }
  return { kind: "found", sent: parts };
}

/** Deletes one post of this account. Does not throw. */
export async function remove(at: SandboxContext, id: string): Promise<Removed> {
  const own = `${at.account.accountId}.`;
  if (!id.startsWith(own)) {
    return { kind: "rejected", reason: "this is no post of this account on the sandbox" };
  }
  const path = `/posts/${encodeURIComponent(id.slice(own.length))}`;
  const called = await call(at, { method: "DELETE", path, what: "delete" });
  // What never was there, or is not there any more, counts as removed.
  return called.kind === "failed" ? called.failure : { kind: "removed" };
}

function wireOf(record: Record<string, unknown>): Wire {
  const { text, language, createdAt, reply, quote, media } = record;
  return {
    text,
    language,
    createdAt,
    replyTo: idOf(reply),
    quoteOf: idOf(quote),
    media: Array.isArray(media)
      ? media.map((one) => ({ sha256: String(one?.sha256), alt: String(one?.alt ?? "") }))
      : [],
  };
}

/** A part of a thread answers the one before it; the first what the whole post answers. */
function inThread(wire: Wire, before: Sent | undefined): Wire {
  return before === undefined ? wire : { ...wire, replyTo: before.id };
}

function isSame(item: Record<string, unknown>, wire: Wire): boolean {
  const media = Array.isArray(item.media) ? item.media as Media[] : [];
  return item.text === wire.text && item.language === wire.language &&
    Date.parse(String(item.createdAt)) === Date.parse(String(wire.createdAt)) &&
    item.replyTo === wire.replyTo && item.quoteOf === wire.quoteOf && media.length === wire.media.length &&
    wire.media.every(({ sha256, alt }, place) =>
      media[place]?.sha256 === sha256 && media[place]?.alt === alt
    );
}

function sentOf({ id, url }: Record<string, unknown>): Sent | null {
  return typeof id === "string" && typeof url === "string" ? { id, url } : null;
}

function idOf(named: unknown): string | null {
  const id = typeof named === "object" && named !== null ? (named as { id?: unknown }).id : null;
  return typeof id === "string" ? id : null;
}
