import { block, pass, type Verdict } from "../../persona/policy/rule.ts";
import { SOURCES } from "../../persona/policy/sources.ts";
import type { Platform } from "../../persona/platforms/port.ts";

const RULE = "opted_out";

const SOURCE: Record<Platform, string> = {
  sandbox: SOURCES.xDevelopers,
  x: SOURCES.xDevelopers,
  bluesky: SOURCES.blueskyBots,
  linkedin: SOURCES.linkedInCommunity,
};

/** Who asked to be left alone is neither answered nor named. It does not say who: what it says stays in the log. */
export function optedOut(
  platform: Platform,
  { author, named }: { author: boolean; named: boolean },
): Verdict {
  const source = SOURCE[platform];
  if (author) return block(RULE, "Who said this asked to be left alone.", source);
  return named
    ? block(RULE, "Somebody named here asked to be left alone: leave the name out.", source)
    : pass(RULE, "Speaks to nobody who asked to be left alone.", source);
}
