/** The shape of a phrase book: what the offline writer builds posts from, in one language. */

/** How a persona sounds. `plain` goes with every other one. */
export const MOODS = ["plain", "warm", "dry", "playful", "exact", "bold", "poetic"] as const;
export type Mood = typeof MOODS[number];

/** Phrases by mood; `plain` has some for everybody. */
export type ByMood = Partial<Record<Mood, readonly string[]>> & { plain: readonly string[] };

/**
 * Slots: `{t}` the topic as it stands inside a sentence, `{T}` with a capital, `{x}` a field of expertise, `{i}` and
 * `{j}` two interests, `{v}` a value, `{name}`. A phrase whose slot has nothing to fill it is not used. Phrases must
 * be true whatever the topic is: they speak of attention and questions, never of facts about the topic.
 */
export interface PhraseBook {
  thing: ByMood;
  title: ByMood;
  clause: ByMood;
  /** `{t}` is the whole question with its mark. */
  question: ByMood;
  /** When the persona picks, and has no interest to pick. */
  nothing: ByMood;
  /** What follows an opening. */
  middle: ByMood;
  /** What follows a statement, by how the statement begins; `news` for any other. */
  afterStatement: {
    news: readonly string[];
    thanks: readonly string[];
    praise: readonly string[];
    greeting: readonly string[];
    invitation: readonly string[];
    question: readonly string[];
    reminder: readonly string[];
  };
  /** Endings that ask the reader. */
  asking: ByMood;
  /** Endings that do not. */
  closing: ByMood;
  /** A first post: who, what to expect, an end. */
  hello: { who: readonly string[]; what: readonly string[]; end: readonly string[] };
  /** For topics that allow no lightness: used in place of all the rest, with `{T}` behind a colon or at the start. */
  grave: { opening: readonly string[]; middle: readonly string[]; closing: readonly string[] };
  graveWords: RegExp;
  /** What a request to write begins with in this language, removed from a brief. */
  request: RegExp;
  /** Frequent words that tell the language. */
  common: readonly string[];
}
