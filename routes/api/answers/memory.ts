/** What a persona remembers. */
import { z } from "@hono/zod-openapi";
import { position, time } from "./fields.ts";
import { pageOf } from "./page.ts";

export const MemoryAnswer = z.object({
  id: z.string(),
  persona: z.string(),
  kind: z.literal("said"),
  postId: z.string().nullable(),
  text: z.string(),
  at: time,
  position,
}).openapi("Memory");

export const MemoryPage = pageOf("MemoryPage", MemoryAnswer);
