import type { ConnectionInfo } from "../../actors/persona/events.ts";
import type { Projection } from "./projection.ts";
import { known } from "./row.ts";

export interface ConnectionRow {
  id: string;
  stream: string;
  platform: ConnectionInfo["platform"];
  account_id: string;
  handle: string;
  service: string;
  disclosure: ConnectionInfo["disclosure"];
  linked: boolean;
  health: "ok" | "lost";
  /** Why it is lost. */
  reason: string | null;
  linked_at: string;
  /** Whether what others say there may be shown to a model; null: as the platform's limits say. */
  words_to_model: boolean | null;
  checked_at: string | null;
  /** A person waits to hear whether it works. */
  checking: boolean;
}

export const connections: Projection<ConnectionRow> = {
  table: "connection",
  key: ["id"],
  types: [
    "ConnectionLinked",
    "ConnectionUnlinked",
    "ConnectionLost",
    "ConnectionRestored",
    "ConnectionCheckRequested",
    "ConnectionChecked",
  ],
  touches: (event) => [{ id: String(event.data.connectionId) }],
  fold(row, stored) {
    const event = known(stored);
    if (row !== null && row.stream !== event.stream) return row;
    switch (event.type) {
      case "ConnectionLinked":
        return {
          id: event.data.connectionId,
          stream: event.stream,
          platform: event.data.platform,
          account_id: event.data.accountId,
          handle: event.data.handle,
          service: event.data.service,
          disclosure: event.data.disclosure,
          linked: true,
          health: "ok",
          reason: null,
          linked_at: event.at,
          words_to_model: event.data.wordsToModel ?? null,
          checked_at: null,
          checking: false,
        };
      case "ConnectionUnlinked":
        return row && { ...row, linked: false, checking: false };
      case "ConnectionLost":
        return row && { ...row, health: "lost", reason: event.data.reason };
      case "ConnectionRestored":
        return row && { ...row, health: "ok", reason: null };
      case "ConnectionCheckRequested":
        return row && { ...row, checking: true };
      case "ConnectionChecked":
        return row && {
          ...row,
          checking: false,
          checked_at: event.at,
          reason: event.data.ok ? null : event.data.reason,
        };
      default:
        return row;
    }
  },
};
