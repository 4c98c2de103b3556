/** Pictures of posts: given, looked at. */
import { z } from "@hono/zod-openapi";
import { getMediaOf } from "../../db/media.ts";
import { attachable, type NotAttachable } from "../../media/attach.ts";
import { MAX_PICTURE_BYTES } from "../../media/limits.ts";
import { pictureAnswer, SHA256 } from "../picture.ts";
import type { Program } from "../program.ts";
import { checkMediaType, readBytes } from "./body.ts";
import { type Api, define } from "./endpoint.ts";
import { existing } from "./personas.ts";
import { ApiFault, type ProblemCode } from "./problems.ts";
import { PlatformSchema } from "./schemas/fields.ts";
import type { Sending } from "./sending.ts";

const TAG = "Posts";
const UPLOADS = ["image/jpeg", "image/png", "image/webp", "image/gif"] as const;
const BUSY_SECONDS = 5;

export const MediaAnswer = z.object({
  sha256: z.string().openapi({
    description: "Names the picture, in commands too.",
    example: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
  }),
  mime: z.enum(["image/jpeg", "image/png"]),
  width: z.int().openapi({ example: 2000 }),
  height: z.int().openapi({ example: 1500 }),
  bytes: z.int().openapi({ example: 817_671 }),
  url: z.string().openapi({ description: "Where it can be looked at." }),
}).openapi("KeptPicture");

export function addMedia(api: Api, program: Program, sending: Sending): void {
  define(api, {
    method: "POST",
    path: "/api/v1/personas/{personaId}/media",
    operationId: "addMedia",
    tag: TAG,
    summary: "Give a picture for a post",
    description:
      "The body is the picture: JPEG, PNG, WebP or GIF (its first frame), at most 10 MB and 51 million pixels. It is " +
      "made anew for the platform: upright, small enough, without anything in it but pixels. The same file for the " +
      "same platform gives the same answer. What no post refers to is removed after 7 days.",
    action: "persona.command",
    query: z.object({ platform: PlatformSchema }),
    upload: UPLOADS,
    answers: { 201: { description: "The picture as it would go out.", schema: MediaAnswer } },
    problems: ["not_found", "too_large", "unsupported_media_type", "bad_picture", "overloaded", "disk_full"],
    async handle(c, { personaId, query }) {
      const { id } = await existing(program, personaId ?? "");
      checkMediaType(c, UPLOADS);
      await sending.checkDisk();
      const upload = await readBytes(c, MAX_PICTURE_BYTES);
      const media = await attachable(program.sql, { upload, platform: query.platform, personaId: id });
      if ("refused" in media) throw notAttachable(media);
      const url = `/api/v1/personas/${id}/media/${media.sha256}`;
      c.header("location", url);
      return c.json({ ...media, url }, 201);
    },
  });

  define(api, {
    method: "GET",
    path: "/api/v1/personas/{personaId}/media/{sha256}",
    operationId: "getMedia",
    tag: TAG,
    summary: "A picture",
    action: "persona.read",
    answers: { 200: { description: "The picture.", file: ["image/jpeg", "image/png"] } },
    problems: ["not_found"],
    async handle(c, { personaId }) {
      const { id } = await existing(program, personaId ?? "");
      const sha256 = c.req.param("sha256") ?? "";
      const media = SHA256.test(sha256) ? await getMediaOf(program.sql, id, sha256) : null;
      if (media === null) {
        throw new ApiFault({ code: "not_found", detail: "This persona has no such picture." });
      }
      return pictureAnswer(c, media);
    },
  });
}

function notAttachable({ code, refused }: NotAttachable): ApiFault {
  const busy = code === "busy" || code === "too_slow";
  const problem: ProblemCode = busy ? "overloaded" : code === "too_large" ? "too_large" : "bad_picture";
  return new ApiFault({
    code: problem,
    detail: refused,
    ...(busy ? { retryAfter: BUSY_SECONDS } : { errors: [{ field: "body", reason: code }] }),
  });
}
