/** What `decide` is given and what it says. */
import type { PersonaEvent } from "../events.ts";
import type { PolicySettings } from "../policy/policy.ts";
import type { PersonaState } from "../state.ts";

/** Stable codes of refusals, as programs see them. */
export type RefusalCode =
  | "not_found"
  | "exists"
  | "wrong_status"
  | "persona_paused"
  | "persona_retired"
  | "hash_mismatch"
  | "not_prepared"
  | "blocked_by_policy"
  | "no_connection"
  | "connection_in_use"
  | "too_many_posts"
  | "invalid"
  | "in_the_past"
  | "real_person"
  | "operator_unnamed"
  | "disclosure_missing"
  | "nothing_changed"
  | "person_must_approve"
  | "already_answered"
  | "no_answer_allowed";

export interface Refused {
  code: RefusalCode;
  message: string;
  field?: string;
}

export type Decision = { events: PersonaEvent[] } | { refused: Refused };

/** Time, chance and circumstances, so that the core stays pure. */
export interface Context {
  /** ms since the epoch. */
  now: number;
  /** Who asks: `user:…`, `token:…`, `actor:…`. */
  by: string;
  /** A fresh UUID at each call. */
  newId(): string;
  /** A fresh TID (Bluesky record key) at each call. */
  newTid(): string;
  /** 0 to 2^31-1. */
  randomSeed(): number;
  /** How long an approval holds. */
  approvalMs: number;
  /** How late a scheduled post may still go out. */
  slotGraceMs: number;
  policy: PolicySettings;
}

export const decided = (...events: PersonaEvent[]): Decision => ({ events });

export const refuse = (code: RefusalCode, message: string, field?: string): Decision => ({
  refused: field === undefined ? { code, message } : { code, message, field },
});

/** One command's rule. */
export type Decide<C> = (state: PersonaState, command: C, context: Context) => Decision;
