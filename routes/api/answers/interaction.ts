/** What others said to a persona. */
import { z } from "@hono/zod-openapi";
import { PlatformSchema } from "../schemas/fields.ts";
import { position, time } from "./fields.ts";
import { pageOf } from "./page.ts";

export const InteractionAnswer = z.object({
  id: z.string(),
  persona: z.string(),
  connectionId: z.string(),
  platform: PlatformSchema.nullable(),
  kind: z.enum(["mention", "reply", "quote", "like", "repost", "follow"]),
  postId: z.string().nullable(),
  summons: z.boolean().openapi({
    description:
      "False where it was said to somebody else, or the platform takes no answer of a program to it.",
  }),
  byBot: z.boolean().openapi({ description: "Its author says that it is a machine." }),
  answeredBy: z.string().nullable(),
  words: z.union([
    z.object({
      text: z.string(),
      authorId: z.string().nullable(),
      authorHandle: z.string().nullable(),
      url: z.string().nullable(),
      profileRemovedAt: time.nullable().openapi({
        description: "When the author was removed, under a rule that keeps the words longer.",
      }),
    }),
    z.object({ removedAt: time, rule: z.string() }),
    z.null(),
  ]),
  saidAt: time,
  receivedAt: time,
  position,
}).openapi("Interaction");

export const InteractionPage = pageOf("InteractionPage", InteractionAnswer);
