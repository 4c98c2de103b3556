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
  const wanted = comparable(ours);
  const candidates = shown.isReply ? withoutNames(withoutMedia(shown)) : [withoutMedia(shown)];
  if (candidates.some((text) => comparable(readable(text, shown.links)) === wanted)) return "same";
  const bare = candidates.some((text) => fits(wanted, text, shown.links));
  return bare ? "alike" : "other";
}

/** As its author wrote it: links as they were, nothing escaped. */
export function readable(text: string, links: Shown["links"]): string {
  let plain = unescaped(text);
  for (const { short, expanded } of links) plain = plain.replaceAll(short, () => expanded);
  return plain;
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

/** A reply may begin with names that X put there: with all of them, and with ever fewer. */
function withoutNames(text: string): string[] {
  const candidates = [text];
  for (let rest = text; /^@\w{1,15}\s/.test(rest);) {
    rest = rest.replace(/^@\w{1,15}\s+/, "");
    candidates.push(rest);
  }
  return candidates;
}

/** Whether the words between the links are ours. */
function fits(wanted: string, text: string, links: Shown["links"]): boolean {
  const shorts = links.filter(({ isMedia }) => !isMedia).map(({ short }) => short);
  if (shorts.length === 0) return false;
  const mark = "\0";
  let marked = unescaped(text);
  for (const short of shorts) marked = marked.replaceAll(short, mark);
  const pieces = comparable(marked).split(mark).map((piece) => piece.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&"));
  return new RegExp(`^${pieces.join("\\S+")}$`, "u").test(wanted);
}

function unescaped(text: string): string {
  return text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&quot;", '"').replaceAll(
    "&#39;",
    "'",
  )
    .replaceAll("&amp;", "&");
}
