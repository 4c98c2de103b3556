/** Puts one answer together: what kind of thing was said decides; of the words themselves nothing is used. */
import type { Identity } from "../../identity.ts";
import type { Answered } from "../port.ts";
import { contentWords, countGraphemes, oneLine } from "../text.ts";
import { answersIn } from "./answer_phrases.ts";
import type { Brief } from "./brief.ts";
import type { Random } from "./random.ts";
import { kindOf } from "./said.ts";
import type { SaidKind } from "./said.ts";
import { knownAbout, type Voice } from "./voice.ts";

export interface AnswerComposition {
  identity: Identity;
  voice: Voice;
  answering: Answered;
  /** What the operator asked for; open where nothing was. */
  brief: Brief;
  maxGraphemes: number;
  /** Whether a sentence may be said: not banned, not said lately. */
  allows(sentence: string): boolean;
}

/** Share of answers with a second sentence. */
const SECOND_SHARE = 70;
/** Words that a question and what the persona knows have in common, before that counts as an answer. */
const KNOWN_WORDS = 2;
/** As many words in a row as somebody said are their words. */
const COPIED_WORDS = 5;

const DECLINE = /\b(?:decline|refuse|turn (?:it|them) down|say no|ablehnen|lehne|refuse[rz]?|rechaza)\b/i;
const THANK = /\b(?:thank|thanks|danke|bedank|remercie|merci|agradece|gracias)/i;

/** The answer, or the empty string when nothing fits. */
export function composeAnswer(composition: AnswerComposition, random: Random): string {
  const { identity, voice, answering, brief, allows, maxGraphemes } = composition;
  const book = answersIn(identity.language);
  const kind = answerKind(answering, brief);
  const operator = oneLine(identity.operatedBy, 120).replace(/[.!?\s]+$/u, "") || book.operator;
  const filled = (phrase: string) => {
    const text = phrase.replaceAll("{operator}", operator);
    return text.charAt(0).toUpperCase() + text.slice(1);
  };
  const pick = (phrases: readonly string[]) => random.shuffled(phrases).map(filled).find(allows) ?? "";
  const dressed = (sentences: string[]) => {
    const said = sentences.filter((sentence) => sentence !== "");
    // Who runs the persona is said as it is written.
    return kind === "asks_who" || !voice.lowercase ? said : said.map((one) => one.toLocaleLowerCase());
  };
  if (brief.topic.kind === "statement" && kind !== "asks_who" && !THANK.test(brief.topic.text)) {
    return fit(dressed([brief.topic.text].filter(allows)), maxGraphemes);
  }
  if (kind === "question") {
    const known = random.shuffled(knownTo(identity, answering.text)).find(allows) ?? "";
    if (known !== "") {
      const text = fit(dressed([pick(book.known), known]), maxGraphemes);
      if (text.length > known.length) return text;
    }
  }
  const { first, second } = book[kind];
  const opening = pick(first);
  // To praise a question is no answer to it.
  const more = kind === "question" || kind === "insult" || random.chance(SECOND_SHARE);
  return fit(dressed([opening, more ? pick(second) : ""]), maxGraphemes);
}

function answerKind(answering: Answered, brief: Brief): SaidKind {
  const kind = kindOf(answering.text);
  if (kind === "asks_who" || !("text" in brief.topic)) return kind;
  if (DECLINE.test(brief.topic.text)) return "advert";
  return THANK.test(brief.topic.text) ? "remark" : kind;
}

/** What the persona knows that the question is about, in its own words and not in those of who asks. */
function knownTo(identity: Identity, asked: string): string[] {
  const words = contentWords(asked.slice(0, 1_000));
  return knownAbout(identity, asked.slice(0, 1_000)).filter((sentence) =>
    [...contentWords(sentence)].filter((word) => words.has(word)).length >= KNOWN_WORDS &&
    !copies(sentence, asked)
  );
}

function copies(sentence: string, said: string): boolean {
  const spoken = ` ${wordsOf(said).join(" ")} `;
  const words = wordsOf(sentence);
  return words.some((_word, index) =>
    index + COPIED_WORDS <= words.length &&
    spoken.includes(` ${words.slice(index, index + COPIED_WORDS).join(" ")} `)
  );
}

const wordsOf = (text: string) => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];

/** As many sentences as there is room for. */
function fit(sentences: string[], maxGraphemes: number): string {
  for (let count = sentences.length; count > 0; count--) {
    const text = sentences.slice(0, count).join(" ");
    if (countGraphemes(text) <= maxGraphemes) return text;
  }
  return sentences[0] ?? "";
}
