/** Uploading images: in one request, or begun, appended to and finalized. */
import { imageOf } from "./image.ts";
import type { Call } from "./operations.ts";
import { hasOnly, ID, isRecord } from "./post_body.ts";
import { type Answer, invalidRequest, notFound, ok, problem } from "./problems.ts";
import type { Media } from "./world.ts";
import { mediaKey } from "./views.ts";

export const MAX_IMAGE_BYTES = 5 * 1024 * 1024;
export const MAX_GIF_BYTES = 15 * 1024 * 1024;
export const MAX_ALT_TEXT = 1_000;
const MAX_SEGMENT = 999;
const MEDIA_LIFE_MS = 24 * 3_600_000;
const CATEGORIES = ["tweet_image", "tweet_gif"];
const TYPES = ["image/jpeg", "image/png", "image/webp", "image/gif"];

export function initializeUpload(call: Call): Answer {
  const { body } = call;
  if (!hasOnly(body, [], ["media_type", "media_category", "total_bytes", "additional_owners", "shared"])) {
    return invalidRequest({ body: ["has unknown fields"] });
  }
  const { media_type: type, media_category: category, total_bytes: bytes } = body;
  const wrong: Record<string, string[]> = {};
  if (typeof type !== "string" || !TYPES.includes(type)) wrong.media_type = [String(type)];
  if (typeof category !== "string" || !CATEGORIES.includes(category)) {
    wrong.media_category = [String(category)];
  }
  if (typeof bytes !== "number" || !Number.isInteger(bytes) || bytes < 1) wrong.total_bytes = [String(bytes)];
  if (Object.keys(wrong).length > 0) return invalidRequest(wrong);
  if (Number(bytes) > maxBytes(String(category))) return tooLarge();
  const media = begun(call, String(type), String(category), Number(bytes));
  return ok(uploaded(call, media));
}

export function appendUpload(call: Call): Answer {
  const media = ownMedia(call, call.parameters.id ?? "");
  if (media === null) return missing(call.parameters.id ?? "");
  if (media.state !== "receiving") return invalidRequest({ id: ["was finalized"] });
  const { body } = call;
  if (!isRecord(body)) return invalidRequest({ body: ["must be a form or a JSON object"] });
  const index = Number(body.segment_index);
  if (!/^[0-9]{1,3}$/.test(String(body.segment_index)) || index > MAX_SEGMENT) {
    return invalidRequest({ segment_index: [String(body.segment_index)] });
  }
  const bytes = bytesOf(body.media);
  if (bytes === null || bytes.length === 0) return invalidRequest({ media: ["is missing"] });
  const before = media.segments.get(index)?.length ?? 0;
  if (media.size - before + bytes.length > (media.totalBytes ?? 0)) {
    return invalidRequest({ media: ["is more than total_bytes"] });
  }
  media.segments.set(index, bytes);
  media.size += bytes.length - before;
  return ok({ data: { expires_at: Math.floor(media.expiresAt / 1000) }, meta: {} });
}

export function finalizeUpload(call: Call): Answer {
  const media = ownMedia(call, call.parameters.id ?? "");
  if (media === null) return missing(call.parameters.id ?? "");
  if (media.state !== "receiving") return invalidRequest({ id: ["was finalized before"] });
  if (media.size !== media.totalBytes) return invalidRequest({ id: ["has not all of total_bytes"] });
  for (let index = 0; index < media.segments.size; index++) {
    if (!media.segments.has(index)) return invalidRequest({ segment_index: ["has a gap"] });
  }
  return finished(call, media, joined(media));
}

export function uploadAtOnce(call: Call): Answer {
  const { body } = call;
  const allowed = ["media_type", "additional_owners", "shared"];
  if (!hasOnly(body, ["media", "media_category"], allowed)) {
    return invalidRequest({ body: ["must have media and media_category, and nothing unknown"] });
  }
  const category = String(body.media_category);
  if (category !== "tweet_image") return invalidRequest({ media_category: [category] });
  const bytes = bytesOf(body.media);
  if (bytes === null || bytes.length === 0) return invalidRequest({ media: ["is missing"] });
  if (bytes.length > MAX_IMAGE_BYTES) return tooLarge();
  const type = body.media_type === undefined ? imageOf(bytes)?.type ?? "" : String(body.media_type);
  const media = begun(call, type, category, null);
  media.size = bytes.length;
  return finished(call, media, bytes);
}

/** `GET /2/media/upload`: how far the processing is. */
export function uploadStatus(call: Call): Answer {
  const id = call.query.get("media_id") ?? "";
  const media = ownMedia(call, id);
  if (media === null) return missing(id);
  if (media.state === "pending" && media.pendingPolls-- <= 0) {
    media.state = call.world.settings.mediaFails ? "failed" : "ready";
  }
  return ok(uploaded(call, media, true));
}

/** `POST /2/media/metadata`: the alternative text. */
export function describeMedia(call: Call): Answer {
  const { body } = call;
  if (!hasOnly(body, ["id"], ["metadata"]) || !ID.test(String(body.id))) return invalidRequest({ id: [""] });
  const media = ownMedia(call, String(body.id));
  if (media === null) return missing(String(body.id));
  if (!hasOnly(body.metadata, ["alt_text"])) return invalidRequest({ metadata: ["must have alt_text only"] });
  const alt = body.metadata.alt_text;
  if (!hasOnly(alt, ["text"]) || typeof alt.text !== "string" || [...alt.text].length > MAX_ALT_TEXT) {
    return invalidRequest({
      "metadata.alt_text.text": [`must be text of at most ${MAX_ALT_TEXT} characters`],
    });
  }
  media.altText = alt.text;
  return ok({ data: { id: media.id, associated_metadata: { alt_text: { text: alt.text } } } });
}

function begun(call: Call, type: string, category: string, totalBytes: number | null): Media {
  const media: Media = {
    id: call.world.newId(),
    ownerId: call.account.id,
    type,
    category,
    totalBytes,
    segments: new Map(),
    size: 0,
    width: 0,
    height: 0,
    altText: null,
    state: "receiving",
    pendingPolls: 0,
    expiresAt: call.world.now() + MEDIA_LIFE_MS,
  };
  call.world.media.set(media.id, media);
  return media;
}

/** The bytes are there: judged by their content, not by what was said of them. */
function finished(call: Call, media: Media, bytes: Uint8Array): Answer {
  const image = imageOf(bytes);
  media.segments.clear();
  if (
    image === null || image.type !== media.type ||
    (image.type === "image/gif") !== (media.category === "tweet_gif")
  ) {
    media.state = "failed";
    return {
      ...problem(400, "Invalid Request", "media type unrecognized."),
      note: "the content is another type",
    };
  }
  const { mediaPendingPolls, mediaFails } = call.world.settings;
  media.width = image.width;
  media.height = image.height;
  media.pendingPolls = mediaPendingPolls;
  media.state = mediaPendingPolls > 0 || mediaFails ? "pending" : "ready";
  return ok(uploaded(call, media));
}

function uploaded(call: Call, media: Media, withProcessing = media.state === "pending") {
  const current = call.dialect === "current";
  const known = media.width > 0;
  return {
    data: {
      id: media.id,
      media_key: mediaKey(media.id),
      expires_after_secs: Math.round((media.expiresAt - call.world.now()) / 1000),
      ...(media.state === "receiving" ? {} : { size: media.size }),
      ...(current && known ? { image: { image_type: media.type, w: media.width, h: media.height } } : {}),
      ...(withProcessing ? { processing_info: processing(media, current) } : {}),
    },
    // The classic specification asks for it in answers to uploads, and says nothing of what is in it.
    ...(current ? {} : { meta: {} }),
  };
}

const STATES = { receiving: "pending", pending: "pending", ready: "succeeded", failed: "failed" };

function processing(media: Media, current: boolean) {
  return {
    // As with `meta`: the classic specification asks for it without having it; the current one forbids it.
    ...(current ? {} : { type: "image" }),
    state: STATES[media.state],
    ...(media.state === "pending" ? { check_after_secs: 1, progress_percent: 0 } : {}),
  };
}

function maxBytes(category: string): number {
  return category === "tweet_gif" ? MAX_GIF_BYTES : MAX_IMAGE_BYTES;
}

function tooLarge(): Answer {
  return { ...problem(400, "Invalid Request", "The file is too large."), note: "too many bytes" };
}

function missing(id: string): Answer {
  const { title, detail, type, ...more } = notFound("media", "id", id);
  return problem(404, title, detail, type, more);
}

function ownMedia(call: Call, id: string): Media | null {
  const media = call.world.media.get(id);
  if (media === undefined || media.ownerId !== call.account.id) return null;
  return media.expiresAt <= call.world.now() ? null : media;
}

function joined(media: Media): Uint8Array {
  const whole = new Uint8Array(media.size);
  let at = 0;
  for (const [, segment] of [...media.segments].sort(([a], [b]) => a - b)) {
    whole.set(segment, at);
    at += segment.length;
  }
  return whole;
}

/** From a form the bytes themselves, from JSON base64. */
function bytesOf(value: unknown): Uint8Array | null {
  if (value instanceof Uint8Array) return value;
  if (typeof value !== "string") return null;
  try {
    return Uint8Array.from(atob(value), (character) => character.charCodeAt(0));
  } catch {
    return null; // No base64: refused by the caller as missing media.
  }
}
