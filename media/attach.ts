/** A picture that somebody gives for a post: made ready for its platform, and kept. */
import type { Platform } from "../actors/persona/platforms/port.ts";
import { type MediaInfo, putMedia } from "../db/media.ts";
import type { Sql } from "../db/sql.ts";
import { renditionLimits } from "./limits.ts";
import { type PictureFault, PictureRefused } from "./refused.ts";
import { renditionFor } from "./rendition_apart.ts";

/** Why not, for people; `code` says of which kind. */
export interface NotAttachable {
  refused: string;
  code: PictureFault;
}

/** `upload` is the file as it came, `MAX_PICTURE_BYTES` at most. The same file for the same platform is the same row. */
export async function attachable(
  sql: Sql,
  { upload, platform, personaId }: { upload: Uint8Array; platform: Platform; personaId: string },
): Promise<MediaInfo | NotAttachable> {
  try {
    const { bytes, ...rendition } = await renditionFor(upload, renditionLimits(platform));
    return await putMedia(sql, personaId, { ...rendition, data: bytes });
  } catch (error) {
    if (!(error instanceof PictureRefused)) throw error;
    return { refused: error.message, code: error.code };
  }
}
