/** Commands that made the persona stop twice: what is recorded in their place, and what a person can do with them. */
import type { Command, CommandType } from "../commands.ts";
import { INTERNAL_COMMANDS } from "../commands.ts";
import type { PersonaEvent } from "../events.ts";
import { event } from "../events.ts";
import { evolve } from "../evolve.ts";
import type { DeadLetter, PersonaState } from "../state.ts";
import { reasonOf } from "../text.ts";
import type { Context, Decide, Decision } from "./decision.ts";
import { decided, refuse } from "./decision.ts";
import { MAX_CURSOR } from "./listening.ts";
import { attempted } from "./attempts.ts";
import { awaitsPreparation } from "./preparing.ts";

type Of<T extends CommandType> = Extract<Command, { type: T }>;

/** ms until what failed twice is tried by itself again: so seldom that it wears nothing out. */
export const TRY_AGAIN_MS = 3_600_000;

/** What was settled when it was put aside, or cannot be done without its credentials: there is nothing in it to retry. */
const NOT_RETRIED: ReadonlySet<CommandType> = new Set<CommandType>([
  "begin_writing",
  "begin_attempt",
  "go_out",
  "expire",
  "not_prepared",
  "lost",
  "hold_back",
  "removed",
  "measured",
  "not_measured",
  "checked",
  "link",
  "unlink",
]);

/** Whether a command of this type, kept, can be decided again. */
export const canBeRetried = (type: CommandType): boolean => !NOT_RETRIED.has(type);

/** A command that is put aside. */
export interface Failed {
  commandId: string;
  command: Command;
  by: string;
  cause: string | null;
  /** The error. */
  reason: string;
  crashes: number;
}

/**
 * The events in place of a command that cannot be decided: it is kept, and what waited for it goes on without it, so that
 * nothing begins the same again at once. Pure, total, and apart from the command's own rule, which is what failed.
 */
export function putAside(
  state: PersonaState,
  failed: Failed,
  { now, newId }: Pick<Context, "now" | "newId">,
): PersonaEvent[] {
  const { command, commandId, by, cause, crashes } = failed;
  const reason = reasonOf(failed.reason);
  const aboutLetter = command.type === "retry_dead_letter" || command.type === "drop_dead_letter";
  const letter = event("CommandDeadLettered", {
    deadLetterId: known(state, command)?.id ?? newId(),
    commandId,
    type: command.type,
    command: aboutLetter ? null : command,
    by,
    cause,
    reason,
    crashes,
  });
  return [
    letter,
    ...forgotten(state, letter),
    ...instead(state, command, `It made the persona stop twice: ${reason}`, now),
  ];
}

/** The letter that this one is again: the one whose retry failed, or the one about the same step of the same thing. */
function known(state: PersonaState, command: Command): DeadLetter | undefined {
  if (command.type === "retry_dead_letter" || command.type === "drop_dead_letter") {
    return own(state, command.deadLetterId);
  }
  if (!INTERNAL_COMMANDS.has(command.type)) return undefined;
  return Object.values(state.deadLetters).find((letter) =>
    letter.command?.type === command.type && thingOf(letter.command) === thingOf(command)
  );
}

function thingOf(command: Command): string {
  if ("postId" in command) return command.postId ?? "";
  return "connectionId" in command ? command.connectionId ?? "" : "";
}

/** Letters that make room for a new one: said as events, so that the lists know it. */
function forgotten(state: PersonaState, letter: PersonaEvent): PersonaEvent[] {
  const { deadLetters } = evolve(state, { ...letter, id: "", version: state.version + 1, by: "" });
  return Object.keys(state.deadLetters).filter((id) => !Object.hasOwn(deadLetters, id))
    .map((deadLetterId) => event("DeadLetterDropped", { deadLetterId }));
}

/** What becomes of the thing that an internal command was about. One that was too late anyway changes nothing. */
function instead(state: PersonaState, command: Command, reason: string, now: number): PersonaEvent[] {
  const post =
    "postId" in command && command.postId !== undefined && Object.hasOwn(state.posts, command.postId)
      ? state.posts[command.postId]
      : undefined;
  const connection = "connectionId" in command && command.connectionId !== undefined &&
      Object.hasOwn(state.connections, command.connectionId)
    ? state.connections[command.connectionId]
    : undefined;
  switch (command.type) {
    case "begin_writing": {
      const wanted = post?.status === "draft" && ["asked", "writing"].includes(post.writing.state);
      if (post === undefined || !wanted) return [];
      return [notWritten(post.id, post.writing.attempt, reason)];
    }
    case "written": {
      const waited = post?.status === "draft" && post.writing.state === "writing" &&
        post.writing.attempt === command.attempt;
      if (post === undefined || !waited) return [];
      return [notWritten(post.id, command.attempt, reason, command)];
    }
    case "prepared":
    case "not_prepared": {
      if (post === undefined || !awaitsPreparation(post, command.revision)) return [];
      const { revision } = command;
      return [event("PreparationFailed", { postId: post.id, revision, reason, retryAt: now + TRY_AGAIN_MS })];
    }
    case "begin_attempt":
      if (post?.status !== "publishing" || post.publish === null || post.publish.attemptOpen) return [];
      return [event("PostHeldBack", { postId: post.id, reason, verdicts: post.verdicts })];
    case "outcome": {
      // Whatever it said: it may be out. The platform is asked.
      const { postId, attempt } = command;
      if (attempted(state, postId, attempt)?.publish.attemptOpen !== true) return [];
      return [event("PublishUncertain", { postId, attempt, reason, checks: 0, nextCheckAt: now })];
    }
    case "reconciled": {
      const { postId, attempt } = command;
      const open = attempted(state, postId, attempt);
      if (open?.post.status !== "uncertain") return [];
      const checks = open.publish.checks + 1;
      return [event("PublishUncertain", { postId, attempt, reason, checks, nextCheckAt: 0 })];
    }
    case "hold_back": {
      // No leave was given for the rest; what is out of it stays known.
      const open = attempted(state, command.postId, command.attempt);
      if (open?.publish.attemptOpen !== true) return [];
      const { sent = [] } = command;
      return [event("PostHeldBack", {
        postId: command.postId,
        reason,
        verdicts: open.post.verdicts,
        ...(sent.length > open.post.sent.length ? { sent } : {}),
      })];
    }
    case "removed":
      if (post === undefined || post.removeAt === null) return [];
      return [event("RemovalFailed", { postId: post.id, reason, retryAt: null })];
    case "measured":
    case "not_measured":
      if (post?.status !== "published" || post.measureAt === null) return [];
      return [event("PostMeasured", { postId: post.id, measured: null, nextAt: null })];
    case "checked":
      if (connection === undefined || !connection.checkAsked) return [];
      return [event("ConnectionChecked", { connectionId: connection.connectionId, ok: false, reason })];
    case "go_out": {
      const due = post?.slot != null && post.slot.at <= now;
      return due && post !== undefined ? [event("SlotMissed", { postId: post.id, reason })] : [];
    }
    case "expire": {
      const due = post?.approval != null && post.approval.expiresAt <= now &&
        (post.status === "approved" || post.status === "scheduled");
      return due && post !== undefined ? [event("ApprovalExpired", { postId: post.id })] : [];
    }
    case "lost":
      if (connection === undefined || !connection.linked || connection.health === "lost") return [];
      return [
        event("ConnectionLost", { connectionId: connection.connectionId, reason: reasonOf(command.reason) }),
      ];
    case "polled": {
      if (connection === undefined || !connection.linked) return [];
      const { connectionId } = connection;
      return [event("ListeningPaused", { connectionId, until: now + TRY_AGAIN_MS, reason })];
    }
    default:
      // What people and programs ask for is kept, and nothing waits for it.
      return [];
  }
}

function notWritten(postId: string, attempt: number, detail: string, command?: Of<"written">): PersonaEvent {
  return event("CompositionFailed", {
    postId,
    attempt,
    reason: "crashed",
    detail,
    retryable: true,
    model: command?.result.model ?? "",
    promptRef: command?.promptRef ?? null,
    answerRef: command?.answerRef ?? null,
  });
}

/** `decideAgain` is the rule of all commands: the kept one is judged as if it came now. */
export function retry(
  state: PersonaState,
  { deadLetterId }: Of<"retry_dead_letter">,
  context: Context,
  decideAgain: Decide<Command>,
): Decision {
  const letter = own(state, deadLetterId);
  if (letter === undefined) return gone;
  if (letter.command === null) {
    return refuse(
      "not_found",
      "What was asked was not kept: ask for it anew, and drop this.",
      "deadLetterId",
    );
  }
  const { type } = letter.command;
  if (type === "link" || type === "unlink") {
    return refuse("wrong_status", "Connect or disconnect the account anew, and drop this.");
  }
  if (!canBeRetried(type)) {
    return refuse(
      "wrong_status",
      "Its matter was settled when it was put aside: nothing is left to try again.",
    );
  }
  const again = reopened(state, letter.command, letter.ordinal);
  if (again === null) return refuse("wrong_status", "This is not waited for any more.");
  const decision = decideAgain(again.state, again.command, context);
  return "refused" in decision
    ? decision
    : decided(event("DeadLetterRetried", { deadLetterId }), ...decision.events);
}

/** A result finds what waited for it as it was before it was put aside. Null where that has gone on since. */
function reopened(
  state: PersonaState,
  command: Command,
  since: number,
): { state: PersonaState; command: Command } | null {
  switch (command.type) {
    case "reconciled":
      return isOfBefore(state, command, since) ? null : { state, command };
    case "outcome": {
      // The attempts of each intent are counted from one.
      if (isOfBefore(state, command, since)) return null;
      const open = attempted(state, command.postId, command.attempt);
      if (open === null || open.post.status !== "uncertain") return { state, command };
      const { post, publish } = open;
      const before = { ...post, status: "publishing" as const, publish: { ...publish, attemptOpen: true } };
      const { outcome } = command;
      return {
        state: { ...state, posts: { ...state.posts, [post.id]: before } },
        // The account may have been connected anew since: the next attempt finds out.
        command: outcome.kind === "auth_dead"
          ? { ...command, outcome: { kind: "not_sent", reason: outcome.reason } }
          : command,
      };
    }
    case "written": {
      const post = Object.hasOwn(state.posts, command.postId) ? state.posts[command.postId] : undefined;
      if (post?.writing.state !== "failed") return null;
      const before = { ...post, writing: { ...post.writing, state: "writing" as const } };
      return { state: { ...state, posts: { ...state.posts, [post.id]: before } }, command };
    }
    case "polled": {
      // Listening went on meanwhile: it is not to begin again behind where it is now.
      const went = state.connections[command.connectionId]?.quietUntil === 0;
      return { state, command: went ? { ...command, cursor: null } : command };
    }
    default:
      return { state, command };
  }
}

/** Whether it was put aside before the intent that the post has now: it speaks of an attempt of an earlier one. */
function isOfBefore(state: PersonaState, { postId }: { postId: string }, since: number): boolean {
  const publish = Object.hasOwn(state.posts, postId) ? state.posts[postId]?.publish : null;
  return publish != null && since < publish.since;
}

/** Drops a letter. What was heard is passed over: listening goes on behind it. */
export const drop: Decide<Of<"drop_dead_letter">> = (state, { deadLetterId }) => {
  const letter = own(state, deadLetterId);
  if (letter === undefined) return gone;
  const dropped = event("DeadLetterDropped", { deadLetterId });
  if (letter.command?.type !== "polled") return decided(dropped);
  const { connectionId, cursor } = letter.command;
  const connection = state.connections[connectionId];
  const waits = connection !== undefined && connection.linked && connection.quietUntil > 0;
  return waits && cursor !== null && cursor.length <= MAX_CURSOR
    ? decided(dropped, event("PollCompleted", { connectionId, cursor }))
    : decided(dropped);
};

const gone = refuse(
  "not_found",
  "There is no such command any more: it was retried or dropped, or made room for newer ones. Ask for it anew.",
  "deadLetterId",
);

function own(state: PersonaState, id: string): DeadLetter | undefined {
  return Object.hasOwn(state.deadLetters, id) ? state.deadLetters[id] : undefined;
}
