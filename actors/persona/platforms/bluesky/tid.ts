const ALPHABET = "234567abcdefghijklmnopqrstuvwxyz";
const LENGTH = 13;
const MAX_CLOCK_ID = 1023;
/** 53 bits of microseconds, which last until the year 2255. */
const MAX_MICROS = 2 ** 53 - 1;

/**
 * A record key of the AT Protocol (https://atproto.com/specs/tid): 13 characters that sort by time.
 * @param nowMicros microseconds since the epoch; two keys of one account may not share them and the clock id
 * @param clockId 0 to 1023, random, so that two writers at one moment differ
 */
export function tid(nowMicros: number, clockId: number): string {
  if (!Number.isInteger(nowMicros) || nowMicros < 0 || nowMicros > MAX_MICROS) {
    throw new RangeError(`\`nowMicros\` must be a whole number of 0 to ${MAX_MICROS}, not ${nowMicros}`);
  }
  if (!Number.isInteger(clockId) || clockId < 0 || clockId > MAX_CLOCK_ID) {
    throw new RangeError(`\`clockId\` must be a whole number of 0 to ${MAX_CLOCK_ID}, not ${clockId}`);
  }
  let left = (BigInt(nowMicros) << 10n) | BigInt(clockId);
  let text = "";
  for (let i = 0; i < LENGTH; i++) {
    text = ALPHABET.charAt(Number(left & 31n)) + text;
    left >>= 5n;
  }
  return text;
}

/** Whether `text` is a well-formed TID; its highest bit is always zero. */
export function isTid(text: string): boolean {
  return /^[2-7a-j][2-7a-z]{12}$/.test(text);
}
