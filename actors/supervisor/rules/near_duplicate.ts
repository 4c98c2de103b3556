import { alike, measure, sayings } from "../../persona/policy/likeness.ts";
import { block, pass, type Verdict } from "../../persona/policy/rule.ts";
import { SOURCES } from "../../persona/policy/sources.ts";
import type { Platform } from "../../persona/platforms/port.ts";
import type { Other } from "../../../db/read/said.ts";
import { called } from "./called.ts";

const RULE = "near_duplicate";
/** For so long a text is not said again. */
export const NEAR_DAYS = 30;

/** The sandbox is held to what X asks. */
const SOURCE: Record<Platform, string> = {
  sandbox: SOURCES.xDevelopers,
  x: SOURCES.xDevelopers,
  bluesky: SOURCES.blueskyCommunity,
  linkedin: SOURCES.linkedInCommunity,
};

/** No text is like one that any of our accounts said lately on the same platform. `others` are the likely ones. */
export function nearDuplicate(
  { persona, platform, texts }: { persona: string; platform: Platform; texts: string[] },
  others: (Other & { texts: string[] })[],
): Verdict {
  let most: { other: Other; likeness: number } | null = null;
  const ours = sayings(texts).map(measure);
  for (const other of others) {
    for (const theirs of sayings(other.texts).map(measure)) {
      for (const text of ours) {
        const found = alike(text, theirs);
        if (found.alike && found.likeness > (most?.likeness ?? 0)) most = { other, likeness: found.likeness };
      }
    }
  }
  if (most === null) {
    return pass(RULE, `Unlike all that was said on this platform in ${NEAR_DAYS} days.`, SOURCE[platform]);
  }
  const { other, likeness } = most;
  const who = other.personaId === persona ? "this persona" : called(other);
  const how = likeness === 1 ? "the same words" : `${Math.round(likeness * 100)}% the same`;
  return block(
    RULE,
    `Too much like what ${who} said on ${other.at.slice(0, 10)} (${how}): say it in other words.`,
    SOURCE[platform],
  );
}
