/** Pictures of posts, for the console's pages. */
import type { Hono } from "hono";
import { getMediaOf } from "../../db/media.ts";
import { pictureAnswer, SHA256 } from "../picture.ts";
import { route } from "../route.ts";
import type { Console } from "./context.tsx";

/** Where a page finds a picture. */
export function pathOfPicture(personaId: string, sha256: string): string {
  return `/media/${encodeURIComponent(personaId)}/${sha256}`;
}

export function addMedia(app: Hono, { program }: Pick<Console, "program">): void {
  route(app, "GET", "/media/:personaId/:sha256", "persona.read", async (c) => {
    const sha256 = c.req.param("sha256") ?? "";
    const media = SHA256.test(sha256)
      ? await getMediaOf(program.sql, c.req.param("personaId") ?? "", sha256)
      : null;
    return media === null ? c.text("Not found", 404) : pictureAnswer(c, media);
  });
}
