/** What is answered without asking the persona: a command that was given before, or one that names a post which is there. */
import type { EventLog } from "../../db/log/log.ts";
import type { PersonaCommand } from "../persona/commands.ts";
import type { Reads } from "./ports.ts";
import { answerOf } from "./recording.ts";
import type { CommandAnswer, Sender } from "./supervisor_port.ts";

/** False: there is nothing to look up. `bodyHash` is null where the caller did not choose the command's id. */
export function mayBeKnown(command: PersonaCommand, bodyHash: string | null): boolean {
  return bodyHash !== null || (command.type === "compose" && command.postId !== undefined);
}

/** Null: the persona has to be asked. */
export async function knownAnswer(
  { log, reads }: { log: EventLog; reads: Reads },
  command: PersonaCommand,
  sender: Sender,
  bodyHash: string | null,
): Promise<CommandAnswer | null> {
  // Looked at before the earlier answer: a repetition that crosses its first sending finds both or neither.
  const taken = command.type === "compose" && command.postId !== undefined &&
    await reads.postExists(command.postId);
  if (bodyHash !== null) {
    const seen = await log.findCommand(sender.by, sender.id);
    if (seen !== null && seen.bodyHash !== bodyHash) return { kind: "id_reused" };
    if (seen !== null) return await answerOf(log, sender.id, seen);
  }
  if (!taken) return null;
  // The persona itself knows its own posts only, and of those the finished ones not for ever.
  const refusal = { code: "exists", message: "There is a post with this id already.", field: "postId" };
  return { kind: "refused", commandId: sender.id, refusal, repeated: false };
}
