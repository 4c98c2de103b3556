/** Whose account it is, and whether the public can see that a machine writes there. */
import type { Platform } from "../platforms/port.ts";
import { block, pass, type Rule } from "./rule.ts";
import { SOURCES } from "./sources.ts";

/** How each platform wants it shown, and how that is known. */
const SHOWN: Record<Exclude<Platform, "sandbox">, { how: string; source?: string }> = {
  x: { how: "A person says that the account carries X's label “Automated”", source: SOURCES.xDevelopers },
  bluesky: {
    how: "Bluesky's label for bots was set on the profile when it was connected",
    source: SOURCES.blueskyBotLabel,
  },
  linkedin: { how: "A person says that the profile names what stands there as written with AI" },
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
  return pass("disclosure", `${how}. The persona is run by ${identity.operatedBy}.`, source);
};

export const kind: Rule = ({ identity, connection }) =>
  identity.kind === "real_person" && connection.platform !== "sandbox"
    ? block("real_person", "A persona of a real living person never speaks on a real account.")
    : pass("real_person", "Not the persona of a real living person.");
