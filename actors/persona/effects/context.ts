/** What effects are given: the actor's way to the world. */
import type { ForeignWords, Json } from "../../wire.ts";
import type { InternalCommand } from "../commands.ts";
import type { Writer } from "../agent/port.ts";
import type { AdapterContext, Platform, PlatformAdapter } from "../platforms/port.ts";
import type { Verdict } from "../policy/policy.ts";
import type { ConnectionState, PersonaState } from "../state.ts";
import type { Limits } from "./limits.ts";

/** How a command of an effect ended. */
export type Submitted = "committed" | "refused" | "aborted";

export interface Permit {
  granted: boolean;
  /** How long it holds, in ms from now. */
  validMs: number;
  reason: string;
  /** What rules that look beyond this persona have against it; empty where it was refused for now only. */
  verdicts: Verdict[];
}

export interface EffectContext {
  state(): PersonaState;
  /** Whether the whole past is folded: before that nothing is begun. */
  live(): boolean;
  /** For the program's log; without secrets. */
  note(text: string): void;
  now(): number;
  /**
   * The work, or an error after `ms`, when its signal aborts too. What the work still does after that is nobody's business
   * any more: before anything goes outward it looks at the signal.
   */
  within<T>(ms: number, work: (signal: AbortSignal) => Promise<T>): Promise<T>;
  newId(): string;
  /** Resolves when the command was decided and, if it gave events, committed. */
  submit(
    command: InternalCommand,
    options?: { cause?: string | null; words?: ForeignWords[] },
  ): Promise<Submitted>;
  askPermit(postId: string, platform: Platform, what: "publish" | "delete"): Promise<Permit>;
  /** Foreign words of this persona by their ids, in order; null for what was removed. */
  askWords(refs: string[]): Promise<(Json | null)[]>;
  limits: Limits;
  progress(postId: string, text: string): void;
  writer(): Promise<Writer>;
  /** The adapter and its context for a connection; `signal` bounds the whole call. */
  platform(
    connection: ConnectionState,
    signal: AbortSignal,
  ): Promise<{ adapter: PlatformAdapter; at: AdapterContext }>;
  /** Halts here for ever when the crash campaign asked for it. */
  crashPoint(name: string): Promise<void>;
}
