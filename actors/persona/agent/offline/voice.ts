/** How a persona sounds, read from its identity: moods from its tone, habits from its example posts, words for the slots. */
import type { Identity } from "../../identity.ts";
import { contentWords, countGraphemes, oneLine, repairText } from "../text.ts";
import type { Mood } from "./phrases.ts";

export interface Voice {
  name: string;
  moods: Mood[];
  /** Sentences in a post, about. */
  sentences: number;
  lowercase: boolean;
  /** Share of posts with it, in percent. */
  exclaims: number;
  questions: number | null;
  /** The persona's own emoji, and the share of posts with one. */
  emoji: string[];
  emojiShare: number;
  hashtagShare: number;
  interests: string[];
  expertise: string[];
  values: string[];
}

const MOOD_WORDS: Readonly<Record<Exclude<Mood, "plain">, RegExp>> = {
  warm:
    /warm|kind|friend|gentle|caring|encourag|supportive|optimis|hopeful|patient|cheer|welcom|empath|loving|sincere|generous|cozy|cosy|herzlich|freundlich|bienveillant|chaleureu|amable|cálid/i,
  dry:
    /\bdry|wry|iron|sarcas|laconic|deadpan|sardonic|cynic|grump|understat|world-weary|trocken|pince-sans|seco/i,
  playful:
    /playful|funny|humor|humour|witt|silly|whims|quirk|cheek|mischie|goof|energetic|excit|enthus|dramatic|verspielt|witzig|lustig|drôle|joueu|divertid|juguet/i,
  exact:
    /exact|precis|formal|analy|polite|proper|scholar|scien|factual|profession|meticul|techn|loyal|disciplin|sachlich|genau|précis|exacta?/i,
  bold:
    /bold|direct|blunt|confident|provoc|fierce|passion|loud|ambiti|assert|fearless|rebel|mutig|audac|franc|audaz/i,
  poetic:
    /poet|lyric|dream|melanch|thoughtful|reflect|quiet|myster|calm|contempl|philos|nostal|ruhig|nachdenk|rêveu|calme|tranquil|soñador/i,
};

const DEFAULT_SENTENCES = 3;
const SLOT_MAX_CHARS = 40;
const SLOT_MAX_WORDS = 5;

export function voiceOf(identity: Identity): Voice {
  const examples = identity.examples.map((text) => repairText(text).trim()).filter((text) => text !== "")
    .slice(0, 40);
  const tone = identity.tone.join(" , ");
  const moods = (Object.keys(MOOD_WORDS) as (keyof typeof MOOD_WORDS)[]).filter((mood) =>
    MOOD_WORDS[mood].test(tone)
  );
  const share = (pattern: RegExp) =>
    examples.length === 0
      ? 0
      : Math.round(100 * examples.filter((text) => pattern.test(text)).length / examples.length);
  const lengths = examples.map(countGraphemes);
  const average = lengths.reduce((sum, length) => sum + length, 0) / Math.max(lengths.length, 1);
  const germanCase = /^de\b/i.test(identity.language);
  return {
    name: oneLine(identity.name, 80).replace(/^\p{Ll}/u, (first) => first.toUpperCase()),
    moods,
    sentences: examples.length === 0 ? DEFAULT_SENTENCES : average < 80 ? 2 : average < 200 ? 3 : 4,
    lowercase: examples.length >= 3 && share(/\p{Lu}/u) <= 30,
    exclaims: share(/!/),
    questions: examples.length >= 3 ? share(/\?/) : null,
    emoji: [...new Set(examples.flatMap((text) => text.match(EMOJI) ?? []))].slice(0, 8),
    emojiShare: share(EMOJI_ANY),
    hashtagShare: share(/(?:^|\s)#\p{L}/u),
    interests: slotWords(identity.interests, germanCase),
    expertise: slotWords(identity.expertise, germanCase),
    values: slotWords(identity.values, true).map((value) => germanCase ? value : uncapital(value)),
  };
}

function uncapital(text: string): string {
  return /^\p{Lu}\p{Ll}/u.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text;
}

const EMOJI = /\p{RGI_Emoji}/gv;
const EMOJI_ANY = /\p{Extended_Pictographic}/u;

/** Entries that can stand inside a sentence: short, one line, no sentence of their own. German nouns keep their capital. */
function slotWords(items: readonly string[], keepCase = false): string[] {
  const clean = items.map((item) => oneLine(item, 200).replace(/[.!?…\s]+$/u, "")).filter((item) =>
    item !== "" && item.length <= SLOT_MAX_CHARS && item.split(" ").length <= SLOT_MAX_WORDS &&
    /\p{L}/u.test(item) &&
    !/[.!?:;{}<>"“”#@/\\]/u.test(item)
  );
  return [...new Set(keepCase ? clean : clean.map(asInSentence))];
}

/** A capital that only marks the beginning of an entry goes; one that belongs to a name stays, where that can be told. */
function asInSentence(item: string): string {
  const [first = "", ...rest] = item.split(" ");
  if (!/^\p{Lu}\p{Ll}+$/u.test(first)) return item;
  if (rest.some((word) => /\p{Lu}/u.test(word))) return item;
  if (rest.length > 0) return uncapital(item);
  const common =
    /(?:ing|ism|ology|ics|ure|ment|tion|sion|ness|graphy|ship|ophy|ity|ence|ance|craft|tory|stry|acy|ery|dom|hood|ming|ade|ode|ree|ees|ees|ans|ots|nts|ers|ngs|oks|ews|ood|usic|ful|ban|ld|al|ic|ive|ary|ous)$/i;
  return common.test(first) ? first.toLowerCase() + item.slice(first.length) : item;
}

/** What the persona knows about a topic: whole sentences, about the world and not about the persona itself. */
export function knownAbout(identity: Identity, topic: string): string[] {
  const asked = contentWords(topic);
  if (asked.size === 0) return [];
  const name = identity.name.toLowerCase().split(/\s+/).filter((part) => part.length > 2);
  const usable = (text: string) =>
    text.length >= 25 && text.length <= 170 && /^["“]?\p{Lu}/u.test(text) && /[.!?]$/.test(text) &&
    // A sentence that leans on the one before it says nothing alone.
    !/^(?:it|this|that|these|those|they|then|so|but|and|also|however|er|sie|es|das|il|elle|esto?|eso)\b/i
      .test(text) &&
    !/[{}<>@]|https?:|\b(?:instructions?|prompt|assistant|roleplay|in character)\b/i.test(text) &&
    !name.some((part) => text.toLowerCase().includes(part)) &&
    !/\b(?:he|she|his|her|hers|him|you|your)\b/i.test(text);
  const aboutTopic = (text: string) => {
    const words = contentWords(text);
    return [...asked].some((word) => words.has(word));
  };
  const entries = identity.knowledge.flatMap(({ text }) => {
    const whole = oneLine(text, 400);
    return usable(whole) ? [whole] : sentencesOf(text).filter(usable);
  });
  const told = sentencesOf(identity.background).filter((text) =>
    usable(text) && !/\b(?:they|their|them)\b/i.test(text) &&
    !/^(?:always|never|knows?|understands?|can|has|is|was|loves?|believes?|often|enjoys?|plays?)\b/i.test(
      text,
    )
  );
  return [...entries, ...told].filter(aboutTopic);
}

function sentencesOf(text: string): string[] {
  return repairText(text).slice(0, 20_000).split(/\n+|(?<=[.!?])\s+/).map((part) => oneLine(part, 400));
}
