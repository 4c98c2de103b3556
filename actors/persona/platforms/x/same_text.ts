/** Whether a post that X shows is one that we sent: X escapes, wraps links, and puts names and links of its own around. */

/** What of X's view of a post is compared. */
export interface Shown {
  text: string;
  /** Links as X wrapped them, with where they lead. */
  links: { short: string; expanded: string; isMedia: boolean }[];
  isReply: boolean;
}

/** `alike`: the same but for where its links lead, which X may write in another way. */
export type Likeness = "same" | "alike" | "other";

export function likeness(ours: string, shown: Shown): Likeness {
  // Escapes and short links make it six times as long at most; a server that sends ever more is not compared with.
  if (shown.text.length > 6 * ours.length + MAX_AROUND) return "other";
  const wanted = comparable(ours);
  const candidates = shown.isReply ? withoutNames(withoutMedia(shown)) : [withoutMedia(shown)];
  if (candidates.some((text) => comparable(readable(text, shown.links)) === wanted)) return "same";
  const bare = candidates.some((text) => fits(wanted, text, shown.links));
  return bare ? "alike" : "other";
}

/** Names and links that X puts around our words, in UTF-16 units. */
const MAX_AROUND = 2_000;

/** As its author wrote it: links as they were, nothing escaped. */
export function readable(text: string, links: Shown["links"]): string {
  const expanded = new Map(links.map((link) => [link.short, link.expanded]));
  return withShorts(unescaped(text), [...expanded.keys()], (short) => expanded.get(short) ?? short);
}

/** What X puts in the place of a link. */
export function isShort(value: unknown): value is string {
  return typeof value === "string" && /^https:\/\/t\.co\/\w{1,40}$/.test(value);
}

/** In one go, so that what is put in is not looked at again. */
function withShorts(text: string, shorts: string[], put: (short: string) => string): string {
  if (shorts.length === 0) return text;
  const longestFirst = shorts.toSorted((one, other) => other.length - one.length);
  return text.replace(new RegExp(longestFirst.map(escaped).join("|"), "g"), put);
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}

/** X takes a text for the same whatever its white space; the scheme of a link may have been added by X. */
function comparable(text: string): string {
  return text.normalize("NFC").replace(/https?:\/\//gi, "").replace(/\s+/g, " ").trim();
}

function withoutMedia({ text, links }: Shown): string {
  return links.filter(({ isMedia }) => isMedia).reduce((rest, { short }) => {
    const trimmed = rest.trimEnd();
    return trimmed.endsWith(short) ? trimmed.slice(0, -short.length) : rest;
  }, text);
}

/** Names that X puts before a reply; it takes no more people into a conversation. */
const MAX_NAMES = 50;

/** A reply may begin with names that X put there: with all of them, and with ever fewer. */
function withoutNames(text: string): string[] {
  const candidates = [text];
  for (let rest = text; candidates.length <= MAX_NAMES && /^@\w{1,15}\s/.test(rest);) {
    rest = rest.replace(/^@\w{1,15}\s+/, "");
    candidates.push(rest);
  }
  return candidates;
}

/** Whether the words between the links are ours. */
function fits(wanted: string, text: string, links: Shown["links"]): boolean {
  const shorts = new Set(links.filter(({ isMedia }) => !isMedia).map(({ short }) => short));
  if (shorts.size === 0) return false;
  const mark = "\0";
  const marked = withShorts(unescaped(text).replaceAll(mark, ""), [...shorts], () => mark);
  return hasInTurn(wanted, comparable(marked).split(mark));
}

/**
 * Whether `text` is the pieces in turn, with something without white space between each two. Without a regular expression:
 * how long one takes would be for the server to say.
 */
function hasInTurn(text: string, [first = "", ...rest]: string[]): boolean {
  if (!text.startsWith(first)) return false;
  // Where the pieces so far may end.
  let ends = new Set([first.length]);
  for (const piece of rest) {
    const next = new Set<number>();
    let open = false;
    for (let at = 1; at <= text.length; at++) {
      open = (open || ends.has(at - 1)) && !/\s/.test(text.charAt(at - 1));
      if (open && text.startsWith(piece, at)) next.add(at + piece.length);
    }
    if (next.size === 0) return false;
    ends = next;
  }
  return ends.has(text.length);
}

function unescaped(text: string): string {
  return text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&quot;", '"').replaceAll(
    "&#39;",
    "'",
  )
    .replaceAll("&amp;", "&");
}
