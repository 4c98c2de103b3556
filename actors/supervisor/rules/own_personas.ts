import { block, pass, type Verdict } from "../../persona/policy/rule.ts";
import { SOURCES } from "../../persona/policy/sources.ts";
import type { Platform } from "../../persona/platforms/port.ts";
import type { OwnAccount } from "../../../db/read/said.ts";
import { called } from "./called.ts";

const RULE = "own_personas";

/** Of accounts that act together. The sandbox is held to what X asks. */
export const TOGETHER_SOURCE: Record<Platform, string> = {
  sandbox: SOURCES.xAuthenticity,
  x: SOURCES.xAuthenticity,
  bluesky: SOURCES.blueskyCommunity,
  linkedin: SOURCES.linkedInCommunity,
};

const HOW: Record<OwnAccount["how"], string> = {
  named: "Names",
  answered: "Answers",
  linked: "Leads to",
};

/**
 * Our personas never answer, name, or lead to each other. Liking, following and reposting need no rule: a persona has no
 * command for them.
 */
export function ownPersonas(platform: Platform, met: OwnAccount | null): Verdict {
  const source = TOGETHER_SOURCE[platform];
  return met === null ? pass(RULE, "Speaks to no other persona of this installation.", source) : block(
    RULE,
    `${HOW[met.how]} ${called(met)}, another persona of this installation: they leave each other alone.`,
    source,
  );
}
