/** The rules that every text passes at draft, at approval and at publish. Pure. */
import type { Content } from "../content.ts";
import type { ConnectionInfo } from "../events.ts";
import type { Identity } from "../identity.ts";
import { limitsOf } from "../platforms/limits.ts";
import { graphemes } from "../text.ts";

/** What a rule found. `block` cannot be approved, `warn` needs a person's eye, `pass` is shown as checked. */
export interface Verdict {
  rule: string;
  level: "pass" | "warn" | "block";
  /** One sentence for people. */
  message: string;
}

interface Subject {
  content: Content;
  identity: Identity;
  connection: ConnectionInfo;
  text: string;
}

type Rule = (subject: Subject) => Verdict;

const pass = (rule: string, message: string): Verdict => ({ rule, level: "pass", message });
const warn = (rule: string, message: string): Verdict => ({ rule, level: "warn", message });
const block = (rule: string, message: string): Verdict => ({ rule, level: "block", message });

/** Bytes of UTF-8 in one part. Bluesky: lexicon app.bsky.feed.post, `maxLength` of `text`. */
const MAX_BYTES: Partial<Record<ConnectionInfo["platform"], number>> = { bluesky: 3_000 };

const length: Rule = ({ content, connection }) => {
  const { maxGraphemes } = limitsOf(connection.platform);
  const maxBytes = MAX_BYTES[connection.platform] ?? Infinity;
  if (content.parts.length === 0) return block("length", "The text is empty.");
  for (const [index, part] of content.parts.entries()) {
    const count = graphemes(part.text);
    const where = content.parts.length === 1 ? "The text" : `Part ${index + 1}`;
    if (fold(part.text).trim() === "") return block("length", `${where} is empty.`);
    if (count > maxGraphemes) {
      return block("length", `${where} has ${count} of at most ${maxGraphemes} characters.`);
    }
    const bytes = new TextEncoder().encode(part.text).length;
    if (bytes > maxBytes) {
      return block(
        "length",
        `${where} takes ${bytes} bytes of at most ${maxBytes}: use fewer compound emoji.`,
      );
    }
  }
  return pass("length", `Fits into ${maxGraphemes} characters.`);
};

const disclosure: Rule = ({ content, identity, connection }) => {
  if (connection.platform === "sandbox") return pass("disclosure", "The sandbox is seen by nobody outside.");
  if (identity.operatedBy.trim() === "") {
    return block("disclosure", "Nobody is named as the one who runs this persona (operated by).");
  }
  if (content.disclosure === "none") {
    return block("disclosure", "The account does not say that a machine writes here.");
  }
  return pass("disclosure", `The profile says that it is automated, run by ${identity.operatedBy}.`);
};

const bannedWords: Rule = ({ identity, text }) => {
  const folded = fold(text);
  const found = identity.bannedWords.find((word) => {
    const needle = fold(word).trim();
    return needle !== "" && containsWord(folded, needle);
  });
  return found === undefined
    ? pass("banned_words", "Holds none of the banned words.")
    : block("banned_words", `Holds the banned word “${found}”.`);
};

/** Invisible or direction-changing: control characters but tab and line ends, soft hyphen, marks, tags. */
const HIDDEN =
  /(?![\t\n\r])\p{Cc}|[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\u{e0000}-\u{e007f}]/u;

const hiddenCharacters: Rule = ({ text }) =>
  HIDDEN.test(text)
    ? warn("hidden_characters", "Holds invisible or direction-changing characters; they are shown marked.")
    : pass("hidden_characters", "Holds no invisible characters.");

const links: Rule = ({ content }) => {
  for (const facet of content.parts.flatMap((part) => part.facets)) {
    if (facet.kind === "link" && !/^https?:\/\//i.test(facet.uri)) {
      return block("links", "Holds a link that is neither http nor https.");
    }
  }
  return pass("links", "All links are http or https.");
};

const kind: Rule = ({ identity, connection }) =>
  identity.kind === "real_person" && connection.platform !== "sandbox"
    ? block("real_person", "A persona of a real living person never speaks on a real account.")
    : pass("real_person", "Not the persona of a real living person.");

const RULES: Rule[] = [length, disclosure, bannedWords, hiddenCharacters, links, kind];

/** Every rule's verdict, in a fixed order. */
export function checkContent(content: Content, identity: Identity, connection: ConnectionInfo): Verdict[] {
  const subject = { content, identity, connection, text: content.parts.map((part) => part.text).join("\n") };
  return RULES.map((rule) => rule(subject));
}

export function blocked(verdicts: Verdict[]): Verdict | undefined {
  return verdicts.find((verdict) => verdict.level === "block");
}

/** What is not seen: also joiners and variation selectors, which are right inside emoji but not inside words. */
const UNSEEN = new RegExp(`${HIDDEN.source}|\\p{Default_Ignorable_Code_Point}`, "gu");

/** Compared without case, width and hidden characters, so that a banned word cannot hide behind them. */
function fold(text: string): string {
  const seen = text.replace(UNSEEN, "").normalize("NFKC").replace(UNSEEN, "");
  // Up and down again, so that “STRASSE” and “Straße” are the same.
  return seen.toUpperCase().toLowerCase().replace(/\s+/g, " ");
}

/** What a word goes on with. Scripts that put no spaces between words have no borders to respect. */
const IN_WORD =
  "(?![\\p{scx=Han}\\p{scx=Hira}\\p{scx=Kana}\\p{scx=Thai}\\p{scx=Laoo}\\p{scx=Khmr}\\p{scx=Mymr}])[\\p{L}\\p{N}\\p{M}]";
const BEGINS_IN_WORD = new RegExp(`^${IN_WORD}`, "u");
const ENDS_IN_WORD = new RegExp(`${IN_WORD}$`, "u");

function containsWord(text: string, word: string): boolean {
  for (let from = text.indexOf(word); from !== -1; from = text.indexOf(word, from + 1)) {
    const before = text.slice(0, from);
    const after = text.slice(from + word.length);
    const startsInWord = ENDS_IN_WORD.test(before) && BEGINS_IN_WORD.test(word);
    const endsInWord = BEGINS_IN_WORD.test(after) && ENDS_IN_WORD.test(word);
    if (!startsInWord && !endsInWord) return true;
  }
  return false;
}
