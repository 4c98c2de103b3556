/** Chance that repeats itself: the same key gives the same choices on every machine. */

export interface Random {
  /** An integer from 0 to below `below`. */
  next(below: number): number;
  /** True in `percent` of cases. */
  chance(percent: number): boolean;
  /** The items in another order. */
  shuffled<T>(items: readonly T[]): T[];
}

/** FNV-1a over the key, then mulberry32. */
export function randomFor(key: string): Random {
  let state = 0x811c9dc5;
  for (let at = 0; at < key.length; at++) state = Math.imul(state ^ key.charCodeAt(at), 0x01000193);
  const step = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const next = (below: number) => Math.floor(step() * below);
  return {
    next,
    chance: (percent) => next(100) < percent,
    shuffled: (items) => {
      const keyed = items.map((item, index) => ({ item, index, rank: step() }));
      return keyed.sort((one, other) => one.rank - other.rank || one.index - other.index).map(({ item }) =>
        item
      );
    },
  };
}
