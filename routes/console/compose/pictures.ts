/** Pictures of a form, and what a post is given of them. */
import { z } from "zod";
import type { TypedPart } from "../../../actors/persona/commands.ts";
import { limitsOf, PLATFORMS } from "../../../actors/persona/platforms/limits.ts";
import type { MediaRef, Part, Platform } from "../../../actors/persona/platforms/port.ts";
import { type MediaInfo, useMedia } from "../../../db/media.ts";
import type { Sql } from "../../../db/sql.ts";
import { MAX_ALT_LENGTH, MAX_PARTS, MAX_PICTURES } from "../../api/limits.ts";
import { SHA256 } from "../../picture.ts";

/** In one form: the most that every part of a thread can have. */
const MAX_IN_FORM = MAX_PICTURES * MAX_PARTS;

const Sha = z.string().regex(SHA256);
const Picture = z.strictObject({
  /** The same picture as each platform takes it. */
  shas: z.partialRecord(z.enum(PLATFORMS as [Platform, ...Platform[]]), Sha),
  alt: z.string().max(MAX_ALT_LENGTH),
  /** From 1. */
  part: z.int().min(1).max(MAX_PARTS),
});
const Pictures = z.array(Picture).max(MAX_IN_FORM);

export type Picture = z.infer<typeof Picture>;

/** What the script of the page keeps in its field; null where it is nothing that it wrote. */
export function picturesOf(field: string | undefined): Picture[] | null {
  if (field === undefined || field.trim() === "") return [];
  let value: unknown;
  try {
    value = JSON.parse(field);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
  const parsed = Pictures.safeParse(value);
  return parsed.success ? parsed.data : null;
}

/** Those of a post that is there, for its editor; `from`: parts before it are out, and left out. */
export function picturesOfParts(platform: Platform, parts: Part[], from = 0): Picture[] {
  return parts.slice(from).flatMap((part, index) =>
    (part.media ?? []).map(({ sha256, alt }) => ({ shas: { [platform]: sha256 }, alt, part: index + 1 }))
  );
}

/** A sentence, and the picture it is about (from 0). */
export interface PictureTrouble {
  message: string;
  picture: number;
}

export type Attached = { media: MediaRef[][] } | { trouble: PictureTrouble };

/** Reads what is known of them, once for all platforms. */
export async function keptPictures(
  sql: Sql,
  personaId: string,
  pictures: Picture[],
): Promise<Map<string, MediaInfo>> {
  const shas = [...new Set(pictures.flatMap(({ shas }) => Object.values(shas)))];
  return shas.length === 0 ? new Map() : await useMedia(sql, personaId, shas);
}

/** The pictures of each part on one platform. One that is for a part beyond the last is in the last. */
export function attached(
  pictures: Picture[],
  kept: ReadonlyMap<string, MediaInfo>,
  platform: Platform,
  parts: number,
): Attached {
  const media: MediaRef[][] = Array.from({ length: parts }, () => []);
  for (const [index, { shas, alt, part }] of pictures.entries()) {
    const info = kept.get(shas[platform] ?? "");
    if (info === undefined) {
      const { label } = limitsOf(platform);
      const message = `Picture ${index + 1} is not there for ${label} any more: remove it and add it again.`;
      return { trouble: { message, picture: index } };
    }
    const { sha256, mime, width, height, bytes } = info;
    media[Math.min(part, parts) - 1]?.push({ sha256, mime, width, height, bytes, alt: alt.trim() });
  }
  return { media };
}

/** The first picture that nobody who cannot see it would know. */
export function undescribed(pictures: Picture[]): PictureTrouble | null {
  const picture = pictures.findIndex(({ alt }) => alt.trim() === "");
  if (picture === -1) return null;
  const which = pictures.length === 1 ? "The picture" : `Picture ${picture + 1}`;
  return { message: `${which} has no alt text: say what it shows, for those who cannot see it.`, picture };
}

export function typedParts(texts: string[], media: MediaRef[][]): TypedPart[] {
  return texts.map((text, index) => {
    const own = media[index] ?? [];
    return own.length === 0 ? { text } : { text, media: own };
  });
}
