/** Everything that can be asked of a persona. The first group comes from people and programs, the second from its own effects. */
import type { Identity } from "./identity.ts";
import type { ConnectionInfo } from "./events.ts";
import type { Interaction, Outcome, Part, Platform, Reconciled } from "./platforms/port.ts";
import type { NotWritten, Written } from "./agent/port.ts";

export type PersonaCommand =
  | {
    type: "create";
    identity: Identity;
    origin: "form" | "template" | "import";
    format?: string | null;
    paused?: boolean;
  }
  | { type: "edit"; changes: Partial<Identity> }
  | { type: "pause" }
  | { type: "resume" }
  | { type: "retire" }
  | { type: "delete" }
  | { type: "link"; connection: ConnectionInfo }
  | { type: "unlink"; connectionId: string }
  /** `postId` may be chosen by the caller (UUID); `connectionId` where there are several of one platform. */
  | { type: "compose"; platform: Platform; brief: string; postId?: string; connectionId?: string }
  /** Writes again: after a failure, or with what was wrong with the draft. */
  | { type: "rewrite"; postId: string; reason?: string }
  | { type: "revise"; postId: string; text: string }
  | { type: "submit"; postId: string }
  /** `then` says what follows at once, in the same append. */
  | {
    type: "approve";
    postId: string;
    contentHash: string;
    then?: { kind: "publish" } | { kind: "schedule"; at: string; zone: string };
  }
  | { type: "reject"; postId: string; reason: string }
  | { type: "publish"; postId: string }
  /** `at`: local date and time in `zone` (`2026-12-01T09:00`), or an instant with an offset. */
  | { type: "schedule"; postId: string; at: string; zone: string }
  | { type: "unschedule"; postId: string }
  | { type: "withdraw"; postId: string }
  /** A person has looked at the platform: an uncertain post went out, or did not. */
  | { type: "resolve"; postId: string; outcome: "went_out" | "did_not"; url?: string }
  /** Decides a command again that made the persona stop twice. */
  | { type: "retry_dead_letter"; deadLetterId: string }
  | { type: "drop_dead_letter"; deadLetterId: string };

/** What a writer came to, without the prompt and the answer: those are foreign words. */
export type WritingResult = Omit<Written, "prompt" | "answer"> | Omit<NotWritten, "prompt" | "answer">;

/** None of them holds foreign words, references only: what is put aside is kept in an event. */
export type InternalCommand =
  | { type: "begin_writing"; postId: string }
  | {
    type: "written";
    postId: string;
    attempt: number;
    result: WritingResult;
    promptHash: string;
    promptRef: string;
    answerRef: string;
  }
  | { type: "prepared"; postId: string; revision: number; parts: Part[] }
  | { type: "not_prepared"; postId: string; revision: number; reason: string }
  /** The platform does not take the credentials any more. */
  | { type: "lost"; connectionId: string; reason: string }
  | { type: "go_out"; postId: string }
  | { type: "expire"; postId: string }
  | { type: "begin_attempt"; postId: string }
  | { type: "outcome"; postId: string; attempt: number; outcome: Outcome }
  | { type: "reconciled"; postId: string; attempt: number; result: Reconciled }
  | {
    type: "polled";
    connectionId: string;
    cursor: string | null;
    items: {
      interaction: Pick<Interaction, "kind" | "about" | "at">;
      sourceHash: string;
      wordsRef: string;
    }[];
  };

export type Command = PersonaCommand | InternalCommand;
export type CommandType = Command["type"];

/** Commands of these types jump the queue: they make the persona stop. */
export const CONTROL_COMMANDS: ReadonlySet<CommandType> = new Set(["pause", "retire", "delete", "withdraw"]);

/** Outcomes are never refused for lack of room. */
export const INTERNAL_COMMANDS: ReadonlySet<CommandType> = new Set<InternalCommand["type"]>([
  "begin_writing",
  "written",
  "prepared",
  "not_prepared",
  "lost",
  "go_out",
  "expire",
  "begin_attempt",
  "outcome",
  "reconciled",
  "polled",
]);
