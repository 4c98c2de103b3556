/** Whether X may see a link in a text: it charges for that, and wraps bare domains too. */
import tlds from "tlds" with { type: "json" };

const TOP_LEVEL_DOMAINS = new Set(tlds);
/** The longest one on the list that is not ASCII has fewer characters. */
const MAX_TLD = 24;
const SCHEME = /https?:\/\//i;
const AFTER_DOT = /(?<=[\p{L}\p{N}\p{M}_-]\.)[\p{L}\p{N}\p{M}]+/gu;

/** True wherever X sees one, and now and then where it does not: a price shown before sending must not be too low. */
export function mayHoldLink(text: string): boolean {
  if (SCHEME.test(text)) return true;
  return [...text.matchAll(AFTER_DOT)].some(([name]) => beginsWithDomain(name.toLowerCase()));
}

/** X ends a domain in Latin letters at the first one that is not; any other may go on without a space. */
function beginsWithDomain(name: string): boolean {
  const [latin = ""] = /^[a-z0-9]*/.exec(name) ?? [];
  if (TOP_LEVEL_DOMAINS.has(latin) || latin === "xn") return true;
  for (let end = latin.length + 1; end <= Math.min(name.length, MAX_TLD); end++) {
    if (TOP_LEVEL_DOMAINS.has(name.slice(0, end))) return true;
  }
  return false;
}
