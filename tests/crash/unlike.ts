/** Words that nobody else says: what sounds like another post of the owner's would wait for a person. */
const WORDS = 12;

/** `random` gives numbers from 0 to below 1. */
export function unlike(random: () => number): string {
  return Array.from({ length: WORDS }, () => Math.floor((1 + random()) * 36 ** 5).toString(36)).join(" ");
}
