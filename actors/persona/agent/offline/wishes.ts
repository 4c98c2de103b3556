/** What a brief, or the reason against an earlier draft, says about style: read, and taken out of the topic. */

export interface Wishes {
  length: "short" | "long" | null;
  question: boolean | null;
  hashtags: boolean | null;
  emoji: boolean | null;
  mood: "warm" | "dry" | "playful" | "exact" | "bold" | "poetic" | null;
}

const WISHES: readonly (readonly [RegExp, Partial<Wishes>])[] = [
  [
    /\b(?:keep it |make it |very |something )?(?:short|brief|concise)(?:er)?\b(?! (?:circuit|story|stories|film|wave))/i,
    { length: "short" },
  ],
  [/\b(?:too long|one sentence|(?:under|below|at most|max(?:imum)?) \d+ (?:characters|chars|words))\b/i, {
    length: "short",
  }],
  [/\b(?:make it |a bit )?(?:longer|more detail(?:ed)?|in detail)\b|\btoo short\b/i, { length: "long" }],
  [/\b(?:no|without|don'?t use|drop the) (?:any )?hash ?tags?\b/i, { hashtags: false }],
  [/\bwith (?:a |some )?hash ?tags?\b/i, { hashtags: true }],
  [/\b(?:no|without|don'?t use|drop the) (?:any )?emojis?\b/i, { emoji: false }],
  [/\bwith (?:an? |some )?emojis?\b/i, { emoji: true }],
  [/\b(?:no|without a|don'?t (?:ask|end with)(?: a)?) questions?\b/i, { question: false }],
  [/\b(?:end(?:ing)? (?:with|on) a question|with a question(?: at the end)?|ask a question at the end)\b/i, {
    question: true,
  }],
  [
    /\b(?:more |make it |sound |in an? |be )(?:warm|friendly|kind|gentle|cozy|cosy)(?:er)?\b(?: tone| way)?/i,
    { mood: "warm" },
  ],
  [
    /\b(?:more |make it |in an? |be |something )?(?:funny|funnier|playful|humorous|witty|silly)\b(?: tone| way)?/i,
    { mood: "playful" },
  ],
  [/\b(?:more |make it |in an? |be )(?:dry|ironic|sarcastic|deadpan)(?:er)?\b(?: tone| way)?/i, {
    mood: "dry",
  }],
  [
    /\b(?:more |make it |in an? |be )(?:serious|formal|exact|precise|factual|professional)\b(?: tone| way)?/i,
    { mood: "exact" },
  ],
  [/\b(?:more |make it |in an? |be )(?:poetic|lyrical|dreamy)\b(?: tone| way)?/i, { mood: "poetic" }],
  [/\b(?:more |make it |in an? |be )(?:bold|direct|provocative|punchy)(?:er)?\b(?: tone| way)?/i, {
    mood: "bold",
  }],
];

/** Technical wishes: these words are never a topic, wherever they stand. */
const ASIDE =
  /[\s,;.(]*(?:\b(?:and|but)\s+)?\b(?:with(?:out)?(?: an?| any| some)?|no|add (?:an?|some)|use (?:an?|some|no)|don['’]?t use(?: any)?)\s+(?:hash ?tags?|emojis?)\b\)?|[\s,;.(]*(?:\b(?:and|but)\s+)?\b(?:end(?:ing)? (?:with|on) a question|with a question at the end|keep it (?:short|brief|simple)|in (?:one|two|three) sentences?|(?:in )?(?:under|at most|max(?:imum)?) \d+ (?:characters|chars|words))\b\)?/gi;

export function wishesIn(text: string): Wishes {
  const wishes: Wishes = { length: null, question: null, hashtags: null, emoji: null, mood: null };
  for (const [pattern, wish] of WISHES) if (pattern.test(text)) Object.assign(wishes, wish);
  return wishes;
}

/** A sentence without what it says about style. */
export function withoutWishes(sentence: string): string {
  const aside = sentence.replace(ASIDE, "").trim();
  const cleaned = WISHES.reduce((text, [pattern]) => {
    // A wish at the end, behind a comma or "and", goes; inside a phrase its words may be part of the topic.
    const trailing = new RegExp(`(?:[,;.(]|\\s+(?:and|but)|\\s+-)\\s*(?:${pattern.source})[^,;]{0,24}$`, "i");
    return text.replace(trailing, "");
  }, aside);
  const only = WISHES.reduce(
    (text, [pattern]) => text.replace(new RegExp(pattern.source, "gi"), ""),
    sentence,
  );
  return /[\p{L}\p{N}]{3,}/u.test(only) ? cleaned : only;
}
