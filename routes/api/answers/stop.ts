/** What is stopped. */
import { z } from "@hono/zod-openapi";
import { PlatformSchema } from "../schemas/fields.ts";
import { time } from "./fields.ts";
import { pageOf } from "./page.ts";

export const PostingAnswer = z.object({
  stopped: z.boolean(),
  by: z.string().nullable(),
  why: z.string().nullable(),
  since: z.string().nullable(),
}).openapi("Posting", { description: "The switch over everything outward." });

export const StopAnswer = z.object({
  scope: z.discriminatedUnion("kind", [
    z.object({ kind: z.literal("all") }),
    z.object({ kind: z.literal("platform"), platform: PlatformSchema }),
    z.object({ kind: z.literal("persona"), personaId: z.string() }),
    z.object({ kind: z.literal("post"), personaId: z.string(), postId: z.string() }),
  ]),
  by: z.string().openapi({ example: "user:0199c7a2-0000-7000-8000-000000000000" }),
  why: z.string().openapi({ description: "May be empty.", example: "The brief was wrong." }),
  since: time,
}).openapi("Stop", { description: "Nothing within its scope goes out until a person lifts it." });

export const StopPage = pageOf("StopPage", StopAnswer);
