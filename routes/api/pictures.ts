/** Whether the pictures that a command names are there, and are as it says: what goes out is frozen from its words. */
import type { Command } from "../../actors/persona/commands.ts";
import { useMedia } from "../../db/media.ts";
import type { Sql } from "../../db/sql.ts";

/** The first thing that is wrong with them, with its path in the command; null where all is right. */
export async function wrongPicture(
  sql: Sql,
  personaId: string,
  command: Command,
): Promise<{ field: string; message: string } | null> {
  if (!("parts" in command) || command.parts === undefined) return null;
  const named = command.parts.flatMap((part, index) =>
    (part.media ?? []).map((media, picture) => ({ media, field: `parts.${index}.media.${picture}` }))
  );
  if (named.length === 0) return null;
  const kept = await useMedia(sql, personaId, named.map(({ media }) => media.sha256));
  for (const { media, field } of named) {
    const there = kept.get(media.sha256);
    if (there === undefined) {
      return { field: `${field}.sha256`, message: "is no picture of this persona: upload it first" };
    }
    const wrong = (["mime", "width", "height", "bytes"] as const).find((key) => there[key] !== media[key]);
    if (wrong !== undefined) {
      return { field: `${field}.${wrong}`, message: `must be ${there[wrong]}, as the upload was answered` };
    }
  }
  return null;
}
