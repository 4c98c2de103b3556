/** Commands that say what the platform found in a text: links, mentions, and what it answers. */
import type { Command } from "../commands.ts";
import { event } from "../events.ts";
import type { PersonaEvent } from "../events.ts";
import type { Part } from "../platforms/port.ts";
import type { PostState } from "../state.ts";
import { reasonOf, storableJson } from "../text.ts";
import type { Decide } from "./decision.ts";
import { decided, refuse } from "./decision.ts";
import { judged } from "./drafting.ts";

type Of<T extends Command["type"]> = Extract<Command, { type: T }>;

/** Bytes of parts with their links and mentions, as JSON: so that they, and their intent, fit into an event. */
const MAX_PREPARED_BYTES = 200_000;

/** ms until the next try to prepare; grows with the failures, so that a server that is gone does not fill the log. */
const PREPARE_RETRY_MS = [15_000, 60_000, 300_000, 600_000];

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
  if ((post.answering === null) !== (command.found === undefined)) {
    return decided(unprepared(post, "It is not known what this answers.", context.now));
  }
  if (new TextEncoder().encode(JSON.stringify(command.parts)).length > MAX_PREPARED_BYTES) {
    return decided(
      unprepared(post, "It has more links and mentions than can be kept: shorten it.", context.now),
    );
  }
  const pictured = command.parts.map((part, index) => {
    const media = post.content?.parts[index]?.media;
    return media === undefined ? part : { ...part, media };
  });
  const replyTarget = post.answering === null || command.found === undefined ? null : {
    interactionId: post.answering.interactionId,
    ...storableJson(command.found),
  };
  const { content, ...rest } = judged(
    state,
    connection,
    { ...post.content, parts: pictured, replyTarget },
    context,
    post.answering,
  );
  return decided(
    event("DraftPrepared", {
      postId: post.id,
      revision: post.revision,
      parts: content.parts,
      ...(replyTarget === null ? {} : { replyTarget }),
      ...rest,
    }),
  );
};

export const notPrepared: Decide<Of<"not_prepared">> = (state, command, context) => {
  const post = state.posts[command.postId];
  if (post === undefined || !awaitsPreparation(post, command.revision)) {
    return refuse("wrong_status", "This preparation is not waited for any more.");
  }
  if (command.final !== true) return decided(unprepared(post, command.reason, context.now));
  return decided(event("PostRejected", { postId: post.id, reason: reasonOf(command.reason) }));
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
