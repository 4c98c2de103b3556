/** How the console says things to people: its own words, in one place. Pure. */
import type { ActorStatus } from "../../actors/supervisor/supervisor_port.ts";
import type { DueReason } from "../../db/projections/due.ts";
import type { CommandType } from "../../actors/persona/commands.ts";
import type { Identity } from "../../actors/persona/identity.ts";
import type { Life, PostStatus } from "../../actors/persona/state.ts";
import { ERASED_BY_AUTHOR, retentionRule } from "../../db/words/rules.ts";

export interface Said {
  text: string;
  tone: "" | "ok" | "warn" | "bad";
  dot: "" | "sleep" | "warn" | "bad";
}

/** What a place for a few words shows of an actor. */
export type ActorBrief = Pick<ActorStatus, "state" | "parked">;

/** How a persona is doing, in plain words. */
export function doing(life: Life, actor: ActorBrief): Said {
  if (life === "retired") return { text: "retired", tone: "", dot: "sleep" };
  if (actor.state === "parked") {
    return {
      text: isByPerson(actor) ? "shut down by a person" : "stopped after repeated crashes",
      tone: "bad",
      dot: "bad",
    };
  }
  if (life === "paused") return { text: "paused", tone: "warn", dot: "warn" };
  switch (actor.state) {
    case "running":
      return { text: "running", tone: "ok", dot: "" };
    case "starting":
      return { text: "waking up", tone: "ok", dot: "" };
    case "restarting":
      return { text: "restarting after a crash", tone: "warn", dot: "warn" };
    case "waiting":
      return { text: "waiting for room to wake up", tone: "", dot: "sleep" };
    case "asleep":
      return { text: "asleep until something is due", tone: "", dot: "sleep" };
    default:
      return actor.state satisfies never;
  }
}

/** Whether somebody stopped it, and not the program after repeated crashes. */
function isByPerson({ parked }: ActorBrief): boolean {
  return parked !== null && parked.by !== "system";
}

/** A post's status as people say it. */
export const STATUS_WORDS: Record<PostStatus, { text: string; tone: Said["tone"] }> = {
  draft: { text: "being written", tone: "" },
  pending_review: { text: "waits for review", tone: "warn" },
  approved: { text: "approved", tone: "ok" },
  scheduled: { text: "approved, has its time", tone: "ok" },
  publishing: { text: "going out", tone: "ok" },
  published: { text: "published", tone: "ok" },
  uncertain: { text: "may have gone out: checking", tone: "bad" },
  rejected: { text: "rejected", tone: "" },
  failed: { text: "refused by the platform", tone: "bad" },
  expired: { text: "approval ran out", tone: "warn" },
  withdrawn: { text: "withdrawn", tone: "" },
  deleted: { text: "deleted there", tone: "" },
};

/** What the persona does next. What has come due is not yet under way: a stop may hold it, or there is no room. */
export function nextWords(reason: DueReason, isDue = false): string {
  return (isDue ? DUE[reason] : undefined) ?? NEXT[reason] ?? "next activity";
}

/** Whether it goes outward, so that something else than time may hold it back. */
export function isOutward(reason: DueReason): boolean {
  return Object.hasOwn(DUE, reason);
}

const DUE: Partial<Record<string, string>> = {
  slot: "a post is due",
  publish: "a post is due",
  remove: "a post is to be deleted",
};

const NEXT: Partial<Record<string, string>> = {
  compose: "writes a draft",
  prepare: "looks up links and mentions",
  slot: "a post goes out",
  expiry: "an approval runs out",
  publish: "sends a post",
  reconcile: "checks whether a post went out",
  remove: "deletes a post",
  measure: "looks how a post does",
  check: "checks an account",
  poll: "looks for mentions and replies",
};

/** What was asked, as people say it. */
export function commandWords(type: CommandType): string {
  return Object.hasOwn(ASKED, type) ? ASKED[type] : "something that this version does not know";
}

const ASKED: Record<CommandType, string> = {
  create: "create the persona",
  edit: "change its identity",
  pause: "pause",
  resume: "resume",
  retire: "retire",
  delete: "delete the persona",
  link: "connect an account",
  unlink: "disconnect an account",
  compose: "write a post",
  write: "keep a text for a post",
  reply: "answer somebody",
  rewrite: "write a post again",
  revise: "change a text",
  submit: "submit a post for review",
  approve: "approve a post",
  reject: "reject a post",
  publish: "publish a post",
  schedule: "set a time for a post",
  unschedule: "take the time off a post",
  withdraw: "withdraw a post",
  resolve: "say what became of a post",
  check_again: "look again whether a post went out",
  delete_post: "delete a post",
  measure: "look how a post does",
  check_connection: "check an account",
  retry_dead_letter: "try again what had failed twice",
  drop_dead_letter: "drop what had failed twice",
  begin_writing: "begin a draft",
  written: "take in a draft",
  prepared: "take in links and mentions of a text",
  not_prepared: "note that links and mentions were not found",
  lost: "note that an account does not work any more",
  go_out: "send a post at its time",
  expire: "end an approval",
  begin_attempt: "begin to send a post",
  outcome: "note what became of sending a post",
  reconciled: "note whether a post was found on its platform",
  hold_back: "hold a post back for review",
  removed: "note what became of deleting a post",
  measured: "note how a post does",
  not_measured: "note that nobody said how a post does",
  checked: "note whether an account works",
  polled: "take in mentions and replies",
};

/** Who, for people: a name for a user, plain words for the rest. */
export function whoWords(by: string, users: ReadonlyMap<string, string>): string {
  const [kind = "", id = ""] = by.split(/:(.*)/s);
  if (kind === "user") return users.get(id) ?? "a person who is gone";
  if (kind === "token") return "a program with a token";
  if (kind === "admin-token") return "a program with the ADMIN_TOKEN";
  if (kind === "actor") return "the persona itself";
  return "digi-persona";
}

/** Where a text says who by the id that events hold, people's own words for them. */
export function withNames(text: string, users: ReadonlyMap<string, string>): string {
  return text.replace(
    /\bby ((?:user|token):[\w-]+|admin-token|system)\b/g,
    (_, by: string) => `by ${whoWords(by, users)}`,
  );
}

/** One or two letters that stand for a name. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/).filter((word) => /\p{L}|\p{N}/u.test(word));
  const first = [...(words[0] ?? "?")][0] ?? "?";
  const last = words.length > 1 ? [...(words.at(-1) ?? "")][0] ?? "" : "";
  return (first + last).toUpperCase();
}

/** Costs as people read them: `$0.0021`, `$0.015`, `$0.20`; null where the price of the model is not known. */
export function money(microUsd: number | null): string {
  if (microUsd === null) return "cost not known";
  if (microUsd === 0) return "no cost";
  const dollars = microUsd / 1_000_000;
  return `$${dollars < 0.1 ? dollars.toFixed(4).replace(/0{1,2}$/, "") : dollars.toFixed(2)}`;
}

/** The rule under which words of people outside went, as the page about people outside calls it. */
export function ruleWords(rule: string): string {
  if (rule === ERASED_BY_AUTHOR) return "“Erase what a person said”";
  if (rule.startsWith(retentionRule(""))) return "“How long words are kept”";
  return rule;
}

const IDENTITY_WORDS: Record<keyof Identity, string> = {
  name: "name",
  kind: "kind",
  background: "background",
  purpose: "purpose",
  interests: "interests",
  values: "values",
  tone: "tone",
  expertise: "expertise",
  rules: "rules",
  bannedWords: "words that may never appear",
  mayMention: "people it may mention",
  examples: "posts that show its voice",
  knowledge: "what is known",
  systemPrompt: "additional prompt",
  zone: "time zone",
  language: "language",
  operatedBy: "who runs it",
};

/** Parts of an identity by the names of their fields, for people; what no form knows stays as it is. */
export function identityWords(fields: readonly string[]): string {
  const words: Record<string, string> = IDENTITY_WORDS;
  return fields.map((field) => Object.hasOwn(words, field) ? words[field] : field).join(", ");
}
