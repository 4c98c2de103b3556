/** From a request to a command that is sent, and from its answer to a value or a problem. */
import type { Context } from "hono";
import type { PersonaCommand } from "../../actors/persona/commands.ts";
import { CONTROL_COMMANDS } from "../../actors/persona/commands.ts";
import type { CommandAnswer } from "../../actors/supervisor/supervisor_port.ts";
import type { Refusal, StoredEvent } from "../../db/log/log.ts";
import { personaNames } from "../../db/read/personas.ts";
import { byOf } from "../access/authorize.ts";
import { principalOf } from "../access/middleware.ts";
import type { Program } from "../program.ts";
import { KEY_HEADER, noSuchPersona } from "./endpoint.ts";
import { MAX_KEY_LENGTH, MAX_QUEUED_COMMANDS } from "./limits.ts";
import { ApiFault, invalidRequest, isProblemCode } from "./problems.ts";

/** Commands that make less, or only tell: they are taken however full the disk is. */
const ALWAYS_TAKEN: ReadonlySet<PersonaCommand["type"]> = new Set([
  "pause",
  "retire",
  "delete",
  "unlink",
  "reject",
  "withdraw",
  "unschedule",
  "resolve",
  "delete_post",
  "drop_dead_letter",
]);

export interface Committed {
  commandId: string;
  events: StoredEvent[];
  repeated: boolean;
}

export interface Sending {
  /** Sends a command as the request's caller. Throws ApiFault for every answer but a commit. */
  send(c: Context, personaId: string, command: PersonaCommand): Promise<Committed>;
  /** Throws ApiFault when the disk is nearly full. */
  checkDisk(): Promise<void>;
}

export interface SendingOptions {
  program: Program;
  /** Free bytes where the data lies. */
  freeBytes: () => Promise<number>;
}

export function createSending({ program, freeBytes }: SendingOptions): Sending {
  const waiting = new Map<string, number>();

  async function checkDisk(): Promise<void> {
    if (await freeBytes() >= program.settings.minFreeBytes) return;
    throw new ApiFault({
      code: "disk_full",
      detail: "The disk is nearly full: no new work is taken until there is room.",
    });
  }

  /** No actor is started for a persona that is not there; what was asked with this key while it was, is still answered. */
  async function checkPersona(personaId: string, by: string, key: string | null): Promise<void> {
    if ((await personaNames(program.sql, [personaId])).size > 0) return;
    if (key === null || await program.log.findCommand(by, key) === null) throw noSuchPersona();
  }

  return {
    checkDisk,
    async send(c, personaId, command) {
      const key = keyOf(c);
      const by = byOf(principalOf(c));
      if (command.type !== "create") await checkPersona(personaId, by, key);
      if (!ALWAYS_TAKEN.has(command.type)) await checkDisk();
      const before = waiting.get(by) ?? 0;
      // What makes a persona stop gets through where everything else is held up by its own number.
      const most = CONTROL_COMMANDS.has(command.type) ? 2 * MAX_QUEUED_COMMANDS : MAX_QUEUED_COMMANDS;
      if (before >= most) {
        throw new ApiFault({
          code: "overloaded",
          detail: `${before} commands of yours wait for their answers: at most ${most} may.`,
          retryAfter: 1,
        });
      }
      waiting.set(by, before + 1);
      try {
        const id = key ?? crypto.randomUUID();
        return committed(
          await program.supervisor.send(personaId, command, { by, id, mayBeRepeated: key !== null }),
        );
      } finally {
        const left = (waiting.get(by) ?? 1) - 1;
        if (left === 0) waiting.delete(by);
        else waiting.set(by, left);
      }
    },
  };
}

/** The request's `Idempotency-Key`; null when it has none. Throws ApiFault for one that is no key. */
export function keyOf(c: Context): string | null {
  const key = c.req.header(KEY_HEADER);
  if (key === undefined) return null;
  if (key.length <= MAX_KEY_LENGTH && /^[\x21-\x7e]+$/.test(key)) return key;
  throw invalidRequest(KEY_HEADER, `must be 1 to ${MAX_KEY_LENGTH} visible ASCII characters`);
}

/** The id of the persona that a request creates: with a key, the same at each repetition. */
export async function newPersonaId(c: Context): Promise<string> {
  const key = keyOf(c);
  if (key === null) return crypto.randomUUID();
  const text = new TextEncoder().encode(JSON.stringify(["digi-persona create", byOf(principalOf(c)), key]));
  const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", text)).slice(0, 16);
  // A UUID of version 8: made by our own rule.
  bytes[6] = (bytes[6] ?? 0) & 0x0f | 0x80;
  bytes[8] = (bytes[8] ?? 0) & 0x3f | 0x80;
  const hex = bytes.toHex();
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

function committed(answer: CommandAnswer): Committed {
  switch (answer.kind) {
    case "committed": {
      const { commandId, events, repeated } = answer;
      return { commandId, events, repeated };
    }
    case "refused":
      throw refused(answer.refusal);
    case "id_reused":
      throw new ApiFault({
        code: "id_reused",
        detail: `This ${KEY_HEADER} was used before for another request: use a new one.`,
        errors: [{ field: KEY_HEADER, reason: "was used before for another request" }],
      });
    case "overloaded":
      throw new ApiFault({
        code: "overloaded",
        detail: `${answer.depth} commands wait for this persona already.`,
        retryAfter: answer.retryAfterMs / 1_000,
      });
    case "unavailable":
      throw new ApiFault({
        code: "unavailable",
        detail: answer.reason,
        ...(answer.final ? {} : { retryAfter: 5 }),
      });
    default:
      return answer satisfies never;
  }
}

/** A refusal of the core, with the status of its code; an unknown code is 422 `invalid`. */
export function refused({ code, message, field }: Refusal): ApiFault {
  return new ApiFault({
    code: isProblemCode(code) ? code : "invalid",
    detail: message,
    ...(field === undefined ? {} : { errors: [{ field, reason: message }] }),
  });
}
