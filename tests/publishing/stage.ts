/** A platform as it is played for these tests: what can be done to it behind its API, and what is really there. */
import type { ConnectionInfo } from "../../actors/persona/events.ts";
import type { PlatformAdapter } from "../../actors/persona/platforms/port.ts";
import type { SimRandom } from "../simulation/random.ts";
import type { Pictures } from "./pictures.ts";

/** A connection as linking makes it, and its credentials as the vault holds them. */
export interface Link {
  connection: ConnectionInfo;
  secret: string;
}

/** Something that the account has said, as it is. */
export interface Said {
  id: string;
  /** Not deleted. */
  visible: boolean;
  /** What it answers: another part of its thread, or what somebody said. */
  answers: string | null;
  /** Alt texts of its pictures, in their order. */
  alts: string[];
}

/** As a person who looks there gives it: X's ids are numbers, the other platforms' lead there themselves. */
export function addressOf({ id }: Said): string {
  return /^\d+$/.test(id) ? `https://x.com/i/status/${id}` : id;
}

/** What an adapter is about to be asked. */
export type Asked = keyof PlatformAdapter;

export interface StageOptions {
  /** ms since the epoch. */
  now(): number;
  /** Resolves when the virtual clock has moved on so far. */
  wait(ms: number): Promise<void>;
  random: SimRandom;
  /** Which run of the campaign it is: so that faults come round. */
  run: number;
  pictures: Pictures;
  /** Real ms for one request, after which what hangs is given up. @default short, as nobody waits for it */
  deadlineMs?: number;
}

export interface Stage {
  /** Where else than at its service the adapter asks; LinkedIn only. */
  webOrigin?: string;
  /** As a new process would have it. */
  newAdapter(): PlatformAdapter;
  /** Credentials as a person gives them, the same account each time. */
  link(connectionId: string): Promise<Link>;
  /** Every value that is secret so far. */
  secrets(): string[];
  /** Somebody says something to the account that it may answer. Null where it cannot be heard there. */
  speakTo: ((words: string) => Promise<void>) | null;
  /** Resolves once what was done can be seen everywhere; absent where that is at once. */
  caughtUp?(): Promise<void>;
  /** Everything with this text that the account has ever said, oldest first. */
  said(text: string): Promise<Said[]>;
  /** Something goes wrong with the next request of what is about to be asked; `first`: what this run's turn is. */
  trouble(asked: Asked, first: boolean): void;
  /** Something goes wrong for a while, and ends by itself; null where that is not played. */
  outage: ((begins: boolean) => Promise<void>) | null;
  /** The credentials do not work any more. */
  kill(): Promise<void>;
  /** No fault that was laid and not met strikes any more. */
  mend(): void;
  /** Faults that requests met, one for each request. */
  struck(): string[];
  /** What the account sent that a program that knows what is there would not have sent; one line each. */
  blunders(): string[];
  /** Whether the platform's lists can lag so long that a second look proves nothing. */
  lagsLong: boolean;
  close(): Promise<void>;
}

/** Everything that can go wrong on the stage. */
export interface StagePlay {
  name: StageName;
  faults: readonly string[];
  /** Parts of a thread at most. */
  maxParts: number;
  /** Pictures in a reply. */
  replyImages: boolean;
  /** Whether a campaign answers there: not where it is heard on another clock than the virtual one. */
  answers: boolean;
  open(options: StageOptions): Promise<Stage>;
  close(): Promise<void>;
}

export const STAGES = ["x", "linkedin-page", "linkedin-member", "sandbox", "bluesky"] as const;
export type StageName = typeof STAGES[number];
