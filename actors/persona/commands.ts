/** Everything that can be asked of a persona. The first group comes from people and programs, the second from its own effects. */
import type { Identity } from "./identity.ts";
import type { ConnectionInfo } from "./events.ts";
import type {
  Found,
  Interaction,
  Measured,
  MediaRef,
  Outcome,
  Part,
  Platform,
  Reconciled,
  Removed,
  Sent,
} from "./platforms/port.ts";
import type { Verdict } from "./policy/policy.ts";
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
  | {
    type: "compose";
    platform: Platform;
    brief: string;
    postId?: string;
    connectionId?: string;
    /** The same for posts on several platforms that belong together (UUID). */
    setId?: string;
  }
  /** A text of the person's own, for the same place as `compose`. */
  | {
    type: "write";
    platform: Platform;
    parts: TypedPart[];
    postId?: string;
    connectionId?: string;
    setId?: string;
  }
  /** Answers what somebody said: with `parts` as the person wrote them, else as the writer does. */
  | { type: "reply"; interactionId: string; brief?: string; parts?: TypedPart[]; postId?: string }
  /** Writes again: after a failure, or with what was wrong with the draft. */
  | { type: "rewrite"; postId: string; reason?: string }
  /** `text` is one part; `parts` are those of a thread, or one with pictures. One of both. */
  | { type: "revise"; postId: string; text?: string; parts?: TypedPart[] }
  | { type: "submit"; postId: string }
  /** `then` says what follows at once, in the same append. */
  | {
    type: "approve";
    postId: string;
    contentHash: string;
    /** Rules whose findings the person saw and lets pass. */
    acknowledged?: string[];
    /** Posts of other personas that the person saw beside it. */
    seen?: string[];
    then?: { kind: "publish" } | { kind: "schedule"; at: string; zone: string };
  }
  | { type: "reject"; postId: string; reason: string }
  | { type: "publish"; postId: string }
  /** `at`: local date and time in `zone` (`2026-12-01T09:00`), or an instant with an offset. */
  | { type: "schedule"; postId: string; at: string; zone: string }
  | { type: "unschedule"; postId: string }
  | { type: "withdraw"; postId: string }
  /**
   * A person has looked at the platform: an uncertain post went out, or did not; or of its thread the part that comes after
   * those that are known to be out did, and `url` says where, and the ones behind it did not.
   */
  | { type: "resolve"; postId: string; outcome: "went_out" | "did_not" | "part_went_out"; url?: string }
  /** Looks for an uncertain post again, now. */
  | { type: "check_again"; postId: string }
  /** Deletes a published post from its platform. */
  | { type: "delete_post"; postId: string }
  /** Asks the platform now how a published post does. */
  | { type: "measure"; postId: string }
  /** Sees whether the credentials of a connection work. */
  | { type: "check_connection"; connectionId: string }
  /** Decides a command again that made the persona stop twice. */
  | { type: "retry_dead_letter"; deadLetterId: string }
  | { type: "drop_dead_letter"; deadLetterId: string };

/** A part as a person wrote it. */
export interface TypedPart {
  text: string;
  /** At most four. */
  media?: MediaRef[];
}

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
  /** `found` is what a reply names; absent where it answers nothing. */
  | { type: "prepared"; postId: string; revision: number; parts: Part[]; found?: Found }
  /** `final`: what it answers is not there any more, so it is not tried again. */
  | { type: "not_prepared"; postId: string; revision: number; reason: string; final?: boolean }
  /** The platform does not take the credentials any more. */
  | { type: "lost"; connectionId: string; reason: string }
  | { type: "go_out"; postId: string }
  | { type: "expire"; postId: string }
  | { type: "begin_attempt"; postId: string }
  | { type: "outcome"; postId: string; attempt: number; outcome: Outcome }
  | { type: "reconciled"; postId: string; attempt: number; result: Reconciled }
  /** No leave to send: a rule that looks beyond this persona speaks against it. */
  | { type: "hold_back"; postId: string; attempt: number; verdicts: Verdict[]; sent?: Sent[] }
  | { type: "removed"; postId: string; result: Removed }
  | { type: "measured"; postId: string; measured: Measured }
  | { type: "not_measured"; postId: string; reason: string }
  | { type: "checked"; connectionId: string; ok: boolean; reason: string }
  | {
    type: "polled";
    connectionId: string;
    cursor: string | null;
    items: {
      interaction: Pick<Interaction, "kind" | "about" | "at">;
      sourceHash: string;
      wordsRef: string;
      authorHash?: string;
      summons?: boolean;
      byBot?: boolean;
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
  "hold_back",
  "removed",
  "measured",
  "not_measured",
  "checked",
  "polled",
]);
