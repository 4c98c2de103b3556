/**
 * Slows guessing down and never locks anybody out: each wrong try of one account from one address doubles the wait before the
 * next one, up to a minute. Kept in memory, bounded; the longest unused entry goes first.
 */
export interface ThrottleOptions {
  /** Milliseconds since the epoch. */
  now: () => number;
  /** Wrong tries without any wait. @default 3 */
  freeTries?: number;
  /** Wait after the first try that is not free, in ms; it doubles from there. @default 1000 */
  firstWaitMs?: number;
  /** The longest wait, in ms. @default 60000 */
  maxWaitMs?: number;
  /** After this long without a try, in ms, everything is forgotten. @default 900000 (15 min) */
  forgetAfterMs?: number;
  /** Entries kept. @default 10000 */
  maxEntries?: number;
}

export interface Throttle {
  /**
   * Asks for one try, and counts it as a wrong one until `succeeded` or `undone` says otherwise: a burst sent before the
   * first answer gains nothing. Returns null, or the seconds to wait.
   */
  begin(account: string, address: string): number | null;
  succeeded(account: string, address: string): void;
  /** The try never came to be judged. */
  undone(account: string, address: string): void;
}

interface Entry {
  tries: number;
  lastAt: number;
  /** No try before this, ms since the epoch. */
  notBefore: number;
}

export function createThrottle(options: ThrottleOptions): Throttle {
  const {
    now,
    freeTries = 3,
    firstWaitMs = 1_000,
    maxWaitMs = 60_000,
    forgetAfterMs = 900_000,
    maxEntries = 10_000,
  } = options;
  /** In the order of last use. */
  const entries = new Map<string, Entry>();

  function put(key: string, tries: number, at: number): void {
    entries.delete(key);
    const wait = tries < freeTries
      ? 0
      : Math.min(maxWaitMs, firstWaitMs * 2 ** Math.min(30, tries - freeTries));
    entries.set(key, { tries, lastAt: at, notBefore: at + wait });
    for (const oldest of entries.keys()) {
      if (entries.size <= maxEntries) break;
      entries.delete(oldest);
    }
  }

  return {
    begin(account, address) {
      const key = keyOf(account, address);
      const at = now();
      const known = entries.get(key);
      const entry = known && at - known.lastAt < forgetAfterMs
        ? known
        : { tries: 0, lastAt: at, notBefore: at };
      // Trying too early does not make the wait longer: whoever keeps asking still gets in when it is over.
      if (at < entry.notBefore) return Math.ceil((entry.notBefore - at) / 1_000);
      put(key, entry.tries + 1, at);
      return null;
    },
    succeeded(account, address) {
      entries.delete(keyOf(account, address));
    },
    undone(account, address) {
      const key = keyOf(account, address);
      const entry = entries.get(key);
      if (entry) put(key, entry.tries - 1, entry.lastAt);
    },
  };
}

function keyOf(account: string, address: string): string {
  return `${networkOf(address)} ${account}`;
}

/** One household has 2^64 addresses of IPv6: they count as one. */
function networkOf(address: string): string {
  if (!address.includes(":") || !URL.canParse(`http://[${address}]`)) return address;
  const [head = "", tail] = new URL(`http://[${address}]`).hostname.slice(1, -1).split("::");
  const groups = head === "" ? [] : head.split(":");
  const rest = tail === undefined || tail === "" ? [] : tail.split(":");
  const full = tail === undefined
    ? groups
    : [...groups, ...Array(8 - groups.length - rest.length).fill("0"), ...rest];
  // An IPv4 address in IPv6 clothes stays what it is.
  if (full.slice(0, 5).every((g) => g === "0") && full[5] === "ffff") return full.slice(6).join(":");
  return full.slice(0, 4).join(":");
}
