import { unsummoned } from "../../persona/policy/people_rules.ts";
import { block, pass, type Verdict } from "../../persona/policy/rule.ts";
import { SOURCES } from "../../persona/policy/sources.ts";
import type { Platform } from "../../persona/platforms/port.ts";
import type { Saying } from "../../../db/read/said.ts";

const RULE = "one_reply";

const SOURCE: Record<Platform, string> = {
  sandbox: SOURCES.xDevelopers,
  x: SOURCES.xDevelopers,
  bluesky: SOURCES.blueskyBots,
  linkedin: SOURCES.linkedInCommunity,
};

/** One answer to each thing said, and only to what the platform lets a program answer. Null for a post of its own. */
export function oneReply(
  platform: Platform,
  answers: Saying["answers"],
  otherAnswer: string | null,
): Verdict | null {
  if (answers === null) return null;
  const source = SOURCE[platform];
  if (!answers.known) return block(RULE, "It is not known what this answers.", source);
  if (!answers.summons) {
    return block(RULE, `${unsummoned(platform)}.`, platform === "x" ? SOURCES.xChanges : source);
  }
  return otherAnswer === null
    ? pass(RULE, "The only answer to this.", source)
    : block(RULE, "There is an answer to this already: one for each thing said is the rule.", source);
}
