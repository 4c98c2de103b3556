/** Everything that can go wrong with LinkedIn, by name, and which request it befalls. */

/** The request has no effect; what is answered instead. */
const BEFORE = [
  /** Accepted, then the connection ends. */
  "reset_before",
  /** Accepted, never answered. */
  "hang_before",
  "server_error_before",
  /** An HTML page of a proxy. */
  "bad_gateway_before",
  "unavailable_before",
  /** 409: to be tried again. */
  "conflict",
  "rate_limited_application",
  "rate_limited_member",
  "expired_token",
  "revoked_token",
  "invalid_token",
  "version_sunset",
  /** 403 that repeats the token it was sent. */
  "token_in_error",
  /** 307 to another origin. */
  "redirect",
] as const;

/** The request is judged otherwise. */
const WITHIN = [
  /** As if the token had no scope: 403 with the text of exactly this call. */
  "missing_scope",
  /** As if the member had no role on any page. */
  "role_lost",
  /** `DUPLICATE_POST` that names a URN which nobody can find. */
  "ghost_duplicate",
  /** Reads miss what was made last. */
  "read_lag",
  /** The upload is accepted and its processing fails. */
  "image_processing_failed",
] as const;

/** The request has its effect; its answer is lost or spoilt. */
const AFTER = [
  "reset_after",
  "hang_after",
  "server_error_after",
  "bad_gateway_after",
  /** Ends in the middle: of the body, or of the head where there is none. */
  "half_answer",
  /** Without `x-restli-id`. */
  "without_id",
  /** 200 and HTML instead of the answer. */
  "junk_answer",
  /** Whole, after `slowMs`. */
  "slow",
] as const;

export const FAULTS = [...BEFORE, ...WITHIN, ...AFTER] as const;

export type FaultBefore = typeof BEFORE[number];
export type FaultAfter = typeof AFTER[number];
export type Fault = typeof FAULTS[number];

export function isFault(name: unknown): name is Fault {
  return (FAULTS as readonly unknown[]).includes(name);
}

export function isBefore(fault: Fault | null): fault is FaultBefore {
  return (BEFORE as readonly unknown[]).includes(fault);
}

export function isAfter(fault: Fault | null): fault is FaultAfter {
  return (AFTER as readonly unknown[]).includes(fault);
}

export interface FaultRule {
  fault: Fault;
  /** Start of `METHOD /path` that it befalls, e.g. `POST /rest/posts`; empty: every request. @default "" */
  on?: string;
  /** How many requests it befalls; null: all, until mended. @default 1 */
  times?: number | null;
}

const MAX_RULES = 100;

/** Switched-on faults. A request takes the oldest rule that fits, and one only. */
export class FaultQueue {
  #rules: Required<FaultRule>[] = [];

  add({ fault, on = "", times = 1 }: FaultRule): void {
    if (!isFault(fault)) throw new RangeError(`"${fault}" is no fault; one of: ${FAULTS.join(", ")}`);
    if (times !== null && !(Number.isInteger(times) && times > 0)) {
      throw new RangeError(`times must be a positive integer or null, not ${times}`);
    }
    if (this.#rules.length >= MAX_RULES) throw new RangeError(`at most ${MAX_RULES} faults at a time`);
    this.#rules.push({ fault, on, times });
  }

  /** Ends one fault, or all. */
  mend(fault?: Fault): void {
    this.#rules = fault === undefined ? [] : this.#rules.filter((rule) => rule.fault !== fault);
  }

  take(method: string, path: string): Fault | null {
    const rule = this.#rules.find(({ on }) => `${method} ${path}`.startsWith(on));
    if (rule === undefined) return null;
    if (rule.times !== null) {
      rule.times--;
      if (rule.times === 0) this.#rules.splice(this.#rules.indexOf(rule), 1);
    }
    return rule.fault;
  }

  pending(): FaultRule[] {
    return this.#rules.map((rule) => ({ ...rule }));
  }
}
