/** Pictures go to LinkedIn before the post that shows them: until then nobody sees anything. */
import type { AdapterContext, Failure } from "../port.ts";
import { object } from "./call.ts";
import type { LinkedInRecord, Picture } from "./freeze.ts";
import { failureOf } from "./outcome.ts";
import type { Called, Session } from "./session.ts";

/** A picture by LinkedIn's name. */
export interface Uploaded {
  urn: string;
  alt: string;
}

export type Upload = { kind: "uploaded"; pictures: Uploaded[] } | Exclude<Failure, { kind: "uncertain" }>;

/** Uploads what a post shows, in its order. What fails is never uncertain: nothing is public yet. */
export async function uploadPictures(
  session: Session,
  context: AdapterContext,
  media: Picture[],
): Promise<Upload> {
  // All are at hand before LinkedIn hears of the first.
  let bytes: Uint8Array[];
  try {
    bytes = await Promise.all(media.map(({ sha256 }) => context.media(sha256)));
  } catch (error) {
    const name = error instanceof Error ? error.name : "unknown error";
    return { kind: "not_sent", reason: `a picture of this post could not be read (${name})` };
  }
  const pictures: Uploaded[] = [];
  for (const [index, { mime, alt }] of media.entries()) {
    const place = await askForPlace(session, context);
    if (place.kind !== "place") return place;
    const called = await session.call(context, {
      what: "media",
      method: "PUT",
      origin: place.url.origin,
      path: place.url.pathname + place.url.search,
      body: bytes[index],
      type: mime,
    });
    if (called.kind !== "ok") return notUploaded(called, session.now());
    pictures.push({ urn: place.urn, alt });
  }
  return { kind: "uploaded", pictures };
}

/** Where the bytes of the next picture go, and its name. The address holds a secret: it is never told. */
async function askForPlace(
  session: Session,
  context: AdapterContext,
): Promise<{ kind: "place"; url: URL; urn: string } | Exclude<Failure, { kind: "uncertain" }>> {
  const called = await session.call(context, {
    what: "media",
    method: "POST",
    path: "/rest/images?action=initializeUpload",
    body: JSON.stringify({ initializeUploadRequest: { owner: session.author } }),
  });
  if (called.kind !== "ok") return notUploaded(called, session.now());
  const { uploadUrl, image } = object(called.body?.value);
  const url = typeof uploadUrl === "string" && URL.canParse(uploadUrl) ? new URL(uploadUrl) : null;
  if (url === null || typeof image !== "string" || !/^urn:li:image:[A-Za-z0-9_-]{1,100}$/.test(image)) {
    return { kind: "not_sent", reason: "LinkedIn did not say where the picture goes" };
  }
  // The request bears the token.
  if (!session.origins.includes(url.origin)) {
    const reason = `LinkedIn wants the picture at ${
      url.host.slice(0, 100)
    }, where this persona may not connect`;
    return { kind: "rejected", reason };
  }
  return { kind: "place", url, urn: image };
}

function notUploaded(
  called: Exclude<Called, { kind: "ok" }>,
  now: number,
): Exclude<Failure, { kind: "uncertain" }> {
  const failure = failureOf(called, now);
  const reason = `a picture was not uploaded: ${failure.reason}`;
  return failure.kind === "uncertain" ? { kind: "not_sent", reason } : { ...failure, reason };
}

/** The request of a post: what was frozen, and the names of its pictures. */
export function bodyWith({ body }: LinkedInRecord, pictures: Uploaded[]): string {
  if (pictures.length === 0) return body;
  const images = pictures.map(({ urn, alt }) => ({ id: urn, ...(alt === "" ? {} : { altText: alt }) }));
  const content = images.length === 1 ? { media: images[0] } : { multiImage: { images } };
  return JSON.stringify({ ...object(JSON.parse(body)), content });
}
