/** Whose account it is, and whether the public can see that a machine writes there. */
import type { Platform } from "../platforms/port.ts";
import { block, pass, type Rule } from "./rule.ts";
import { SOURCES } from "./sources.ts";

/** How each platform wants it shown. */
const SHOWN: Record<Exclude<Platform, "sandbox">, { how: string; source?: string }> = {
  x: { how: "The account carries X's “Automated” label", source: SOURCES.xDevelopers },
  bluesky: { how: "The profile carries Bluesky's label for bots", source: SOURCES.blueskyBotLabel },
  linkedin: { how: "The profile says that it is automated" },
};

const MISSING: Record<Exclude<Platform, "sandbox">, string> = {
  x: "X wants the label “Automated” on this account: switch it on there, then connect the account again.",
  bluesky: "Bluesky wants its label for bots on this profile: connect the account again to set it.",
  linkedin: "The account does not say that a machine writes here.",
};

export const disclosure: Rule = ({ content, identity, connection: { platform } }) => {
  if (platform === "sandbox") return pass("disclosure", "The sandbox is seen by nobody outside.");
  const { how, source } = SHOWN[platform];
  if (identity.operatedBy.trim() === "") {
    return block("disclosure", "Nobody is named as the one who runs this persona (operated by).", source);
  }
  if (content.disclosure === "none") return block("disclosure", MISSING[platform], source);
  return pass("disclosure", `${how} and says who runs it: ${identity.operatedBy}.`, source);
};

export const kind: Rule = ({ identity, connection }) =>
  identity.kind === "real_person" && connection.platform !== "sandbox"
    ? block("real_person", "A persona of a real living person never speaks on a real account.")
    : pass("real_person", "Not the persona of a real living person.");
