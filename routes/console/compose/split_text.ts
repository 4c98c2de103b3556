/** A text of an editor as parts that fit. */
import type { Platform } from "../../../actors/persona/platforms/port.ts";
import { editorText } from "../../../actors/persona/platforms/text/join.ts";
import { loadText } from "../../../actors/persona/platforms/text/platform_text.ts";
import { splitThread } from "../../../actors/persona/platforms/text/split.ts";
import type { Fields } from "./draft.ts";

/** As the editor shows it. `language`: BCP 47. */
export async function splitText(
  platform: Platform,
  text: string,
  { numbered }: Fields,
  language: string,
): Promise<string> {
  return editorText(splitThread(await loadText(platform), text, { numbered: numbered === "1", language }));
}
