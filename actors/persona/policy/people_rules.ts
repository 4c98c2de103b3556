/** Nobody is spoken to who did not ask for it. */
import { authorHash } from "../content.ts";
import type { Platform } from "../platforms/port.ts";
import { mentionedHandles } from "../platforms/sandbox/facets.ts";
import { block, pass, type Rule, warn } from "./rule.ts";
import { SOURCES } from "./sources.ts";

const UNASKED: Record<Platform, string | undefined> = {
  x: SOURCES.xDevelopers,
  bluesky: SOURCES.blueskyBots,
  linkedin: SOURCES.linkedInCommunity,
  sandbox: undefined,
};

/** Handles as they are compared. */
const key = (handle: string): string => handle.trim().replace(/^@+/, "").toLowerCase();

/** Only those may be named who said what is answered, or who agreed to it. */
export const mentions: Rule = ({ content, identity, connection: { platform, handle }, answering }) => {
  const source = UNASKED[platform];
  const agreed = new Set(identity.mayMention.map(key));
  const facets = content.parts.flatMap((part) => part.facets).filter((facet) => facet.kind === "mention");
  // A post of its own on the sandbox is not prepared: whose a name is nobody has asked.
  const named = platform === "sandbox" && answering === null
    ? content.parts.flatMap(({ text }) => mentionedHandles(text)).map((name) => ({
      handle: name,
      accountId: "",
    }))
    : facets;
  const unasked = named.find((one) =>
    one.accountId !== content.accountId && key(one.handle) !== key(handle) && !agreed.has(key(one.handle)) &&
    (answering?.authorHash == null || answering.authorHash !== authorHash(platform, one.accountId))
  );
  if (unasked === undefined) {
    return pass(
      "mentions",
      named.length === 0 ? "Names nobody." : "Names only people who spoke to it or agreed.",
      source,
    );
  }
  const who = `Names @${key(unasked.handle)}, who neither said what is answered nor agreed to be named`;
  return platform === "sandbox"
    ? warn("mentions", `${who}: on a real account this could not go out.`)
    : block("mentions", `${who}: leave the name out, or add it to those it may mention.`, source);
};

/** What asks for an answer. */
const ASKS = new Set(["mention", "reply", "quote"]);

/** Why what was not said to the persona is not answered, without the full stop. */
export function unsummoned(platform: Platform): string {
  return platform === "x"
    ? "X takes an answer of a program only where the author named the persona or quoted its post"
    : "It was said to somebody else: nobody asked for an answer";
}

/** A reply answers somebody who spoke to the persona. */
export const solicited: Rule = ({ connection: { platform }, answering }) => {
  if (answering === null) return null;
  const source = platform === "x" ? SOURCES.xChanges : UNASKED[platform];
  if (!answering.summons) return block("solicited", `${unsummoned(platform)}.`, source);
  return ASKS.has(answering.kind)
    ? pass("solicited", "Answers somebody who spoke to it.", source)
    : block("solicited", "Nobody asked for this answer: it answers no words.", source);
};
