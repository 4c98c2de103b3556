import type { Interaction } from "../../actors/persona/platforms/port.ts";
import type { Projection } from "./projection.ts";
import type { Known } from "./row.ts";
import { iso, known } from "./row.ts";

export interface InteractionRow {
  id: string;
  stream: string;
  connection_id: string;
  kind: Interaction["kind"];
  post_id: string | null;
  /** Foreign words: who said what. */
  words_ref: string;
  said_at: string;
  received_at: string;
  author_hash: string | null;
  /** False where the platform takes no answer of a program to it. */
  summons: boolean;
  /** Its author says that it is a machine. */
  by_bot: boolean;
  /** The post that answers it. */
  answered_by: string | null;
  position: number;
}

export const interactions: Projection<InteractionRow> = {
  table: "interaction",
  key: ["id"],
  types: ["InteractionReceived", "CompositionRequested", "DraftWritten"],
  touches(stored) {
    const id = idOf(known(stored));
    return id === null ? [] : [{ id }];
  },
  fold(row, stored) {
    const event = known(stored);
    if (row !== null && row.stream !== event.stream) return row;
    if (event.type === "CompositionRequested" || event.type === "DraftWritten") {
      return row && { ...row, answered_by: event.data.postId };
    }
    if (event.type !== "InteractionReceived") return row;
    return {
      id: event.data.interactionId,
      stream: event.stream,
      connection_id: event.data.connectionId,
      kind: event.data.kind,
      post_id: event.data.postId,
      words_ref: event.data.wordsRef,
      said_at: iso(event.data.saidAt),
      received_at: event.at,
      author_hash: event.data.authorHash ?? null,
      summons: event.data.summons ?? true,
      by_bot: event.data.byBot ?? false,
      answered_by: null,
      position: event.position,
    };
  },
};

function idOf(event: Known): string | null {
  switch (event.type) {
    case "InteractionReceived":
      return event.data.interactionId;
    case "CompositionRequested":
    case "DraftWritten":
      return event.data.answering?.interactionId ?? null;
    default:
      return null;
  }
}
