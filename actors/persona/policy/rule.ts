/** What a rule is given and what it says. */
import type { Content } from "../content.ts";
import type { ConnectionInfo } from "../events.ts";
import type { Identity } from "../identity.ts";
import type { Interaction } from "../platforms/port.ts";

/** What a rule found. `block` cannot be approved, `warn` needs a person's eye, `pass` is shown as checked. */
export interface Verdict {
  rule: string;
  level: "pass" | "warn" | "block";
  /** One sentence for people. */
  message: string;
  /** Where the rule is from, where it is not ours. */
  source?: string;
}

/** What the operator's settings say to the rules. */
export interface PolicySettings {
  /** Whether a picture must have an alt text. */
  requireAltText: boolean;
}

/** What a post answers, as far as rules ask. */
export interface Answered {
  /** `authorHash` of who said it; null where that is not known (any more). */
  authorHash: string | null;
  kind: Interaction["kind"];
  /** False where the platform takes no answer of a program to it. */
  summons: boolean;
}

export interface Subject {
  content: Content;
  identity: Identity;
  connection: ConnectionInfo;
  settings: PolicySettings;
  /** Null for a post of its own. */
  answering: Answered | null;
  /** All parts, one below the other. */
  text: string;
}

/** Null where the platform knows no such rule. */
export type Rule = (subject: Subject) => Verdict | null;

type Say = (rule: string, message: string, source?: string) => Verdict;

const say = (level: Verdict["level"]): Say => (rule, message, source) =>
  source === undefined ? { rule, level, message } : { rule, level, message, source };

export const pass = say("pass");
export const warn = say("warn");
export const block = say("block");
