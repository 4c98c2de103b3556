/** Which language a brief is in, and the phrase book of a persona. */
import type { PhraseBook } from "./phrases.ts";
import { german } from "./phrases_de.ts";
import { english } from "./phrases_en.ts";
import { spanish } from "./phrases_es.ts";
import { french } from "./phrases_fr.ts";

const BOOKS: Readonly<Record<string, PhraseBook>> = { en: english, de: german, fr: french, es: spanish };

/** The phrase book for a BCP 47 tag; null when the offline writer has none for it. */
export function bookFor(language: string): { code: string; book: PhraseBook } | null {
  const code = (language.trim() || "en").split("-")[0]?.toLowerCase() ?? "en";
  const book = Object.hasOwn(BOOKS, code) ? BOOKS[code] : undefined;
  return book ? { code, book } : null;
}

/** The language of a text by its commonest words; null when that cannot be told, `other` for another script. */
export function languageOf(text: string): string | null {
  const letters = text.match(/\p{L}/gu) ?? [];
  const latin = letters.filter((letter) => /\p{Script=Latin}/u.test(letter)).length;
  if (letters.length > 0 && latin < letters.length / 2) return "other";
  const words = text.toLowerCase().match(/[\p{L}']+/gu) ?? [];
  const scored = Object.entries(BOOKS).map(([code, book]) => ({
    code,
    hits: words.filter((word) => book.common.includes(word)).length,
  }))
    .sort((one, other) => other.hits - one.hits);
  const [first, second] = scored;
  return first && first.hits > 0 && first.hits > (second?.hits ?? 0) ? first.code : null;
}

/** Whether a topic allows no lightness, in any of the languages. */
export function isGrave(topic: string): boolean {
  return Object.values(BOOKS).some((book) => book.graveWords.test(topic));
}

/** The words of a brief behind "write a post about", in whatever language it is; the brief itself when none matches. */
export function withoutRequest(text: string): string {
  // Japanese asks at the end.
  const japanese = text.replace(/(?:について|に関して|の投稿を|を)?(?:書いて|投稿して|つぶやいて)\S*$/u, "");
  if (japanese !== text && japanese !== "") return japanese;
  for (const book of Object.values(BOOKS)) {
    const bare = text.replace(book.request, "");
    if (bare !== text && bare.trim() !== "") return bare.trim();
  }
  return text;
}
