import { Buffer } from "node:buffer";
import { scrypt, timingSafeEqual } from "node:crypto";

/**
 * Passwords at rest: scrypt, in a PHC string, so that the cost can be raised later. scrypt because Deno's node:crypto has
 * it, runs it off the event loop, and it needs no native add-on (Argon2's would need the permission `ffi`).
 */
export interface PasswordOptions {
  /** Cost as a power of two, 10 to 20: N = 2^costLog2, 128 · N · 8 bytes of memory. @default 17 (128 MB, about half a second) */
  costLog2?: number;
  /** Hashes computed at once, 1 to 16. @default 2 */
  maxConcurrent?: number;
  /** Requests that may wait for a turn, 0 to 1,000. @default 16 */
  maxQueued?: number;
  randomBytes: (count: number) => Uint8Array;
}

export interface Passwords {
  /** The PHC string to store. Throws `PasswordsBusy`. */
  hash(password: string): Promise<string>;
  /**
   * `stored` null stands for an account that does not exist: it takes the same time and is never ok. `rehash` says that the
   * cost has been raised since. Throws `PasswordsBusy`.
   */
  verify(password: string, stored: string | null): Promise<{ ok: boolean; rehash: boolean }>;
}

/** Too many passwords are being checked: try again after `retryAfterSeconds`. */
export class PasswordsBusy extends Error {
  override name = "PasswordsBusy";
  readonly retryAfterSeconds = 5;
}

const BLOCK_SIZE = 8;
const KEY_BYTES = 32;
const SALT_BYTES = 16;

interface Phc {
  costLog2: number;
  blockSize: number;
  parallelism: number;
  salt: Buffer;
  key: Buffer;
}

export function createPasswords(options: PasswordOptions): Passwords {
  const { costLog2 = 17, maxConcurrent = 2, maxQueued = 16, randomBytes } = options;
  mustLie("costLog2", costLog2, 10, 20);
  mustLie("maxConcurrent", maxConcurrent, 1, 16);
  mustLie("maxQueued", maxQueued, 0, 1_000);
  const turns = createTurns(maxConcurrent, maxQueued);

  function fresh(): Phc {
    const salt = Buffer.from(randomBytes(SALT_BYTES));
    return { costLog2, blockSize: BLOCK_SIZE, parallelism: 1, salt, key: Buffer.alloc(KEY_BYTES) };
  }

  return {
    hash: (password) =>
      turns(async () => {
        const phc = fresh();
        return formatPhc({ ...phc, key: await derive(password, phc) });
      }),
    verify: (password, stored) =>
      turns(async () => {
        const phc = stored === null ? fresh() : parsePhc(stored);
        const same = timingSafeEqual(await derive(password, phc), phc.key);
        const ok = same && stored !== null;
        return { ok, rehash: ok && phc.costLog2 < costLog2 };
      }),
  };
}

function derive(password: string, phc: Phc): Promise<Buffer> {
  const N = 2 ** phc.costLog2;
  const parameters = { N, r: phc.blockSize, p: phc.parallelism, maxmem: 129 * N * phc.blockSize };
  // One person types é as one code point, another keyboard as two.
  return new Promise((resolve, reject) => {
    scrypt(password.normalize("NFKC"), phc.salt, KEY_BYTES, parameters, (error, key) => {
      if (error) reject(error);
      else resolve(key);
    });
  });
}

function formatPhc({ costLog2, blockSize, parallelism, salt, key }: Phc): string {
  const b64 = (bytes: Buffer) => bytes.toString("base64").replace(/=+$/, "");
  return `$scrypt$ln=${costLog2},r=${blockSize},p=${parallelism}$${b64(salt)}$${b64(key)}`;
}

const PHC = /^\$scrypt\$ln=(\d{2}),r=(\d{1,2}),p=(\d)\$([A-Za-z0-9+/]{22})\$([A-Za-z0-9+/]{43})$/;

function parsePhc(text: string): Phc {
  const match = PHC.exec(text);
  if (match === null) throw new Error("A stored password hash is not a scrypt PHC string.");
  const [, costLog2, blockSize, parallelism, salt = "", key = ""] = match;
  const phc = {
    costLog2: Number(costLog2),
    blockSize: Number(blockSize),
    parallelism: Number(parallelism),
    salt: Buffer.from(salt, "base64"),
    key: Buffer.from(key, "base64"),
  };
  mustLie("ln of a stored password hash", phc.costLog2, 10, 20);
  mustLie("r of a stored password hash", phc.blockSize, 1, 16);
  mustLie("p of a stored password hash", phc.parallelism, 1, 4);
  return phc;
}

/** Lets `maxConcurrent` run and `maxQueued` wait, in order; the next is refused. */
function createTurns(maxConcurrent: number, maxQueued: number) {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async function turn<T>(work: () => Promise<T>): Promise<T> {
    if (running < maxConcurrent) running++;
    else if (waiting.length < maxQueued) await new Promise<void>((resolve) => waiting.push(resolve));
    else throw new PasswordsBusy("Too many passwords are being checked at the moment.");
    try {
      return await work();
    } finally {
      // The turn is handed over, not given back: nobody can slip in between.
      const next = waiting.shift();
      if (next) next();
      else running--;
    }
  };
}

function mustLie(name: string, value: number, min: number, max: number): void {
  if (Number.isInteger(value) && value >= min && value <= max) return;
  throw new Error(`\`${name}\` must be ${min} to ${max}, not ${value}.`);
}
