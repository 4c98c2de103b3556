/** How the console says things to people: its own words, in one place. Pure. */
import type { ActorStatus } from "../../actors/supervisor/supervisor_port.ts";
import type { DueReason } from "../../db/projections/due.ts";
import type { Life, PostStatus } from "../../actors/persona/state.ts";

export interface Said {
  text: string;
  tone: "" | "ok" | "warn" | "bad";
  dot: "" | "sleep" | "warn" | "bad";
}

/** How a persona is doing, in plain words. */
export function doing(life: Life, actor: ActorStatus["state"]): Said {
  if (life === "retired") return { text: "retired", tone: "", dot: "sleep" };
  if (actor === "parked") return { text: "stopped after repeated crashes", tone: "bad", dot: "bad" };
  if (life === "paused") return { text: "paused", tone: "warn", dot: "warn" };
  switch (actor) {
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
      return actor satisfies never;
  }
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
};

/** What the persona does next. */
export function nextWords(reason: DueReason): string {
  return NEXT[reason] ?? "next activity";
}

const NEXT: Partial<Record<string, string>> = {
  compose: "writes a draft",
  prepare: "looks up links and mentions",
  slot: "a post goes out",
  expiry: "an approval runs out",
  publish: "sends a post",
  reconcile: "checks whether a post went out",
  poll: "looks for mentions and replies",
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

/** One or two letters that stand for a name. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/).filter((word) => /\p{L}|\p{N}/u.test(word));
  const first = [...(words[0] ?? "?")][0] ?? "?";
  const last = words.length > 1 ? [...(words.at(-1) ?? "")][0] ?? "" : "";
  return (first + last).toUpperCase();
}

/** Costs as people read them: `$0.0021`; null where the price of the model is not known. */
export function money(microUsd: number | null): string {
  if (microUsd === null) return "cost not known";
  if (microUsd === 0) return "no cost";
  const dollars = microUsd / 1_000_000;
  return `$${dollars < 0.01 ? dollars.toFixed(4) : dollars.toFixed(2)}`;
}
