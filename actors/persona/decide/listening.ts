/** What others said, taken in once each. */
import type { Command } from "../commands.ts";
import type { PersonaEvent } from "../events.ts";
import { event } from "../events.ts";
import type { PersonaState } from "../state.ts";
import type { Decide } from "./decision.ts";
import { decided, refuse } from "./decision.ts";

/** Longest cursor that is kept. Bluesky's holds the marks of up to 600 notifications, some 10,000 characters. */
export const MAX_CURSOR = 20_000;

export const polled: Decide<Extract<Command, { type: "polled" }>> = (state, command, context) => {
  const connection = state.connections[command.connectionId];
  if (connection === undefined || !connection.linked) {
    return refuse("no_connection", "There is no such connection.");
  }
  const fresh = command.items.filter((item, index, all) =>
    !state.seen.includes(item.sourceHash) &&
    all.findIndex((other) => other.sourceHash === item.sourceHash) === index
  );
  const events: PersonaEvent[] = fresh.map((item) =>
    event("InteractionReceived", {
      interactionId: context.newId(),
      connectionId: command.connectionId,
      kind: item.interaction.kind,
      postId: postWith(state, item.interaction.about),
      sourceHash: item.sourceHash,
      wordsRef: item.wordsRef,
      saidAt: saneTime(item.interaction.at, context.now),
      ...(item.authorHash === undefined ? {} : { authorHash: item.authorHash }),
      ...(item.summons === false ? { summons: false } : {}),
      ...(item.byBot === true ? { byBot: true } : {}),
    })
  );
  const { cursor } = command;
  if (cursor !== null && cursor !== connection.cursor && cursor.length <= MAX_CURSOR) {
    events.push(event("PollCompleted", { connectionId: command.connectionId, cursor }));
  }
  return decided(...events);
};

/** Clocks of platforms are not trusted: what is no time, or lies ahead, was said now. */
function saneTime(at: number, now: number): number {
  return Number.isFinite(at) && at >= 0 && at <= now ? Math.round(at) : now;
}

function postWith(state: PersonaState, platformId: string | null): string | null {
  if (platformId === null) return null;
  return Object.values(state.posts).find((post) => post.sent.some((sent) => sent.id === platformId))?.id ??
    null;
}
