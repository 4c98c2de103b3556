/** Plain data on both sides of the border between personas and the log. */

/** What JSON can say. Events hold nothing else. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** A fact on its way in. */
export interface NewEvent {
  /** UUID; made by the log when absent. */
  id?: string;
  type: string;
  /** Version of the shape of `data` for this type, from 1. */
  schema: number;
  data: { [key: string]: Json };
  /** Id of the event or command that caused this one. */
  cause?: string | null;
  /** Id that ties everything together that one first command set off. */
  correlation?: string | null;
}

/** Text from outside or that quotes it: kept apart from events, purged under a rule, referenced by `id`. */
export interface ForeignWords {
  /** UUID, made by the caller. */
  id: string;
  stream: string;
  /** What it is: `prompt`, `answer`, `interaction`, `draft_words`… */
  kind: string;
  /** Platform it came from, or `model`. */
  platform: string;
  /** The platform's id of the author, for erasure by author; null where there is none. */
  author: string | null;
  content: Json;
  /** ISO time after which it is purged; null keeps it until erased. */
  purgeAt: string | null;
  /** ISO time after which who said it is removed: `author`, and the parts of `content` that name a person. @default with the rest */
  profilePurgeAt?: string | null;
  /** Ids of the rows whose words stand in this one: it lives no longer than they do. @default none */
  quotes?: string[];
}

/** Why a command was refused, for people. */
export interface Refusal {
  /** Stable, snake_case: `hash_mismatch`, `not_found`, `wrong_status`… */
  code: string;
  /** One sentence: what was wrong, what would be right. */
  message: string;
  /** The field of the command that was wrong, when there is one. */
  field?: string;
}
