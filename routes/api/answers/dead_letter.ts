/** Commands that failed twice. */
import { z } from "@hono/zod-openapi";
import { count, json, position, time } from "./fields.ts";
import { pageOf } from "./page.ts";

export const DeadLetterAnswer = z.object({
  id: z.string(),
  persona: z.string(),
  personaName: z.string().nullable().openapi({
    description: "Null where the persona could not even be created.",
  }),
  commandId: z.string(),
  type: z.string().openapi({ description: "What was asked.", example: "revise" }),
  at: time.openapi({ description: "When it failed last." }),
  by: z.string().openapi({ description: "Who asked." }),
  reason: z.string().openapi({ description: "The error that it made last." }),
  crashes: count,
  status: z.enum(["open", "retried", "dropped"]),
  command: json.nullable().openapi({
    description: "The whole command; null where it was not kept: then it cannot be retried.",
  }),
  position,
}).openapi("DeadLetter");

export const DeadLetterPage = pageOf("DeadLetterPage", DeadLetterAnswer);
