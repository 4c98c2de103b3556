/** The commands that people and programs give to a persona. The console's forms use them too. */
import { z } from "@hono/zod-openapi";
import type { PersonaCommand } from "../../../actors/persona/commands.ts";
import {
  MAX_ALT_LENGTH,
  MAX_BRIEF_LENGTH,
  MAX_PARTS,
  MAX_PICTURES,
  MAX_REASON_LENGTH,
  MAX_SEEN,
  MAX_TEXT_LENGTH,
} from "../limits.ts";
import { filled, id, PlatformSchema, postId, text } from "./fields.ts";

const deadLetterId = id.openapi({ description: "Of a command that failed twice, as the list names it." });
const time = {
  at: z.string().min(1, "must not be empty").max(100).openapi({
    description: "Local date and time in `zone`, or an instant with an offset.",
    example: "2026-12-01T09:00",
  }),
  zone: z.string().min(1, "must not be empty").max(100).openapi({
    description: "IANA time zone.",
    example: "Europe/Lisbon",
  }),
};
const reason = filled(MAX_REASON_LENGTH).openapi({
  example: "Too long, and the second sentence is not true.",
});

/** The commands that `POST …/commands` takes; creating, editing, deleting and linking have routes of their own. */
export type RoutedCommand = Exclude<
  PersonaCommand,
  { type: "create" | "edit" | "delete" | "link" | "unlink" }
>;

const command = <T extends RoutedCommand["type"], S extends z.ZodRawShape>(type: T, fields: S) =>
  z.strictObject({ type: z.literal(type), ...fields }).openapi(`Command_${type}`);

/** A picture as its upload was answered, with what it shows. */
const MediaSchema = z.strictObject({
  sha256: z.string().regex(/^[0-9a-f]{64}$/, "must be the sha256 that the upload was answered with"),
  mime: z.string().min(1).max(100).openapi({ example: "image/jpeg" }),
  width: z.int().min(1).max(100_000),
  height: z.int().min(1).max(100_000),
  bytes: z.int().min(1),
  alt: text(MAX_ALT_LENGTH).openapi({
    description: "What it shows.",
    example: "Frost on a lighthouse lens.",
  }),
}).openapi("Media");

const parts = z.array(z.strictObject({
  text: filled(MAX_TEXT_LENGTH),
  media: z.array(MediaSchema).max(MAX_PICTURES, `must have at most ${MAX_PICTURES} entries`).optional(),
})).min(1, "must have at least one part").max(MAX_PARTS, `must have at most ${MAX_PARTS} parts`).openapi({
  description: "One entry for a post, several for a thread.",
  example: [{ text: "The first frost on the lens this morning." }],
});

const newPost = {
  platform: PlatformSchema,
  postId: z.uuid("must be a UUID").toLowerCase().optional().openapi({ description: "Chosen by the caller." }),
  connectionId: id.optional(),
  setId: z.uuid("must be a UUID").toLowerCase().optional().openapi({
    description: "The same for posts on several platforms that belong together.",
  }),
};

export const commandSchemas = {
  compose: command("compose", {
    ...newPost,
    brief: filled(MAX_BRIEF_LENGTH).openapi({ example: "The first frost on the lens this morning." }),
  }),
  write: command("write", { ...newPost, parts }),
  reply: command("reply", {
    interactionId: id,
    brief: text(MAX_BRIEF_LENGTH).optional().openapi({
      description: "What to answer; may be left to the writer.",
    }),
    parts: parts.optional().openapi({ description: "The answer in your own words." }),
    postId: newPost.postId,
  }),
  rewrite: command("rewrite", { postId, reason: reason.optional() }),
  revise: command("revise", { postId, text: filled(MAX_TEXT_LENGTH).optional(), parts: parts.optional() }),
  submit: command("submit", { postId }),
  approve: command("approve", {
    postId,
    contentHash: z.string().min(1).max(128).openapi({ description: "Of the text that was looked at." }),
    acknowledged: z.array(z.string().regex(/^[a-z_]{1,40}$/, "must be the name of a rule")).max(10).optional()
      .openapi({
        description: "Rules whose findings the person saw and lets pass.",
        example: ["coordinated"],
      }),
    seen: z.array(postId).max(MAX_SEEN, `must have at most ${MAX_SEEN} entries`).optional().openapi({
      description: "Ids of the posts that the person saw together with it.",
    }),
    then: z.discriminatedUnion("kind", [
      z.strictObject({ kind: z.literal("publish") }),
      z.strictObject({ kind: z.literal("schedule"), ...time }),
    ]).optional().openapi({ description: "What follows at once." }),
  }),
  reject: command("reject", { postId, reason }),
  publish: command("publish", { postId }),
  schedule: command("schedule", { postId, ...time }),
  unschedule: command("unschedule", { postId }),
  withdraw: command("withdraw", { postId }),
  resolve: command("resolve", {
    postId,
    outcome: z.enum(["went_out", "did_not", "part_went_out"]).openapi({
      description:
        "`part_went_out`: of a thread, the part behind those that are known to be out, with its address; the rest follows.",
    }),
    url: z.url({ protocol: /^https?$/, message: "must be an http or https address" }).max(2_000).optional(),
  }),
  check_again: command("check_again", { postId }),
  delete_post: command("delete_post", { postId }),
  measure: command("measure", { postId }),
  check_connection: command("check_connection", { connectionId: id }),
  retry_dead_letter: command("retry_dead_letter", { deadLetterId }),
  drop_dead_letter: command("drop_dead_letter", { deadLetterId }),
  pause: command("pause", {}),
  resume: command("resume", {}),
  retire: command("retire", {}),
} satisfies Record<RoutedCommand["type"], z.ZodType>;

const NOT_A_COMMAND = "must be one of " + Object.keys(commandSchemas).join(", ") +
  "; creating, editing, deleting and connecting have routes of their own";

export const CommandSchema = z.discriminatedUnion("type", [
  commandSchemas.compose,
  commandSchemas.write,
  commandSchemas.reply,
  commandSchemas.rewrite,
  commandSchemas.revise,
  commandSchemas.submit,
  commandSchemas.approve,
  commandSchemas.reject,
  commandSchemas.publish,
  commandSchemas.schedule,
  commandSchemas.unschedule,
  commandSchemas.withdraw,
  commandSchemas.resolve,
  commandSchemas.check_again,
  commandSchemas.delete_post,
  commandSchemas.measure,
  commandSchemas.check_connection,
  commandSchemas.retry_dead_letter,
  commandSchemas.drop_dead_letter,
  commandSchemas.pause,
  commandSchemas.resume,
  commandSchemas.retire,
], { error: (issue) => issue.code === "invalid_union" ? NOT_A_COMMAND : undefined })
  .openapi("Command") satisfies z.ZodType<RoutedCommand>;
