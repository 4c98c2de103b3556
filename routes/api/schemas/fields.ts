/** Fields of which several schemas are made. */
import { z } from "@hono/zod-openapi";
import { PLATFORMS } from "../../../actors/persona/platforms/limits.ts";
import type { Platform } from "../../../actors/persona/platforms/port.ts";

/** Ids of personas, posts and connections: UUIDs, or what a platform of ours names things by. */
export const ID = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,99}$/;

/** Every platform that there is. */
export const PlatformSchema = z.enum(PLATFORMS as [Platform, ...Platform[]]);

/** At most `max` characters. */
export const text = (max: number) => z.string().max(max, `must have at most ${max} characters`);
/** Not white space alone. */
export const filled = (max: number) =>
  text(max).refine((value) => value.trim() !== "", "must not be empty").openapi({ minLength: 1 });
export const line = (max: number) =>
  text(max).refine((value) => /^\P{Cc}*$/u.test(value), "must be one line without control characters");

export const id = z.string().regex(ID, "must be an id");
export const postId = id.openapi({
  description: "The post's id.",
  example: "0199c7a2-6f1e-7b55-8a7e-0d6d1a2b3c4d",
});
