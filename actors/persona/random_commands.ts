/** Test equipment: what is asked of a persona at each step of a life by chance. */
import type { Command } from "./commands.ts";
import { wantedEffects } from "./effects/runner.ts";
import type { Outcome, Reconciled, Removed, Sent } from "./platforms/port.ts";
import type { Step } from "./random_life.ts";
import { FINISHED, type PersonaState, type PostState } from "./state.ts";
import { BLUESKY, DAY, HOUR, NOW, SANDBOX, SENT } from "./testing.ts";

/** Posts that are worked on at once; when one is finished, the next is begun in its place. */
const PLACES = ["a", "b"];

/** The post in a place, and the id that a new one there would have. */
function inPlace(state: PersonaState, place: string): { current: string; fresh: string } {
  const count = Object.keys(state.posts).filter((id) => id.startsWith(place)).length;
  const current = `${place}${count}`;
  const post = state.posts[current];
  return {
    current,
    fresh: post === undefined || FINISHED.has(post.status) ? `${place}${count + 1}` : current,
  };
}
const TEXTS = ["one", "another text", "a third", "this is forbidden", "x".repeat(350), "two\n\nparagraphs"];
const at = <T>(list: readonly T[], index: number): T => list[index % list.length] as T;

const OUTCOMES: Outcome[] = [
  { kind: "sent", sent: SENT },
  { kind: "uncertain", reason: "timeout" },
  { kind: "not_sent", reason: "refused" },
  { kind: "sent", sent: SENT },
  { kind: "rejected", reason: "no" },
  { kind: "rate_limited", until: NOW + HOUR, reason: "slow down" },
  { kind: "rate_limited", until: Number.NaN, reason: "slow down" },
  { kind: "auth_dead", reason: "401" },
  { kind: "out_of_credit", reason: "402" },
];

const REMOVED: Removed[] = [
  { kind: "removed" },
  { kind: "uncertain", reason: "away" },
  { kind: "rejected", reason: "no" },
  { kind: "rate_limited", until: Infinity, reason: "later" },
];

const RECONCILED: Reconciled[] = [
  { kind: "found", sent: SENT },
  { kind: "absent", safeToRepeat: true },
  { kind: "absent", safeToRepeat: false },
  { kind: "unknown", reason: "timeout" },
];

/** What a person would do next. */
export function forwardOf(
  state: PersonaState,
  { post, variant }: Extract<Step, { kind: "forward" }>,
  now: number,
): Command {
  const { current: postId, fresh } = inPlace(state, at(PLACES, post));
  const held = state.posts[postId];
  if (variant % 20 === 0) return { type: "resume" };
  if (variant % 20 === 1) return { type: "link", connection: at([SANDBOX, BLUESKY], post) };
  const publish = { kind: "publish" as const };
  const soon = { kind: "schedule" as const, at: new Date(now + HOUR).toISOString(), zone: "Europe/Lisbon" };
  switch (held?.status) {
    case "draft":
    case "expired":
      return held.content === null ? { type: "rewrite", postId } : { type: "submit", postId };
    case "pending_review":
      if (variant % 4 === 0) return { type: "revise", postId, text: at(TEXTS, variant) };
      return {
        type: "approve",
        postId,
        contentHash: held.contentHash ?? "",
        then: at([undefined, publish, soon], variant),
      };
    case "approved":
    case "scheduled":
      return variant % 3 === 0 ? { type: "publish", postId } : { ...soon, type: "schedule", postId };
    case "uncertain": {
      const letter = Object.values(state.deadLetters).find(({ command }) =>
        command?.type === "outcome" && command.postId === postId
      );
      if (letter !== undefined) return { type: "retry_dead_letter", deadLetterId: letter.id };
      return { type: "resolve", postId, outcome: at(["went_out", "did_not"] as const, variant) };
    }
    default:
      return nextThing(state, postId, fresh, variant);
  }
}

/** With nothing open: something new, or what can be done with what is out. */
function nextThing(state: PersonaState, postId: string, fresh: string, variant: number): Command {
  const platform = at(["sandbox", "bluesky"] as const, variant);
  const compose: Command = { type: "compose", platform, brief: "b", postId: fresh };
  const post = state.posts[postId];
  const isLeftOver = post !== undefined && ["failed", "withdrawn"].includes(post.status) &&
    post.sent.length > 0;
  if (isLeftOver && variant % 2 === 0) return { type: "delete_post", postId };
  const unanswered = Object.values(state.interactions).find(({ answeredBy }) => answeredBy === null);
  const things: Command[] = [
    compose,
    { type: "write", platform, parts: THREAD, postId: fresh, setId: "set" },
    unanswered === undefined
      ? compose
      : { type: "reply", interactionId: unanswered.id, parts: THREAD, postId: fresh },
    { type: "check_connection", connectionId: at([SANDBOX, BLUESKY], variant).connectionId },
    { type: "measure", postId },
    { type: "delete_post", postId },
    compose,
  ];
  return at(things, variant);
}

const THREAD = ["One.", "Two.", "Three."].map((text) => ({ text }));

/** The first parts of a post, as they would be out. */
function outOf(post: PostState, count: number): Sent[] {
  const parts = post.content?.parts.length ?? 1;
  if (parts === 1) return SENT.slice(0, count);
  return Array.from({ length: Math.min(count, parts) }, (_, n) => ({
    id: `${post.id}-${n}`,
    url: `https://sandbox.example/${post.id}/${n}`,
  }));
}

/** A thread fails with some of its parts out, never with fewer than before, nor with all. */
function withParts<T extends Outcome | Reconciled>(result: T, post: PostState, variant: number): T {
  const parts = post.content?.parts.length ?? 1;
  if (result.kind === "sent" || result.kind === "found") return { ...result, sent: outOf(post, parts) };
  if (parts === 1 || variant % 2 === 0) return result;
  const count = Math.max(post.sent.length, variant % parts);
  if (result.kind === "unknown") return { ...result, evidence: outOf(post, count) };
  return { ...result, parts: outOf(post, count) };
}

/** Anything that could be asked, sensible or not. */
export function commandOf(
  state: PersonaState,
  { pick, post, variant }: Extract<Step, { kind: "command" }>,
  now: number,
): Command {
  const { current: postId, fresh } = inPlace(state, at(PLACES, post));
  const held = state.posts[postId];
  const attempt = (held?.publish?.attempts ?? 0) + (variant % 5 === 0 ? 1 : 0);
  const contentHash = variant % 6 === 0 ? "0".repeat(64) : held?.contentHash ?? "";
  const local = new Date(now + at([-HOUR, HOUR, DAY, 10 * DAY], variant)).toISOString();
  const other = {
    ...at([SANDBOX, BLUESKY], variant),
    accountId: at(["account-1", "did:plc:ada", "did:plc:bob"], variant),
  };
  const compose: Command = {
    type: "compose",
    platform: at(["sandbox", "bluesky"] as const, variant),
    brief: "b",
    postId: fresh,
  };
  const letter = at(["none", ...Object.keys(state.deadLetters).sort()], variant);
  const approve = (then?: Extract<Command, { type: "approve" }>["then"]): Command => ({
    type: "approve",
    postId,
    contentHash,
    then,
  });
  const commands: Command[] = [
    compose,
    compose,
    compose,
    { type: "rewrite", postId, reason: "dull" },
    { type: "revise", postId, text: at(TEXTS, variant) },
    { type: "submit", postId },
    approve(),
    approve({ kind: "publish" }),
    approve({ kind: "schedule", at: local, zone: "Europe/Lisbon" }),
    { type: "reject", postId, reason: "no" },
    { type: "publish", postId },
    { type: "publish", postId },
    { type: "schedule", postId, at: local, zone: "Asia/Tokyo" },
    { type: "unschedule", postId },
    { type: "withdraw", postId },
    { type: "resolve", postId, outcome: at(["went_out", "did_not"] as const, variant) },
    variant % 4 === 0 ? { type: "pause" } : { type: "resume" },
    { type: "resume" },
    { type: "resume" },
    variant % 13 === 0 ? { type: "retire" } : compose,
    variant % 13 === 0 ? { type: "delete" } : compose,
    variant % 4 === 0
      ? { type: "unlink", connectionId: at([SANDBOX, BLUESKY], variant).connectionId }
      : approve(),
    variant % 4 === 0 ? { type: "link", connection: other } : { type: "link", connection: SANDBOX },
    { type: "link", connection: at([SANDBOX, BLUESKY], variant) },
    { type: "link", connection: at([SANDBOX, BLUESKY], variant) },
    {
      type: "edit",
      changes: at([{ bannedWords: ["another"] }, { bannedWords: [] }, { language: "de" }], variant),
    },
    { type: "outcome", postId, attempt, outcome: at(OUTCOMES, variant) },
    { type: "reconciled", postId, attempt, result: at(RECONCILED, variant) },
    { type: "written", postId, attempt, result: written(variant), ...REFS },
    { type: "prepared", postId, revision: variant % 3, parts: held?.content?.parts ?? [] },
    { type: "not_prepared", postId, revision: held?.revision ?? 0, reason: "away" },
    {
      type: "write",
      platform: at(["sandbox", "bluesky"] as const, variant),
      parts: at([["One."], ["One.", "Two.", "Three."], [" "]], variant).map((text) => ({ text })),
      postId: fresh,
    },
    {
      type: "revise",
      postId,
      parts: at([["A first part.", "A second part."], ["One."]], variant).map((text) => ({ text })),
    },
    {
      type: "reply",
      interactionId: at(["none", ...Object.keys(state.interactions).sort()], variant),
      brief: "b",
    },
    {
      type: "reply",
      interactionId: at(["none", ...Object.keys(state.interactions).sort()], variant),
      parts: [{ text: "Thank you." }],
    },
    { type: "check_again", postId },
    { type: "delete_post", postId },
    { type: "removed", postId, result: at(REMOVED, variant) },
    { type: "measure", postId },
    { type: "check_connection", connectionId: at([SANDBOX, BLUESKY], variant).connectionId },
    { type: "checked", connectionId: SANDBOX.connectionId, ok: variant % 2 === 0, reason: "" },
    { type: "hold_back", postId, attempt, verdicts: [{ rule: "r", level: "block", message: "No." }] },
    { type: "retry_dead_letter", deadLetterId: letter },
    { type: "retry_dead_letter", deadLetterId: letter },
    { type: "drop_dead_letter", deadLetterId: letter },
    heardOf(variant, now),
  ];
  return at(commands, pick);
}

/** What somebody says. */
function heardOf(variant: number, now: number): Command {
  return {
    type: "polled",
    connectionId: at([SANDBOX, BLUESKY], variant).connectionId,
    cursor: String(variant),
    items: [{
      interaction: { kind: at(["reply", "mention", "like"] as const, variant), about: "sent-1", at: now },
      sourceHash: `h${variant % 50}`,
      wordsRef: "w",
      authorHash: "author",
      summons: variant % 3 !== 0,
    }],
  };
}

const REFS = { promptHash: "h", promptRef: "p", answerRef: "a" };

function written(variant: number): Extract<Command, { type: "written" }>["result"] {
  const shared = { model: "m", templateVersion: "1", durationMs: 1 };
  return variant % 4 === 0
    ? { kind: "not_written", reason: "slow", detail: "slow", retryable: true, retryAt: null, ...shared }
    : {
      kind: "written",
      text: at(TEXTS, variant),
      inputTokens: 1,
      outputTokens: 1,
      costMicroUsd: null,
      ...shared,
    };
}

/** What the effect loop would say; `variant` 0 of ten is a worker that dies half way. */
export function effectOf(
  state: PersonaState,
  { pick, variant }: Extract<Step, { kind: "effect" }>,
  now: number,
): Command[] {
  const due = wantedEffects(state).filter((one) => one.at <= now);
  const asked = Object.values(state.connections).find(({ checkAsked }) => checkAsked);
  if (asked !== undefined && variant % 2 === 0) {
    return [{ type: "checked", connectionId: asked.connectionId, ok: variant % 4 === 0, reason: "" }];
  }
  const wanted = due.length === 0 ? undefined : at(due, pick);
  const post = wanted && state.posts[wanted.postId];
  if (wanted === undefined || post === undefined) return [heardOf(variant, now)];
  const { postId } = wanted;
  const dies = variant % 10 === 0;
  switch (wanted.kind) {
    case "compose": {
      const result = written(variant);
      const attempt = post.writing.attempt + 1;
      const begin: Command = { type: "begin_writing", postId };
      return dies ? [begin] : [begin, { type: "written", postId, attempt, result, ...REFS }];
    }
    case "prepare":
      return variant % 5 === 0
        ? [{ type: "not_prepared", postId, revision: post.revision, reason: "away" }]
        : [{
          type: "prepared",
          postId,
          revision: post.revision,
          parts: post.content?.parts ?? [],
          ...(post.answering === null
            ? {}
            : { found: { id: "theirs", ...(variant % 7 === 0 ? {} : { cid: "cid" }) } }),
        }];
    case "publish": {
      const attempt = (post.publish?.attempts ?? 0) + 1;
      const begin: Command = { type: "begin_attempt", postId };
      return dies ? [begin] : [begin, {
        type: "outcome",
        postId,
        attempt,
        outcome: withParts(at(OUTCOMES, variant), post, variant),
      }];
    }
    case "interrupted": {
      const attempt = post.publish?.attempts ?? 0;
      return [{ type: "outcome", postId, attempt, outcome: { kind: "uncertain", reason: "it stopped" } }];
    }
    case "reconcile":
      return [{
        type: "reconciled",
        postId,
        attempt: post.publish?.attempts ?? 0,
        result: withParts(at(RECONCILED, variant), post, variant),
      }];
    case "slot":
      return [{ type: "go_out", postId }];
    case "expiry":
      return [{ type: "expire", postId }];
    case "remove":
      return [{
        type: "removed",
        postId,
        result: at(REMOVED, variant),
      }];
    case "measure":
      return variant % 3 === 0 ? [{ type: "not_measured", postId, reason: "away" }] : [{
        type: "measured",
        postId,
        measured: at([{ kind: "gone" } as const, { kind: "not_allowed" } as const], variant),
      }];
    default:
      return wanted.kind satisfies never;
  }
}
