/** A page of a list. */
import { z } from "@hono/zod-openapi";

export const pageOf = <T extends z.ZodType>(name: string, item: T) =>
  z.object({
    items: z.array(item),
    next: z.string().nullable().openapi({ description: "Hand it back as `after`; null on the last page." }),
  }).openapi(name);
