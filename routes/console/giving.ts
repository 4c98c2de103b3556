/** Commands from pages to personas, and what came of them as sentences. */
import type { Context } from "hono";
import type { PersonaCommand } from "../../actors/persona/commands.ts";
import type { StoredEvent } from "../../db/log/log.ts";
import { by, type Console } from "./context.tsx";
import { plural } from "./parts/small.tsx";

export type Given =
  | { ok: true; events: StoredEvent[] }
  | { ok: false; status: 409 | 422 | 429 | 503; code: string; message: string; field?: string };

/** Refused while the disk is nearly full; whatever makes less, or only tells, is taken. */
const NEW_WORK: ReadonlySet<PersonaCommand["type"]> = new Set([
  "create",
  "edit",
  "compose",
  "write",
  "reply",
  "rewrite",
  "revise",
]);

/** `id`: makes a form that is sent twice count once. */
export async function give(
  c: Context,
  con: Console,
  personaId: string,
  command: PersonaCommand,
  id: string = crypto.randomUUID(),
): Promise<Given> {
  if (NEW_WORK.has(command.type) && await con.freeBytes() < con.program.settings.minFreeBytes) {
    const message = "The disk is nearly full: no new work is taken until there is room. Nothing was done.";
    return { ok: false, status: 503, code: "disk_full", message };
  }
  const sender = { by: by(c), id, mayBeRepeated: false };
  const answer = await con.program.supervisor.send(personaId, command, sender);
  switch (answer.kind) {
    case "committed":
      return { ok: true, events: answer.events };
    case "refused":
      return { ok: false, status: 422, ...answer.refusal };
    case "id_reused":
      return {
        ok: false,
        status: 409,
        code: "id_reused",
        message: "This form was sent before with other contents: reload the page.",
      };
    case "overloaded": {
      const message = `This persona has ${
        plural(answer.depth, "command")
      } to work off. Nothing was done: try again in a moment.`;
      return { ok: false, status: 429, code: "overloaded", message };
    }
    case "unavailable":
      return { ok: false, status: 503, code: "unavailable", message: `Nothing was done: ${answer.reason}` };
    default:
      return answer satisfies never;
  }
}

/** A posted form; one that cannot be read is as good as empty, so that each field says what it lacks. */
export async function bodyOf(c: Context): Promise<Record<string, string | File | (string | File)[]>> {
  try {
    return await c.req.parseBody();
  } catch (error) {
    if (error instanceof TypeError) return {};
    throw error;
  }
}

/** The fields of a posted form as text; of a field that came several times the last. At most `MAX_FIELDS`. */
export async function formOf(c: Context): Promise<Record<string, string>> {
  const body = await bodyOf(c);
  const fields: Record<string, string> = {};
  for (const [name, value] of Object.entries(body).slice(0, MAX_FIELDS)) {
    if (typeof value === "string") fields[name] = value.replaceAll("\r\n", "\n");
  }
  return fields;
}

/** An identity with all its knowledge is the largest form. */
const MAX_FIELDS = 2_000;
