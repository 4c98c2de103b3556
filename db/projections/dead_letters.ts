import type { Command, CommandType } from "../../actors/persona/commands.ts";
import type { Projection } from "./projection.ts";
import { known } from "./row.ts";

export interface DeadLetterRow {
  stream: string;
  id: string;
  command_id: string;
  type: CommandType;
  /** When it was put aside last. */
  at: string;
  /** Who gave the command. */
  by: string;
  /** The error that it made last. */
  reason: string;
  /** In all, with those of its retries. */
  crashes: number;
  status: "open" | "retried" | "dropped";
  /** The command; null where it was not kept. */
  body: Command | null;
  /** Of the event that put it aside last. */
  position: number;
}

export const deadLetters: Projection<DeadLetterRow> = {
  table: "dead_letter",
  key: ["stream", "id"],
  types: ["CommandDeadLettered", "DeadLetterRetried", "DeadLetterDropped"],
  touches: (event) => [{ stream: event.stream, id: String(event.data.deadLetterId) }],
  fold(row, stored) {
    const event = known(stored);
    switch (event.type) {
      case "CommandDeadLettered": {
        const { deadLetterId, commandId, type, command, by, reason, crashes } = event.data;
        const put = { at: event.at, reason, status: "open" as const, position: event.position };
        // Nothing of a retry that failed is kept but its error: the letter is the same one.
        if (row !== null && command === null) return { ...row, ...put, crashes: row.crashes + crashes };
        return {
          ...put,
          stream: event.stream,
          id: deadLetterId,
          command_id: commandId,
          type,
          by,
          crashes: crashes + (row?.crashes ?? 0),
          body: command,
        };
      }
      case "DeadLetterRetried":
        return row && { ...row, status: "retried" };
      case "DeadLetterDropped":
        return row && { ...row, status: "dropped" };
      default:
        return row;
    }
  },
};
