/** command × state → events or a refusal. Pure: time, chance and ids come in through the context. */
import type { Command } from "./commands.ts";
import type { PersonaState } from "./state.ts";
import type { Context, Decide, Decision } from "./decide/decision.ts";
import { refuse } from "./decide/decision.ts";
import {
  checkConnection,
  checked,
  create,
  edit,
  link,
  lost,
  pause,
  remove,
  resume,
  retire,
  unlink,
} from "./decide/persona.ts";
import { compose, reply, write } from "./decide/beginning.ts";
import { notPrepared, prepared } from "./decide/preparing.ts";
import { beginWriting, revise, rewrite, submit, written } from "./decide/writing.ts";
import { approve, expire, reject, schedule, unschedule, withdraw } from "./decide/review.ts";
import { checkAgain, reconciled, resolve } from "./decide/doubts.ts";
import { beginAttempt, goOut, holdBack, outcome, publish } from "./decide/publishing.ts";
import { deletePost, measure, measured, notMeasured, removed } from "./decide/published.ts";
import { polled } from "./decide/listening.ts";
import { drop, retry } from "./decide/dead_letters.ts";

type Type = Command["type"];

const DECIDE: { [T in Type]: Decide<Extract<Command, { type: T }>> } = {
  create,
  edit,
  pause,
  resume,
  retire,
  delete: remove,
  link,
  unlink,
  compose,
  write,
  reply,
  rewrite,
  revise,
  submit,
  approve,
  reject,
  publish,
  schedule,
  unschedule,
  withdraw,
  resolve,
  check_again: checkAgain,
  delete_post: deletePost,
  measure,
  check_connection: checkConnection,
  retry_dead_letter: (state, command, context) => retry(state, command, context, decide),
  drop_dead_letter: drop,
  begin_writing: beginWriting,
  written,
  prepared,
  not_prepared: notPrepared,
  lost,
  go_out: goOut,
  expire,
  begin_attempt: beginAttempt,
  outcome,
  reconciled,
  hold_back: holdBack,
  removed,
  measured,
  not_measured: notMeasured,
  checked,
  polled,
};

/** What a retired persona still does: it takes in outcomes, and it can be deleted. */
const WHEN_RETIRED: ReadonlySet<Type> = new Set([
  "delete",
  "unlink",
  "resolve",
  "check_again",
  "delete_post",
  "removed",
  "check_connection",
  "checked",
  // What is retried is judged like what comes anew.
  "retry_dead_letter",
  "drop_dead_letter",
  "outcome",
  "reconciled",
  "written",
  "lost",
]);

/** What can be asked of a persona that is not there yet: also what became of its creation. */
const BEFORE_BIRTH: ReadonlySet<Type> = new Set(["create", "retry_dead_letter", "drop_dead_letter"]);

/** What a paused persona does not begin. Drafts can be worked on; nothing new goes out. */
const NOT_WHEN_PAUSED: ReadonlySet<Type> = new Set<Type>(["publish", "go_out"]);

export function decide(state: PersonaState, command: Command, context: Context): Decision {
  if (state.life === "none" && !BEFORE_BIRTH.has(command.type)) {
    return refuse("not_found", "There is no such persona.");
  }
  if (state.life === "deleted") return refuse("not_found", "This persona was deleted.");
  // Posts are looked up by id in a plain object: the names that every object has are no ids.
  if ("postId" in command && command.postId !== undefined && command.postId in Object.prototype) {
    return refuse("not_found", "There is no such post.", "postId");
  }
  if (state.life === "retired" && !WHEN_RETIRED.has(command.type)) {
    return refuse("persona_retired", "This persona is retired: it says nothing more.");
  }
  if (state.life === "paused" && (NOT_WHEN_PAUSED.has(command.type) || publishesNow(command))) {
    return refuse("persona_paused", "This persona is paused: resume it before anything goes out.");
  }
  return (DECIDE[command.type] as Decide<Command>)(state, command, context);
}

function publishesNow(command: Command): boolean {
  return command.type === "approve" && command.then?.kind === "publish";
}
