/** Events, and the answer to a command: the events that it led to. */
import { z } from "@hono/zod-openapi";
import { json, position, time } from "./fields.ts";
import { pageOf } from "./page.ts";

export const EventAnswer = z.object({
  position: position.openapi({ description: "Place in the whole log: contiguous, from 1." }),
  id: z.uuid(),
  stream: z.string().openapi({ description: "The persona's id." }),
  version: z.int().openapi({ description: "Counts inside the stream, from 1." }),
  type: z.string().openapi({ example: "PostApproved" }),
  schema: z.int().openapi({ description: "Version of the shape of `data`." }),
  at: time,
  by: z.string().openapi({ example: "user:0199c7a2-0000-7000-8000-000000000000" }),
  cause: z.string().nullable().openapi({ description: "Id of the event or command that caused it." }),
  correlation: z.string().nullable(),
  data: json,
}).openapi("Event");

export const EventPage = pageOf("EventPage", EventAnswer);

export const CommandAnswerSchema = z.object({
  commandId: z.string().openapi({ description: "The `Idempotency-Key`, or an id made for it." }),
  events: z.array(EventAnswer),
  repeated: z.boolean().openapi({
    description: "True when this is the answer given before for the same key.",
  }),
}).openapi("CommandAnswer");
