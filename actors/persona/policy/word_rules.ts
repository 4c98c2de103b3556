/** What no text may hold, and what a person has to see in it. */
import { dressedIn } from "./dressed.ts";
import { containsWord, fold, HIDDEN } from "./fold.ts";
import { block, pass, type Rule, warn } from "./rule.ts";

export const bannedWords: Rule = ({ identity, text }) => {
  const folded = fold(text);
  const dressed = dressedIn(text);
  const found = identity.bannedWords.find((word) => {
    const needle = fold(word).trim();
    return needle !== "" && (containsWord(folded, needle) || dressed(word));
  });
  return found === undefined
    ? pass("banned_words", "Holds none of the banned words.")
    : block("banned_words", `Holds the banned word “${found}”.`);
};

export const hiddenCharacters: Rule = ({ text }) =>
  HIDDEN.test(text)
    ? warn("hidden_characters", "Holds invisible or direction-changing characters; they are shown marked.")
    : pass("hidden_characters", "Holds no invisible characters.");
