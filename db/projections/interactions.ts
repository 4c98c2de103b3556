import type { Interaction } from "../../actors/persona/platforms/port.ts";
import type { Projection } from "./projection.ts";
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
  position: number;
}

export const interactions: Projection<InteractionRow> = {
  table: "interaction",
  key: ["id"],
  types: ["InteractionReceived"],
  touches: (event) => [{ id: String(event.data.interactionId) }],
  fold(row, stored) {
    const event = known(stored);
    if (row !== null && row.stream !== event.stream) return row;
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
      position: event.position,
    };
  },
};
