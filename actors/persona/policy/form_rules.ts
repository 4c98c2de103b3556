/** What a platform takes as it is: how long, how many parts, which pictures. */
import { limitsOf, maxLengthOf, type PlatformLimits } from "../platforms/limits.ts";
import type { Part } from "../platforms/port.ts";
import { graphemes } from "../text.ts";
import { fold } from "./fold.ts";
import { block, pass, type Rule, warn } from "./rule.ts";

export const length: Rule = ({ content, connection }) => {
  const { unit, maxBytes = Infinity, maxParts, label } = limitsOf(connection.platform);
  const max = maxLengthOf(connection.platform, content.replyTarget !== null);
  if (content.parts.length === 0) return block("length", "The text is empty.");
  if (content.parts.length > maxParts) {
    return block(
      "length",
      maxParts === 1
        ? `${label} has no threads: make it one part.`
        : `The thread has ${content.parts.length} of at most ${maxParts} parts.`,
    );
  }
  for (const [index, part] of content.parts.entries()) {
    const where = content.parts.length === 1 ? "The text" : `Part ${index + 1}`;
    if (fold(part.text).trim() === "") return block("length", `${where} is empty.`);
    const count = lengthOf(part, unit);
    if (count === null) return block("length", `${where} has not been measured yet.`);
    if (count > max) return block("length", `${where} has ${count} of at most ${max} ${called(unit)}.`);
    const bytes = new TextEncoder().encode(part.text).length;
    if (bytes > maxBytes) {
      return block(
        "length",
        `${where} takes ${bytes} bytes of at most ${maxBytes}: use fewer compound emoji.`,
      );
    }
  }
  return pass(
    "length",
    `Fits into ${max} ${called(unit)}${content.parts.length > 1 ? " in every part" : ""}.`,
  );
};

/** For people. */
const called = (unit: PlatformLimits["unit"]): string => unit === "graphemes" ? "characters" : unit;

/** Null where only the platform's own measure can tell, and it has not been asked yet. */
function lengthOf(part: Part, unit: PlatformLimits["unit"]): number | null {
  switch (unit) {
    case "graphemes":
      return graphemes(part.text);
    case "characters":
      return part.text.length;
    case "weighted characters":
      return part.weight ?? null;
    default:
      return unit satisfies never;
  }
}

export const media: Rule = ({ content, connection, settings }) => {
  const { maxImages, maxReplyImages, label } = limitsOf(connection.platform);
  const max = content.replyTarget === null ? maxImages : maxReplyImages;
  const all = content.parts.flatMap((part) => part.media ?? []);
  if (all.length === 0) return pass("media", "Holds no pictures.");
  if (content.parts.some((part) => (part.media?.length ?? 0) > max)) {
    return block(
      "media",
      max === 0 ? `${label} takes no pictures in a reply.` : `${label} takes at most ${max} pictures.`,
    );
  }
  if (all.every((one) => one.alt.trim() !== "")) return pass("media", "Every picture has an alt text.");
  const message = "A picture has no alt text: say what it shows, for those who cannot see it.";
  return settings.requireAltText ? block("media", message) : warn("media", message);
};
