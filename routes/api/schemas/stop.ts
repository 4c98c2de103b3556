/** What is stopped, and what stop is lifted. */
import { z } from "@hono/zod-openapi";
import { MAX_REASON_LENGTH } from "../limits.ts";
import { id, PlatformSchema, postId, text } from "./fields.ts";

const why = text(MAX_REASON_LENGTH).default("").openapi({ example: "The brief was wrong." });
const personaId = id.openapi({
  description: "The persona's id.",
  example: "0199c7a2-1111-7000-8000-000000000000",
});

export const StopPostingSchema = z.strictObject({ why }).openapi("StopPosting");

/** What a stop covers. */
export const StopScopeSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("all") }).openapi("StopAll"),
  z.strictObject({ kind: z.literal("platform"), platform: PlatformSchema }).openapi("StopPlatform"),
  z.strictObject({ kind: z.literal("persona"), personaId }).openapi("StopPersona"),
  z.strictObject({
    kind: z.literal("post"),
    personaId: personaId.optional().openapi({
      description: "May be left out: a post belongs to one persona.",
    }),
    postId,
  }).openapi("StopPost"),
], {
  error: (issue) => issue.code === "invalid_union" ? "must be all, platform, persona or post" : undefined,
})
  .openapi("StopScope");

export const StopSchema = z.strictObject({ scope: StopScopeSchema, why }).openapi("NewStop");

/** Which stop to lift: its kind, and what that kind needs besides. */
export const StopQuerySchema = z.object({
  kind: z.enum(["all", "platform", "persona", "post"]),
  platform: PlatformSchema.optional(),
  personaId: personaId.optional(),
  postId: postId.optional(),
});
