/** Commands from a brief to a text that can be approved. */
import type { Command } from "../commands.ts";
import type { Content } from "../content.ts";
import { contentHash } from "../content.ts";
import { event } from "../events.ts";
import type { PersonaEvent } from "../events.ts";
import { limitsOf } from "../platforms/limits.ts";
import type { Part } from "../platforms/port.ts";
import { checkContent } from "../policy/policy.ts";
import type { ConnectionState, PersonaState, PostState } from "../state.ts";
import { FINISHED, OPEN_POSTS } from "../state.ts";
import { reasonOf, repair } from "../text.ts";
import type { Decide, Decision } from "./decision.ts";
import { decided, refuse } from "./decision.ts";
import { linked } from "./persona.ts";

type Of<T extends Command["type"]> = Extract<Command, { type: T }>;

/** A model call that took its process with it this often is not made again by itself. */
export const MAX_WRITING_ATTEMPTS = 2;

/** ms until the next try to prepare; grows with the failures, so that a server that is gone does not fill the log. */
const PREPARE_RETRY_MS = [15_000, 60_000, 300_000, 600_000];

export const compose: Decide<Of<"compose">> = (state, command, context) => {
  const connection = linked(state).find((one) =>
    one.platform === command.platform &&
    (command.connectionId === undefined || one.connectionId === command.connectionId)
  );
  if (connection === undefined) {
    const { label } = limitsOf(command.platform);
    return refuse("no_connection", `This persona has no ${label} account: connect one first.`, "platform");
  }
  if (command.brief.trim() === "") {
    return refuse("invalid", "The brief is empty: say what the post is about.", "brief");
  }
  const open = Object.values(state.posts).filter((post) => !FINISHED.has(post.status)).length;
  if (open >= OPEN_POSTS) {
    return refuse(
      "too_many_posts",
      `${open} posts are open; at most ${OPEN_POSTS} can be: finish some first.`,
    );
  }
  const postId = command.postId ?? context.newId();
  if (state.posts[postId] !== undefined) {
    return refuse("exists", "There is a post with this id already.", "postId");
  }
  return decided(event("CompositionRequested", {
    postId,
    connectionId: connection.connectionId,
    platform: command.platform,
    brief: command.brief,
    seed: context.randomSeed(),
    previousReason: null,
  }));
};

export const rewrite: Decide<Of<"rewrite">> = (state, command, context) => {
  const found = editable(state, command.postId);
  if ("refused" in found) return found;
  const { post } = found;
  if (post.writing.state === "asked" || post.writing.state === "writing") {
    return refuse("wrong_status", "This post is being written right now.");
  }
  return decided(event("CompositionRequested", {
    postId: post.id,
    connectionId: post.connectionId,
    platform: post.platform,
    brief: post.brief,
    seed: context.randomSeed(),
    previousReason: post.content === null
      ? null
      : command.reason?.trim() || "The person asked for another one.",
  }));
};

export const beginWriting: Decide<Of<"begin_writing">> = (state, command) => {
  const post = state.posts[command.postId];
  if (post === undefined || !(post.writing.state === "asked" || post.writing.state === "writing")) {
    return refuse("wrong_status", "Nothing is to be written for this post.");
  }
  if (post.status !== "draft") return refuse("wrong_status", `This post is ${post.status}.`);
  if (post.writing.attempt >= MAX_WRITING_ATTEMPTS) {
    return decided(event("CompositionFailed", {
      postId: post.id,
      attempt: post.writing.attempt,
      reason: "crashed",
      detail: "The persona stopped twice while this was written.",
      retryable: true,
      model: "",
      promptRef: null,
      answerRef: null,
    }));
  }
  return decided(event("CompositionStarted", { postId: post.id, attempt: post.writing.attempt + 1 }));
};

export const written: Decide<Of<"written">> = (state, command) => {
  const post = state.posts[command.postId];
  const connection = post && state.connections[post.connectionId];
  if (
    post === undefined || connection === undefined || post.writing.state !== "writing" ||
    post.writing.attempt !== command.attempt || post.status !== "draft"
  ) {
    return refuse("wrong_status", "This text is not waited for any more.");
  }
  const { result, promptHash, promptRef, answerRef } = command;
  if (result.kind === "not_written") {
    return decided(event("CompositionFailed", {
      postId: post.id,
      attempt: command.attempt,
      reason: result.reason,
      detail: reasonOf(result.detail),
      retryable: result.retryable,
      model: result.model,
      promptRef,
      answerRef,
    }));
  }
  const content = contentOf(state, connection, [{ text: repair(result.text).trim(), facets: [] }]);
  return decided(
    event("DraftComposed", {
      postId: post.id,
      ...drafted(state, connection, content),
      writing: {
        model: result.model,
        templateVersion: result.templateVersion,
        promptRef,
        answerRef,
        promptHash,
        inputTokens: result.inputTokens,
        outputTokens: result.outputTokens,
        costMicroUsd: result.costMicroUsd,
        durationMs: Math.round(result.durationMs),
      },
    }),
    event("PostSubmitted", { postId: post.id }),
  );
};

export const revise: Decide<Of<"revise">> = (state, command) => {
  const found = editable(state, command.postId);
  if ("refused" in found) return found;
  const { post, connection } = found;
  if (post.writing.state === "asked" || post.writing.state === "writing") {
    return refuse("wrong_status", "This post is being written right now.");
  }
  if (command.text.trim() === "") return refuse("invalid", "The text is empty.", "text");
  const content = contentOf(state, connection, [{ text: repair(command.text), facets: [] }]);
  const same = post.content !== null && post.content.parts.length === 1 &&
    post.content.parts[0]?.text === content.parts[0]?.text && post.content.accountId === connection.accountId;
  if (same) return refuse("nothing_changed", "The text is the same as before.", "text");
  return decided(event("DraftRevised", { postId: post.id, ...drafted(state, connection, content) }));
};

export const prepared: Decide<Of<"prepared">> = (state, command, context) => {
  const post = state.posts[command.postId];
  const connection = post && state.connections[post.connectionId];
  if (
    post === undefined || connection === undefined || post.content === null ||
    !awaitsPreparation(post, command.revision)
  ) {
    return refuse("wrong_status", "This preparation is not waited for any more.");
  }
  if (!sameTexts(post.content.parts, command.parts)) {
    return decided(unprepared(post, "The platform gave back another text.", context.now));
  }
  const { content, ...rest } = judged(state, connection, { ...post.content, parts: command.parts });
  return decided(
    event("DraftPrepared", { postId: post.id, revision: post.revision, parts: content.parts, ...rest }),
  );
};

export const notPrepared: Decide<Of<"not_prepared">> = (state, command, context) => {
  const post = state.posts[command.postId];
  if (post === undefined || !awaitsPreparation(post, command.revision)) {
    return refuse("wrong_status", "This preparation is not waited for any more.");
  }
  return decided(unprepared(post, command.reason, context.now));
};

export function awaitsPreparation(post: PostState, revision: number): boolean {
  return post.content !== null && !post.prepared && post.revision === revision &&
    ["draft", "pending_review", "expired"].includes(post.status);
}

function sameTexts(before: Part[], after: Part[]): boolean {
  return before.length === after.length && before.every((part, index) => part.text === after[index]?.text);
}

function unprepared(post: PostState, reason: string, now: number): PersonaEvent {
  return event("PreparationFailed", {
    postId: post.id,
    revision: post.revision,
    reason: reasonOf(reason),
    retryAt: now + (PREPARE_RETRY_MS[post.prepareFailures] ?? Math.max(...PREPARE_RETRY_MS)),
  });
}

export const submit: Decide<Of<"submit">> = (state, command) => {
  const post = state.posts[command.postId];
  if (post === undefined) return refuse("not_found", "There is no such post.", "postId");
  if (post.content === null) return refuse("wrong_status", "This post has no text yet.");
  if (post.writing.state === "asked" || post.writing.state === "writing") {
    return refuse("wrong_status", "This post is being written right now: it is submitted by itself.");
  }
  if (post.status !== "draft" && post.status !== "expired") {
    return refuse(
      "wrong_status",
      `Only a draft or an expired post can be submitted; this one is ${post.status}.`,
    );
  }
  const renewed = refreshed(state, post);
  return decided(...renewed, event("PostSubmitted", { postId: post.id }));
};

/** The content as it would go out today: an expired post may be for an account or a disclosure of long ago. */
function refreshed(state: PersonaState, post: PostState): PersonaEvent[] {
  const connection = state.connections[post.connectionId];
  if (connection === undefined || post.content === null) return [];
  const content = contentOf(
    state,
    connection,
    post.content.parts.map((part) => ({ text: part.text, facets: [] })),
  );
  const same = content.accountId === post.content.accountId &&
    content.disclosure === post.content.disclosure &&
    content.language === post.content.language;
  return same ? [] : [event("DraftRevised", { postId: post.id, ...drafted(state, connection, content) })];
}

function editable(
  state: PersonaState,
  postId: string,
): { post: PostState; connection: ConnectionState } | Extract<Decision, { refused: unknown }> {
  const post = state.posts[postId];
  const connection = post && state.connections[post.connectionId];
  const no = (code: "not_found" | "wrong_status", message: string) => ({
    refused: { code, message, field: "postId" },
  });
  if (post === undefined || connection === undefined) return no("not_found", "There is no such post.");
  if (!["draft", "pending_review", "approved", "scheduled", "expired"].includes(post.status)) {
    return no("wrong_status", `A post that is ${post.status} cannot be changed.`);
  }
  return { post, connection };
}

function contentOf(state: PersonaState, connection: ConnectionState, parts: Part[]): Content {
  return {
    connectionId: connection.connectionId,
    accountId: connection.accountId,
    parts,
    replyTarget: null,
    labels: [],
    disclosure: connection.disclosure,
    language: state.identity.language,
  };
}

function drafted(state: PersonaState, connection: ConnectionState, content: Content) {
  const prepared = !limitsOf(connection.platform).needsPreparation;
  return { ...judged(state, connection, content), prepared };
}

function judged(state: PersonaState, connection: ConnectionState, content: Content) {
  return {
    content,
    contentHash: contentHash(content),
    verdicts: checkContent(content, state.identity, connection),
  };
}
