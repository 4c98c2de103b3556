/** Fields that many answers have. Values of answers come from `db/read/`; these shapes are for the API's document. */
import { z } from "@hono/zod-openapi";

export const time = z.iso.datetime().openapi({ example: "2026-11-22T18:30:00.000Z" });
export const position = z.int().openapi({ example: 4711 });
export const json = z.record(z.string(), z.any());
export const strings = z.array(z.string());
export const count = z.int().min(0);
