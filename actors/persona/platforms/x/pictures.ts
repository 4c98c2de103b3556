/** Pictures of a post: uploaded in pieces, described, and named in it by the ids that X gave. Nothing of it is public. */
import type { AdapterContext, Failure, MediaRef } from "../port.ts";
import { isId } from "./ids.ts";
import { asObject } from "./request.ts";
import type { Session } from "./session.ts";

/** What a record holds of a picture: our own shape, not X's. */
export type Picture = Pick<MediaRef, "sha256" | "mime" | "alt">;

/** What a connection needs to be allowed besides, where it says what it is (OAuth 2.0). */
export const MEDIA_SCOPE = "media.write";

const PIECE_BYTES = 1024 * 1024;
/** An upload is used again until so long before its end. */
const SPARE_MS = 5 * 60_000;
/** How often X is asked whether it is done with a picture, and the ms between. */
const MAX_CHECKS = 10;
const [SHORTEST_MS, LONGEST_MS] = [1_000, 5_000];
/** Uploads that are remembered. */
const MAX_KEPT = 100;

/** What was uploaded in this life of the adapter, by picture and alt text. */
export type Uploads = Map<string, { id: string; until: number }>;

/** Null where the record was not made by `freezeX`. */
export function picturesOf({ media = [] }: Record<string, unknown>): Picture[] | null {
  if (!Array.isArray(media)) return null;
  const pictures = media.map(asObject).map((one) => {
    const { sha256, mime, alt } = one ?? {};
    const isWhole = typeof sha256 === "string" && typeof mime === "string" && typeof alt === "string";
    return isWhole ? { sha256, mime, alt } : null;
  }).filter((picture) => picture !== null);
  return pictures.length === media.length ? pictures : null;
}

/** `reused`: some were uploaded for an earlier attempt. A failure is never `uncertain`: there is nothing to look for. */
export async function upload(
  session: Session,
  context: AdapterContext,
  pictures: Picture[],
): Promise<{ kind: "uploaded"; ids: string[]; reused: boolean } | Failure> {
  const ids: string[] = [];
  let reused = false;
  for (const picture of pictures) {
    const kept = session.uploads.get(keyOf(picture));
    // X takes an id once in a post: a picture that is there twice is uploaded twice.
    if (kept !== undefined && kept.until > session.now() && !ids.includes(kept.id)) {
      ids.push(kept.id);
      reused = true;
      continue;
    }
    const uploaded = await uploadOne(session, context, picture);
    if ("kind" in uploaded) return notPublic(uploaded);
    remember(session.uploads, keyOf(picture), uploaded);
    context.noted({ spent: [{ what: "media", count: 1, microUsd: 0 }] });
    ids.push(uploaded.id);
  }
  return { kind: "uploaded", ids, reused };
}

/** For when X does not take them any more. */
export function forget(session: Session, pictures: Picture[]): void {
  for (const picture of pictures) session.uploads.delete(keyOf(picture));
}

type Uploaded = { id: string; until: number };

async function uploadOne(
  session: Session,
  context: AdapterContext,
  picture: Picture,
): Promise<Uploaded | Failure> {
  let bytes: Uint8Array;
  try {
    bytes = await context.media(picture.sha256);
  } catch (error) {
    const name = error instanceof Error ? error.name : "unknown error";
    return { kind: "not_sent", reason: `it could not be read here (${name})` };
  }
  const begun = await session.call(context, {
    asks: "upload",
    method: "POST",
    path: "/2/media/upload/initialize",
    json: {
      media_type: picture.mime,
      media_category: picture.mime === "image/gif" ? "tweet_gif" : "tweet_image",
      total_bytes: bytes.length,
    },
  });
  if (begun.kind !== "ok") return begun;
  const id = asObject(begun.body.data)?.id;
  if (!isId(id)) return unnamed();
  return await append(session, context, id, bytes) ?? await finish(session, context, id, picture.alt);
}

/** Null once all of it is there. */
async function append(
  session: Session,
  context: AdapterContext,
  id: string,
  bytes: Uint8Array,
): Promise<Failure | null> {
  for (let index = 0; index * PIECE_BYTES < bytes.length; index++) {
    const form = new FormData();
    form.set("segment_index", String(index));
    form.set("media", new Blob([bytes.slice(index * PIECE_BYTES, (index + 1) * PIECE_BYTES)]));
    const called = await session.call(context, {
      asks: "upload",
      method: "POST",
      path: `/2/media/upload/${id}/append`,
      form,
    });
    if (called.kind !== "ok") return called;
  }
  return null;
}

async function finish(
  session: Session,
  context: AdapterContext,
  id: string,
  alt: string,
): Promise<Uploaded | Failure> {
  let called = await session.call(context, {
    asks: "upload",
    method: "POST",
    path: `/2/media/upload/${id}/finalize`,
  });
  for (let checks = 0;; checks++) {
    if (called.kind !== "ok") return called;
    const media = asObject(called.body.data);
    if (media?.id !== id) return unnamed();
    const processing = asObject(media.processing_info);
    const state = processing?.state ?? "succeeded";
    if (state === "failed") return { kind: "rejected", reason: "X could not make anything of it" };
    if (state === "succeeded") {
      const lifeS = typeof media.expires_after_secs === "number" ? media.expires_after_secs : 0;
      const failure = alt === "" ? null : await describe(session, context, id, alt);
      return failure ?? { id, until: session.now() + lifeS * 1000 - SPARE_MS };
    }
    if (checks === MAX_CHECKS) return { kind: "not_sent", reason: "X is still working on it" };
    const askedS = typeof processing?.check_after_secs === "number" ? processing.check_after_secs : 0;
    await session.wait(Math.min(Math.max(askedS * 1000, SHORTEST_MS), LONGEST_MS), context.signal);
    called = await session.call(context, {
      asks: "upload",
      method: "GET",
      path: "/2/media/upload",
      query: { media_id: id, command: "STATUS" },
    });
  }
}

async function describe(
  session: Session,
  context: AdapterContext,
  id: string,
  alt: string,
): Promise<Failure | null> {
  const called = await session.call(context, {
    asks: "upload",
    method: "POST",
    path: "/2/media/metadata",
    json: { id, metadata: { alt_text: { text: alt } } },
  });
  return called.kind === "ok" ? null : called;
}

/** Whatever became of it, there is no post with it. */
function notPublic(failure: Failure): Failure {
  const reason = `a picture was not uploaded: ${failure.reason}`;
  return failure.kind === "uncertain" ? { kind: "not_sent", reason } : { ...failure, reason };
}

function unnamed(): Failure {
  return { kind: "uncertain", reason: "X's answer does not name the upload" };
}

function remember(uploads: Uploads, key: string, uploaded: Uploaded): void {
  uploads.delete(key);
  uploads.set(key, uploaded);
  for (const oldest of uploads.keys()) {
    if (uploads.size <= MAX_KEPT) break;
    uploads.delete(oldest);
  }
}

function keyOf({ sha256, mime, alt }: Picture): string {
  return JSON.stringify([sha256, mime, alt]);
}
