/** Commands from a brief to a text that can be approved. */
import type { Command, TypedPart } from "../commands.ts";
import type { Content } from "../content.ts";
import { contentHash, hashJson } from "../content.ts";
import { event } from "../events.ts";
import type { Answering, EventData, PersonaEvent } from "../events.ts";
import { limitsOf } from "../platforms/limits.ts";
import { detectFacets } from "../platforms/sandbox/facets.ts";
import type { Part, Platform } from "../platforms/port.ts";
import { checkContent } from "../policy/policy.ts";
import type { ConnectionState, PersonaState, PostState } from "../state.ts";
import { FINISHED, OPEN_POSTS } from "../state.ts";
import { reasonOf, repair, storableJson } from "../text.ts";
import { answeredBy } from "./answered.ts";
import type { Context, Decide, Decision, Refused } from "./decision.ts";
import { decided, refuse } from "./decision.ts";
import { linked } from "./persona.ts";

type Of<T extends Command["type"]> = Extract<Command, { type: T }>;

/** A model call that took its process with it this often is not made again by itself. */
export const MAX_WRITING_ATTEMPTS = 2;

/** UTF-16 units of all parts together: more than any platform takes, and what is found in them still fits into a frame. */
const MAX_TYPED = 80_000;
/** Bytes of parts with their links and mentions, as JSON: so that they, and their intent, fit into an event. */
const MAX_PREPARED_BYTES = 200_000;

/** ms until the next try to prepare; grows with the failures, so that a server that is gone does not fill the log. */
const PREPARE_RETRY_MS = [15_000, 60_000, 300_000, 600_000];

export const compose: Decide<Of<"compose">> = (state, command, context) => {
  if (command.brief.trim() === "") {
    return refuse("invalid", "The brief is empty: say what the post is about.", "brief");
  }
  const place = placeFor(state, command, context);
  if ("refused" in place) return place;
  return decided(event("CompositionRequested", {
    ...place.begun,
    brief: command.brief,
    seed: context.randomSeed(),
    previousReason: null,
  }));
};

export const write: Decide<Of<"write">> = (state, command, context) => {
  const place = placeFor(state, command, context);
  if ("refused" in place) return place;
  return writtenByHand(state, place, command.parts, context);
};

/** One answer to what somebody said: a second one is refused, and so is one that the platform would not take. */
export const reply: Decide<Of<"reply">> = (state, command, context) => {
  const interaction = Object.hasOwn(state.interactions, command.interactionId)
    ? state.interactions[command.interactionId]
    : undefined;
  if (interaction === undefined) {
    return refuse("not_found", "This is not known, or too old to be answered.", "interactionId");
  }
  const connection = state.connections[interaction.connectionId];
  if (connection === undefined || !connection.linked) {
    return refuse("no_connection", "The account to which this was said is not linked any more.");
  }
  const { label } = limitsOf(connection.platform);
  if (!interaction.summons) {
    return refuse(
      "no_answer_allowed",
      `${label} takes an answer of a program only where the author named the persona or quoted its post.`,
      "interactionId",
    );
  }
  if (interaction.byBot) {
    return refuse(
      "no_answer_allowed",
      "Its author says that it is a machine: two machines that answer each other never end.",
      "interactionId",
    );
  }
  const answer = interaction.answeredBy === null ? undefined : state.posts[interaction.answeredBy];
  const ended = answer !== undefined && ["rejected", "withdrawn", "failed"].includes(answer.status) &&
    answer.sent.length === 0;
  if (interaction.answeredBy !== null && !ended) {
    return refuse(
      "already_answered",
      "There is an answer to this already: one for each thing said is the rule.",
      "interactionId",
    );
  }
  const place = placeFor(
    state,
    { ...command, platform: connection.platform, connectionId: connection.connectionId },
    context,
  );
  if ("refused" in place) return place;
  const { id: interactionId, kind, wordsRef } = interaction;
  const begun = { ...place.begun, answering: { interactionId, kind, wordsRef } };
  if (command.parts !== undefined) {
    return writtenByHand(state, { ...place, begun }, command.parts, context);
  }
  const brief = command.brief?.trim() ?? "";
  if (brief === "" && !readsWords(connection)) {
    return refuse(
      "invalid",
      `What people say on ${label} is not shown to the writer: say what to answer, or write it yourself.`,
      "brief",
    );
  }
  return decided(event("CompositionRequested", {
    ...begun,
    brief,
    seed: context.randomSeed(),
    previousReason: null,
  }));
};

/** Whether what others say there may be shown to a model. */
export function readsWords({ platform, wordsToModel }: ConnectionState): boolean {
  return wordsToModel ?? limitsOf(platform).wordsToModel;
}

type Begun = Pick<EventData["DraftWritten"], "postId" | "connectionId" | "platform" | "setId" | "answering">;

/** Where a new post goes, if there is room for one. */
function placeFor(
  state: PersonaState,
  asked: { platform: Platform; connectionId?: string; postId?: string; setId?: string },
  context: Context,
): { begun: Begun; connection: ConnectionState } | Extract<Decision, { refused: unknown }> {
  const no = (code: Refused["code"], message: string, field?: string) => ({
    refused: { code, message, field },
  });
  const connection = linked(state).find((one) =>
    one.platform === asked.platform &&
    (asked.connectionId === undefined || one.connectionId === asked.connectionId)
  );
  if (connection === undefined) {
    const { label } = limitsOf(asked.platform);
    return no("no_connection", `This persona has no ${label} account: connect one first.`, "platform");
  }
  const open = Object.values(state.posts).filter((post) => !FINISHED.has(post.status)).length;
  if (open >= OPEN_POSTS) {
    return no("too_many_posts", `${open} posts are open; at most ${OPEN_POSTS} can be: finish some first.`);
  }
  const postId = asked.postId ?? context.newId();
  if (state.posts[postId] !== undefined) {
    return no("exists", "There is a post with this id already.", "postId");
  }
  const { connectionId, platform } = connection;
  return {
    connection,
    begun: {
      postId,
      connectionId,
      platform,
      ...(asked.setId === undefined ? {} : { setId: asked.setId }),
    },
  };
}

function writtenByHand(
  state: PersonaState,
  { begun, connection }: { begun: Begun; connection: ConnectionState },
  typed: TypedPart[],
  context: Context,
): Decision {
  const wrong = wrongParts(typed);
  if (wrong !== null) return refuse("invalid", wrong, "parts");
  const content = contentOf(state, connection, partsOf(typed));
  return decided(
    event("DraftWritten", {
      ...begun,
      brief: "",
      ...drafted(state, connection, content, context, begun.answering),
    }),
    event("PostSubmitted", { postId: begun.postId }),
  );
}

function wrongParts(parts: TypedPart[]): string | null {
  if (parts.length === 0 || parts.every((part) => part.text.trim() === "")) return "The text is empty.";
  const length = parts.reduce((sum, { text }) => sum + text.length, 0);
  if (length > MAX_TYPED) return `All parts together have ${length} characters; at most ${MAX_TYPED} can be.`;
  const empty = parts.findIndex((part) => part.text.trim() === "");
  return empty === -1 ? null : `Part ${empty + 1} is empty.`;
}

function partsOf(typed: TypedPart[]): Part[] {
  return typed.map(({ text, media = [] }) => ({
    text: repair(text),
    facets: [],
    ...(media.length === 0 ? {} : { media: media.map((one) => ({ ...one, alt: repair(one.alt) })) }),
  }));
}

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

/** Where the platform is not asked what a text holds, the text itself says it; a handle is nobody's until then. */
function withFacets(part: Part): Part {
  return { ...part, facets: detectFacets(part.text).filter((facet) => facet.kind !== "mention") };
}

function contentOf(state: PersonaState, connection: ConnectionState, plain: Part[]): Content {
  const parts = limitsOf(connection.platform).needsPreparation ? plain : plain.map(withFacets);
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

/** A reply is never prepared at once: what it answers has to be looked up. */
function drafted(
  state: PersonaState,
  connection: ConnectionState,
  content: Content,
  context: Context,
  answering: Answering | null | undefined,
) {
  const prepared = !limitsOf(connection.platform).needsPreparation && answering == null;
  return { ...judged(state, connection, content, context, answering), prepared };
}

function judged(
  state: PersonaState,
  connection: ConnectionState,
  content: Content,
  context: Context,
  answering: Answering | null | undefined,
) {
  return {
    content,
    contentHash: contentHash(content),
    verdicts: checkContent(
      content,
      state.identity,
      connection,
      context.policy,
      answeredBy(state, answering),
    ),
  };
}
