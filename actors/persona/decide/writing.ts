/** Commands from a post that is begun to a text that waits for review. */
import type { Command } from "../commands.ts";
import type { Content } from "../content.ts";
import { hashJson } from "../content.ts";
import { event } from "../events.ts";
import type { PersonaEvent } from "../events.ts";
import type { Part } from "../platforms/port.ts";
import type { ConnectionState, PersonaState, PostState } from "../state.ts";
import { reasonOf, repair } from "../text.ts";
import type { Context, Decide, Decision } from "./decision.ts";
import { decided, refuse } from "./decision.ts";
import { contentOf, drafted, partsOf, wrongParts } from "./drafting.ts";

type Of<T extends Command["type"]> = Extract<Command, { type: T }>;

/** A model call that took its process with it this often is not made again by itself. */
export const MAX_WRITING_ATTEMPTS = 2;

export const rewrite: Decide<Of<"rewrite">> = (state, command, context) => {
  const found = editable(state, command.postId);
  if ("refused" in found) return found;
  const { post, connection } = found;
  if (post.writing.state === "asked" || post.writing.state === "writing") {
    return refuse("wrong_status", "This post is being written right now.");
  }
  if (post.sent.length > 0) {
    return refuse(
      "wrong_status",
      "A part of this is out already: change the parts that are not, or withdraw it.",
    );
  }
  const bound = boundElsewhere(post, connection);
  if (bound !== null) return refuse("no_connection", bound);
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

export const written: Decide<Of<"written">> = (state, command, context) => {
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
      ...drafted(state, connection, content, context, post.answering),
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

export const revise: Decide<Of<"revise">> = (state, command, context) => {
  const found = editable(state, command.postId);
  if ("refused" in found) return found;
  const { post, connection } = found;
  if (post.writing.state === "asked" || post.writing.state === "writing") {
    return refuse("wrong_status", "This post is being written right now.");
  }
  if ((command.text === undefined) === (command.parts === undefined)) {
    return refuse("invalid", "Give either a text or the parts of a thread.", "text");
  }
  const bound = boundElsewhere(post, connection);
  if (bound !== null) return refuse("no_connection", bound);
  const field = command.parts === undefined ? "text" : "parts";
  // A text alone leaves the pictures of the first part where they are.
  const typed = command.parts ??
    [{ text: command.text ?? "", media: post.content?.parts[0]?.media }];
  const wrong = wrongParts(typed);
  if (wrong !== null) return refuse("invalid", wrong, field);
  const content = contentOf(state, connection, partsOf(typed));
  if (post.content !== null && sameWords(post.content, content)) {
    return refuse("nothing_changed", "The text is the same as before.", field);
  }
  const changed = post.sent.findIndex((_sent, index) =>
    post.content === null ||
    hashJson(wordsOf(post.content.parts[index])) !== hashJson(wordsOf(content.parts[index]))
  );
  if (changed !== -1) {
    return refuse("invalid", `Part ${changed + 1} is out already: it cannot be changed any more.`, field);
  }
  return decided(
    event("DraftRevised", {
      postId: post.id,
      ...drafted(state, connection, content, context, post.answering),
    }),
  );
};

/** Why a post cannot move to the account that its connection leads to now; null where it can, or need not. */
function boundElsewhere({ content, sent, answering }: PostState, connection: ConnectionState): string | null {
  if (content === null || content.accountId === connection.accountId) return null;
  if (sent.length > 0) return "A part of this is out on another account: the rest cannot go out on this one.";
  return answering === null ? null : "What this answers was said to another account.";
}

const wordsOf = (part: Part | undefined) => ({ text: part?.text ?? null, media: part?.media ?? [] });

function sameWords(before: Content, after: Content): boolean {
  return before.accountId === after.accountId &&
    hashJson(before.parts.map(wordsOf)) === hashJson(after.parts.map(wordsOf));
}

export const submit: Decide<Of<"submit">> = (state, command, context) => {
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
  const connection = state.connections[post.connectionId];
  const bound = connection === undefined ? null : boundElsewhere(post, connection);
  if (bound !== null) return refuse("no_connection", bound);
  const renewed = refreshed(state, post, context);
  return decided(...renewed, event("PostSubmitted", { postId: post.id }));
};

/** The content as it would go out today: an expired post may be for an account or a disclosure of long ago. */
function refreshed(state: PersonaState, post: PostState, context: Context): PersonaEvent[] {
  const connection = state.connections[post.connectionId];
  if (connection === undefined || post.content === null) return [];
  const content = contentOf(
    state,
    connection,
    partsOf(post.content.parts),
  );
  const same = content.accountId === post.content.accountId &&
    content.disclosure === post.content.disclosure &&
    content.language === post.content.language;
  return same ? [] : [
    event("DraftRevised", {
      postId: post.id,
      ...drafted(state, connection, content, context, post.answering),
    }),
  ];
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
