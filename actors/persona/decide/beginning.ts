/** Commands that begin a post: for the writer, by hand, or as an answer to what somebody said. */
import type { Command, TypedPart } from "../commands.ts";
import { event } from "../events.ts";
import type { EventData } from "../events.ts";
import { limitsOf } from "../platforms/limits.ts";
import type { Platform } from "../platforms/port.ts";
import { unsummoned } from "../policy/people_rules.ts";
import type { ConnectionState, PersonaState } from "../state.ts";
import { FINISHED, OPEN_POSTS } from "../state.ts";
import type { Context, Decide, Decision, Refused } from "./decision.ts";
import { decided, refuse } from "./decision.ts";
import { contentOf, drafted, partsOf, wrongParts } from "./drafting.ts";
import { linked } from "./persona.ts";

type Of<T extends Command["type"]> = Extract<Command, { type: T }>;

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
  if (!interaction.summons) {
    return refuse("no_answer_allowed", `${unsummoned(connection.platform)}.`, "interactionId");
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
      `What people say on ${
        limitsOf(connection.platform).label
      } is not shown to the writer: say what to answer, or write it yourself.`,
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
