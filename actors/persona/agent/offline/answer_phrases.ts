/**
 * What the offline writer answers, by what was said: a first sentence, and a second that may follow. They are true whatever
 * was said, promise nothing, and claim nothing that a program cannot do. `{operator}` is who runs the persona.
 */
import { german } from "./answers_de.ts";
import { english } from "./answers_en.ts";
import { spanish } from "./answers_es.ts";
import { french } from "./answers_fr.ts";
import type { SaidKind } from "./said.ts";

export interface AnswerPhrases {
  first: readonly string[];
  /** Not every answer has one. */
  second: readonly string[];
}
export type AnswerBook =
  & Readonly<Record<Exclude<SaidKind, "asks_who">, AnswerPhrases>>
  & {
    /** Each first sentence alone says all: what writes, and who runs it. */
    asks_who: AnswerPhrases;
    /** Before a sentence of the persona's own knowledge. */
    known: readonly string[];
    /** Who runs a persona whose operator has no name yet. */
    operator: string;
  };

const BOOKS: Readonly<Record<string, AnswerBook>> = { en: english, de: german, fr: french, es: spanish };

/** The answers in a BCP 47 language; the English ones where there are none: a person reads each before it goes out. */
export function answersIn(language: string): AnswerBook {
  const code = (language.trim() || "en").split("-")[0]?.toLowerCase() ?? "en";
  return (Object.hasOwn(BOOKS, code) ? BOOKS[code] : undefined) ?? english;
}
