/** What X charges, in millionths of a dollar, and what was spent. */
import type { World } from "./world.ts";

/** As published in November 2026. */
export const PRICES = {
  post: 15_000,
  /** Wherever the text has a link, in a reply too: the list does not say which of two prices wins, so the dearer. */
  postWithLink: 200_000,
  summonedReply: 10_000,
  deletion: 10_000,
  readPost: 5_000,
  readUser: 10_000,
  /** The own timeline and mentions, where the persona owns the app. */
  readOwnPost: 1_000,
} as const;

/** Takes the price from the credit, or takes nothing and says no. */
export function charge(world: World, microUsd: number): boolean {
  if (world.settings.creditMicroUsd < microUsd) return false;
  world.settings.creditMicroUsd -= microUsd;
  world.spentMicroUsd += microUsd;
  return true;
}
