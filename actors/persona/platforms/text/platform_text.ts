/** How each platform counts and reads texts: loaded once, and from then on asked without waiting. */
import type { Facet, Platform } from "../port.ts";
import { facetsOf } from "./entities.ts";
import { type Measure, measure } from "./measure.ts";

export interface PlatformText {
  platform: Platform;
  measure: Measure;
  /** In the order in which they begin. Whose account a mention is has yet to be asked: its `accountId` is "". */
  facets(text: string): Facet[];
}

/** Only X's costs something, and that once: 12 MB and 130 ms. */
export async function loadText(platform: Platform): Promise<PlatformText> {
  if (platform !== "x") {
    return {
      platform,
      measure: (text, options) => measure(platform, text, options),
      facets: (text) => facetsOf(platform, text),
    };
  }
  const { measureX, facetsX } = await import("./x_text.ts");
  return { platform, measure: measureX, facets: facetsX };
}
