/** What comes of linking, in words that a person and a program can use. */
import type { ConnectionInfo } from "../../persona/events.ts";
import type { CommandAnswer } from "../supervisor_port.ts";

/** Nothing was kept. `field` is the one of the request that was wrong. */
export interface LinkRefused {
  kind: "refused";
  code: string;
  message: string;
  field?: string;
}

export type LinkAnswer = { kind: "linked"; connection: ConnectionInfo } | LinkRefused;

export const refused = (code: string, message: string, field?: string): LinkRefused => ({
  kind: "refused",
  code,
  message,
  ...(field === undefined ? {} : { field }),
});

export const noPersona = refused("not_found", "There is no such persona.");

export function refusedBy(answer: Exclude<CommandAnswer, { kind: "committed" }>): LinkRefused {
  switch (answer.kind) {
    case "refused":
      return refused(answer.refusal.code, answer.refusal.message, answer.refusal.field);
    case "overloaded":
      return refused("overloaded", "This persona has too much to do right now: try again in a moment.");
    case "unavailable":
      return refused("unavailable", answer.reason);
    case "id_reused":
      return refused("id_reused", "This Idempotency-Key was used before for another request.");
    default:
      return answer satisfies never;
  }
}

/** A reason as a platform's folder gives it, as a sentence. */
export function sentence(reason: string): string {
  const text = reason.trim();
  const whole = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?…]$/.test(whole) ? whole : `${whole}.`;
}
