/** Test equipment: commands that made a persona stop twice, as the supervisor records them, without a crash. */
import type { Command } from "../actors/persona/commands.ts";
import { recordDeadLetter } from "../actors/supervisor/recording.ts";
import type { InProcessProgram } from "./in_process_program.ts";

/** Puts `command` aside; the id of its letter. */
export async function putAside(
  { log, supervisor }: Pick<InProcessProgram, "log" | "supervisor">,
  personaId: string,
  command: Command,
  { by = `actor:${personaId}`, reason = "it threw" } = {},
): Promise<string> {
  const { version } = await supervisor.state(personaId);
  const { events, trouble } = await recordDeadLetter({ log, stream: personaId, version }, {
    commandId: crypto.randomUUID(),
    command,
    by,
    cause: null,
    words: [],
    bodyHash: null,
    crashes: 2,
    answer: () => {},
  }, reason);
  if (trouble !== null) throw new Error(trouble);
  return String(events[0]?.data.deadLetterId);
}
