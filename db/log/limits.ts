/** Every bound of the log, by name. */
export interface LogLimits {
  /** Events of one commit. @default 500 */
  batchEvents: number;
  /** Bytes of one commit; an append that is larger goes alone. @default 1,000,000 */
  batchBytes: number;
  /** Bytes of one event's `data` as JSON. @default 262,144 */
  eventBytes: number;
  /** Events of one append. @default 500 */
  appendEvents: number;
  /** Rows of foreign words of one append. @default 500 */
  appendWords: number;
  /** Bytes of one append: events, words and refusal as JSON. @default 10,485,760 */
  appendBytes: number;
  /** Levels of nesting in JSON. @default 64 */
  jsonDepth: number;
  /** Appends that wait or are being committed; past it `LogOverloaded`. @default 20,000 */
  queuedAppends: number;
  /** Their bytes; past it `LogOverloaded`. @default 67,108,864 */
  queuedBytes: number;
  /** Streams whose version is remembered. @default 100,000 */
  cachedStreams: number;
  /** Projection rows that are remembered, over all tables. @default 50,000 */
  cachedRows: number;
  /** Connections for reading. @default 4 */
  readers: number;
  /** How long the database may take to answer a commit before it is asked on a new connection, in ms. @default 15,000 */
  answerMs: number;
  /** How long a connection attempt may take, in ms. @default 5,000 */
  connectMs: number;
  /** First pause before trying again, in ms; it doubles. @default 50 */
  retryFirstMs: number;
  /** Longest pause before trying again, in ms. @default 2,000 */
  retryMaxMs: number;
  /** How often the epoch is looked at, in ms. @default 1,000 */
  watchMs: number;
  /** How long `close` waits for appends under way, in ms. @default 5,000 */
  closeMs: number;
}

export const defaultLimits: LogLimits = {
  batchEvents: 500,
  batchBytes: 1_000_000,
  eventBytes: 262_144,
  appendEvents: 500,
  appendWords: 500,
  appendBytes: 10_485_760,
  jsonDepth: 64,
  queuedAppends: 20_000,
  queuedBytes: 67_108_864,
  cachedStreams: 100_000,
  cachedRows: 50_000,
  readers: 4,
  answerMs: 15_000,
  connectMs: 5_000,
  retryFirstMs: 50,
  retryMaxMs: 2_000,
  watchMs: 1_000,
  closeMs: 5_000,
};

/** The defaults with some replaced; each must be a whole number from 1. */
export function withLimits(given: Partial<LogLimits> = {}): LogLimits {
  const limits = { ...defaultLimits, ...given };
  for (const [name, value] of Object.entries(limits)) {
    if (!Number.isInteger(value) || value < 1) {
      throw new RangeError(`\`${name}\` must be a whole number from 1, not ${value}`);
    }
  }
  return limits;
}
