/**
 * From a name and a paragraph to a first identity: simple, honest guesses by words that stand in the paragraph. Nothing is made up; what
 * was guessed is shown in a form, to be corrected. Pure.
 */
import { emptyIdentity, type Identity } from "../../actors/persona/identity.ts";

const TONES = [
  "warm",
  "dry",
  "exact",
  "calm",
  "funny",
  "witty",
  "serious",
  "gentle",
  "blunt",
  "curious",
  "playful",
  "formal",
  "poetic",
  "sober",
  "cheerful",
  "ironic",
  "deadpan",
  "tender",
  "patient",
  "precise",
  "friendly",
  "grumpy",
  "melancholic",
  "enthusiastic",
  "brief",
  "kind",
  "sarcastic",
  "thoughtful",
  "bold",
  "quiet",
  "honest",
  "modest",
];
const VALUES = [
  "honesty",
  "patience",
  "accuracy",
  "kindness",
  "freedom",
  "fairness",
  "courage",
  "attention",
  "craft",
  "curiosity",
  "humility",
  "privacy",
  "community",
  "independence",
  "tradition",
  "truth",
  "justice",
  "beauty",
  "openness",
  "care",
  "discretion",
  "tolerance",
];
const SUBJECTS =
  /\b(?:interested in|fascinated by|passionate about|obsessed with|writes? (?:mostly |mainly |often )?about|talks? about|posts? about|loves?|likes?|cares? about|curious about|explains?|collects?|knows? (?:everything |a lot |much )?about|expert (?:in|on)|specialist (?:in|on|for))\s+([^.;:!?\n]+)/gi;
const SKILLS =
  /\b(?:expert (?:in|on)|specialist (?:in|on|for)|knows? (?:everything |a lot |much )?about|trained (?:as|in)|repairs?|teaches|studied)\s+([^.;:!?\n]+)/gi;
const AIM = /\b(?:wants? to|aims? to|hopes? to|tries to|in order to|so that|to help)\s+[^.!?\n]+/i;
const RULE = /^(?:never|no|always|do not|don't|avoid|only)\b/i;

const MAX_LIST = 8;

export function describe(
  name: string,
  paragraph: string,
  given: { zone: string; language: string },
): Identity {
  const text = paragraph.trim();
  const lower = text.toLowerCase();
  const sentences = text.split(/(?<=[.!?])\s+|\n+/).map((sentence) => sentence.trim()).filter((sentence) =>
    sentence !== ""
  );
  const has = (word: string) => new RegExp(`\\b${word}\\b`).test(lower);
  const rules = sentences.filter((sentence) => RULE.test(sentence)).map((sentence) => sentence.slice(0, 300));
  return {
    ...emptyIdentity,
    name: name.trim(),
    background: text,
    purpose: sentences.find((sentence) => AIM.test(sentence))?.slice(0, 300) ?? "",
    interests: subjects(text, SUBJECTS),
    expertise: subjects(text, SKILLS),
    values: VALUES.filter(has).slice(0, MAX_LIST),
    tone: TONES.filter(has).slice(0, MAX_LIST),
    rules: rules.slice(0, MAX_LIST),
    ...given,
  };
}

/** What stands behind such words, cut at commas and "and". */
function subjects(text: string, pattern: RegExp): string[] {
  const found: string[] = [];
  for (const [, rest = ""] of text.matchAll(pattern)) {
    const clause = rest.split(
      /\b(?:but|because|while|who|which|that|when|where|so|without|with|for|from|in|at|on)\b/i,
    )[0] ?? "";
    for (const piece of clause.split(/,|\band\b|\bor\b/i)) {
      const subject = piece.trim().replace(/^(?:the|a|an|her|his|their|its|how|all)\s+/i, "").replace(
        /[^\p{L}\p{N}]+$/u,
        "",
      );
      if (
        subject.length >= 3 && subject.length <= 40 &&
        !found.some((one) => one.toLowerCase() === subject.toLowerCase())
      ) found.push(subject);
    }
  }
  return found.slice(0, MAX_LIST);
}
