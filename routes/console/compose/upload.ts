/** Pictures on their way into a form: made ready for each platform that the form may send to. */
import type { Context, Hono } from "hono";
import { PLATFORMS } from "../../../actors/persona/platforms/limits.ts";
import type { Platform } from "../../../actors/persona/platforms/port.ts";
import { attachable } from "../../../media/attach.ts";
import { MAX_PICTURE_BYTES, renditionLimits } from "../../../media/limits.ts";
import { getPersona } from "../../../db/read/personas.ts";
import { readBytes } from "../../api/body.ts";
import { ApiFault } from "../../api/problems.ts";
import { route } from "../../route.ts";
import type { Console } from "../context.tsx";

export function addPictureUpload(app: Hono, con: Console): void {
  route(app, "POST", "/personas/:personaId/compose/picture", "persona.command", (c) => upload(c, con));
}

/** Answers `{shas}` by platform, or `{message}` for the person. The body is the file as it is. */
async function upload(c: Context, con: Console): Promise<Response> {
  const { sql, settings } = con.program;
  const persona = await getPersona(sql, c.req.param("personaId") ?? "");
  if (persona === null) return c.json({ message: "This persona is not there any more." }, 404);
  const wanted = (c.req.query("for") ?? "").split(",");
  const platforms = PLATFORMS.filter((platform) => wanted.includes(platform));
  if (platforms.length === 0) return c.json({ message: "There is no account for this picture." }, 422);
  if (await con.freeBytes() < settings.minFreeBytes) {
    return c.json({ message: "The disk is nearly full: no pictures are taken until there is room." }, 503);
  }
  let file: Uint8Array;
  try {
    file = await readBytes(c, MAX_PICTURE_BYTES);
  } catch (error) {
    if (!(error instanceof ApiFault)) throw error;
    const most = MAX_PICTURE_BYTES / 1024 / 1024;
    const isLarge = error.fault.code === "too_large";
    const message = isLarge
      ? `The picture has more than ${most} MB: make it smaller.`
      : "The upload broke off: try again.";
    return c.json({ message }, isLarge ? 413 : 400);
  }
  const shas: Partial<Record<Platform, string>> = {};
  // Platforms with the same limits are given the same picture.
  for (const alike of Map.groupBy(platforms, (one) => JSON.stringify(renditionLimits(one))).values()) {
    const [platform] = alike;
    if (platform === undefined) continue;
    const media = await attachable(sql, { upload: file, platform, personaId: persona.id });
    if ("refused" in media) {
      const isBusy = media.code === "busy" || media.code === "too_slow";
      return c.json({ message: media.refused }, isBusy ? 503 : 422);
    }
    for (const one of alike) shas[one] = media.sha256;
  }
  return c.json({ shas });
}
