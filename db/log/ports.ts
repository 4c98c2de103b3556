/** Time and ids as the log needs them; tests hand in their own. */

export interface Clock {
  /** Milliseconds since 1970, UTC. */
  now(): number;
}

export interface Ids {
  /** A new UUID, lower case. */
  uuid(): string;
}

export const systemClock: Clock = { now: () => Date.now() };

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));
const RANDOM_BYTES = 10;
const POOLED_IDS = 200;

/**
 * UUIDs of version 7 (RFC 9562): they begin with the time, so that the unique index over event ids grows at its end
 * instead of everywhere.
 */
export function timeOrderedIds(clock: Clock = systemClock): Ids {
  const pool = new Uint8Array(RANDOM_BYTES * POOLED_IDS);
  let used = pool.length;
  return {
    uuid() {
      if (used === pool.length) {
        crypto.getRandomValues(pool);
        used = 0;
      }
      const r = pool.subarray(used, used += RANDOM_BYTES);
      const hex = (at: number): string => HEX[r[at] ?? 0] ?? "00";
      const time = Math.trunc(clock.now()).toString(16).padStart(12, "0");
      const version = HEX[0x70 | ((r[0] ?? 0) & 0x0f)];
      const variant = HEX[0x80 | ((r[2] ?? 0) & 0x3f)];
      return `${time.slice(0, 8)}-${time.slice(8)}-${version}${hex(1)}-${variant}${hex(3)}-` +
        `${hex(4)}${hex(5)}${hex(6)}${hex(7)}${hex(8)}${hex(9)}`;
    },
  };
}
