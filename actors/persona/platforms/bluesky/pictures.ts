import type { AdapterContext, Failure } from "../port.ts";
import { type BlobRef, sha256Of } from "./blob.ts";
import { sameRecord } from "./record.ts";
import { type Session, toFailure } from "./session.ts";

/**
 * Uploads the pictures that a record names: the server keeps one for a while, and for good once a record names it. Again
 * is harmless, and nothing is seen of it: no failure here is `uncertain`.
 * @returns null once all are there, as the record names them
 */
export async function uploadPictures(
  session: Session,
  context: AdapterContext,
  record: Record<string, unknown>,
): Promise<Failure | null> {
  for (const picture of picturesOf(record)) {
    const failure = await upload(session, context, picture);
    if (failure !== null) return { ...failure, reason: `a picture was not uploaded: ${failure.reason}` };
  }
  return null;
}

async function upload(session: Session, context: AdapterContext, picture: BlobRef): Promise<Failure | null> {
  const bytes = await bytesOf(context, picture);
  if ("kind" in bytes) return bytes;
  const called = await session.call(context, {
    method: "com.atproto.repo.uploadBlob",
    what: "media",
    file: { bytes, mime: picture.mimeType },
  });
  if (called.kind === "unclear") return { kind: "not_sent", reason: called.reason };
  if (called.kind !== "ok") return toFailure(called);
  const { blob } = called.body;
  if (typeof blob !== "object") return { kind: "not_sent", reason: "the server's answer was not readable" };
  return sameRecord(blob, picture)
    ? null
    : { kind: "rejected", reason: "the server took its file for another kind or size" };
}

async function bytesOf(
  context: AdapterContext,
  picture: BlobRef,
): Promise<Uint8Array | Extract<Failure, { kind: "not_sent" }>> {
  const sha256 = sha256Of(picture.ref.$link);
  if (sha256 === null) throw new Error("the frozen record names a picture that is none of ours");
  try {
    return await context.media(sha256);
  } catch (error) {
    const name = error instanceof Error ? error.name : "unknown error";
    return { kind: "not_sent", reason: `its file could not be had (${name})` };
  }
}

function picturesOf({ embed }: Record<string, unknown>): BlobRef[] {
  const images = (embed as { images?: { image: BlobRef }[] } | undefined)?.images ?? [];
  return images.map(({ image }) => image);
}
