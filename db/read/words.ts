/** Foreign words where they are shown: what is left of them, or when and why they went. */
import type { Json } from "../log/log.ts";

export interface Removed {
  removedAt: string;
  /** The rule under which they were removed. */
  rule: string;
}

/** What somebody outside said. */
export interface SaidWords {
  text: string;
  authorId: string | null;
  authorHandle: string | null;
  url: string | null;
  /** When who said it was removed, under a rule that keeps the words longer. */
  profileRemovedAt: string | null;
}

export interface WordsColumns {
  words: Json;
  words_removed_at: string | null;
  words_rule: string | null;
  profile_removed_at: string | null;
}

/** The columns for a query in which `foreign_words` is joined as `w`. */
export const WORDS_COLUMNS = `w.content as words, w.removed_at as words_removed_at, w.rule as words_rule,
  w.profile_removed_at`;

/** Null where the row is not there at all. */
export function said(row: WordsColumns): SaidWords | Removed | null {
  if (row.words_removed_at !== null && row.words_rule !== null) {
    return { removedAt: row.words_removed_at, rule: row.words_rule };
  }
  const { words, profile_removed_at: profileRemovedAt } = row;
  if (typeof words === "string") {
    return { text: words, authorId: null, authorHandle: null, url: null, profileRemovedAt };
  }
  if (words === null || typeof words !== "object" || Array.isArray(words)) return null;
  const text = (key: string): string | null => {
    const value = words[key];
    return typeof value === "string" ? value : null;
  };
  return {
    text: text("text") ?? "",
    authorId: text("authorId"),
    authorHandle: text("authorHandle"),
    url: text("url"),
    profileRemovedAt,
  };
}
