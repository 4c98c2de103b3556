/** Personas: list, create, look, edit, delete. */
import { z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { getPersona, listPersonas, type PersonaRead, type PersonaSummary } from "../../db/read/personas.ts";
import type { Program } from "../program.ts";
import { boundedCrash } from "../runtime.ts";
import { CommandAnswerSchema } from "./answers/event.ts";
import { PersonaAnswer, PersonaPage } from "./answers/persona.ts";
import { type Api, define, noSuchPersona } from "./endpoint.ts";
import { pageQuery } from "./lists.ts";
import { ApiFault } from "./problems.ts";
import { IdentityChangesSchema, identityFits, IdentitySchema } from "./schemas/identity.ts";
import { newPersonaId, type Sending } from "./sending.ts";

const TAG = "Personas";

export function addPersonas(api: Api, program: Program, sending: Sending): void {
  define(api, {
    method: "GET",
    path: "/api/v1/personas",
    operationId: "listPersonas",
    tag: TAG,
    summary: "All personas, in the order in which they were created",
    action: "persona.list",
    query: z.object({ ...pageQuery, life: z.enum(["active", "paused", "retired"]).optional() }),
    answers: { 200: { description: "A page of personas.", schema: PersonaPage } },
    problems: [],
    async handle(c, { query }) {
      const page = await listPersonas(program.sql, query);
      return c.json({ ...page, items: page.items.map((item) => withActor(program, item)) });
    },
  });

  define(api, {
    method: "POST",
    path: "/api/v1/personas",
    operationId: "createPersona",
    tag: TAG,
    summary: "Create a persona",
    description: "It is active at once, has no connections, and nothing of it goes out without an approval.",
    action: "persona.create",
    idempotent: true,
    body: IdentitySchema,
    examples: {
      smallest: { name: "Mira Holt" },
      usual: { name: "Mira Holt", tone: ["dry"], zone: "Europe/Lisbon" },
    },
    answers: { 201: { description: "The persona, and its place in `Location`.", schema: PersonaAnswer } },
    problems: ["exists", "overloaded", "disk_full", "invalid"],
    async handle(c, { body }) {
      const id = await newPersonaId(c);
      await sending.send(c, id, { type: "create", identity: body, origin: "form" });
      c.header("location", `/api/v1/personas/${id}`);
      return c.json(await personaAnswer(program, id), 201);
    },
  });

  define(api, {
    method: "GET",
    path: "/api/v1/personas/{personaId}",
    operationId: "getPersona",
    tag: TAG,
    summary: "One persona",
    action: "persona.read",
    answers: { 200: { description: "The persona.", schema: PersonaAnswer } },
    problems: ["not_found"],
    handle: async (c, { personaId }) => c.json(await personaAnswer(program, personaId ?? "")),
  });

  define(api, {
    method: "PATCH",
    path: "/api/v1/personas/{personaId}",
    operationId: "editPersona",
    tag: TAG,
    summary: "Change a persona",
    description: "What the body leaves out stays as it is. What would change nothing is no error.",
    action: "persona.edit",
    idempotent: true,
    body: IdentityChangesSchema,
    examples: { tone: { tone: ["dry", "warm"] } },
    answers: { 200: { description: "The persona as it is now.", schema: PersonaAnswer } },
    problems: [
      "not_found",
      "persona_retired",
      "real_person",
      "operator_unnamed",
      "invalid",
      "overloaded",
      "disk_full",
    ],
    handle: async (c, { personaId, body }) => await edit(c, personaId ?? "", body),
  });

  async function edit(
    c: Context,
    id: string,
    changes: z.infer<typeof IdentityChangesSchema>,
  ): Promise<Response> {
    const before = await existing(program, id);
    if (!identityFits({ ...before.identity, ...changes })) {
      const detail = "With these changes the persona is too large: shorten its texts or its knowledge.";
      throw new ApiFault({ code: "invalid", detail, errors: [{ field: "body", reason: detail }] });
    }
    try {
      await sending.send(c, id, { type: "edit", changes });
    } catch (error) {
      if (!(error instanceof ApiFault && error.fault.code === "nothing_changed")) throw error;
    }
    return c.json(await personaAnswer(program, id));
  }

  define(api, {
    method: "DELETE",
    path: "/api/v1/personas/{personaId}",
    operationId: "deletePersona",
    tag: TAG,
    summary: "Delete a persona",
    description:
      "Unlinks its accounts and withdraws what has not gone out. What it published stays where it is.",
    action: "persona.delete",
    idempotent: true,
    answers: { 200: { description: "What happened.", schema: CommandAnswerSchema } },
    problems: ["not_found", "wrong_status", "overloaded"],
    handle: async (c, { personaId }) => c.json(await sending.send(c, personaId ?? "", { type: "delete" })),
  });
}

/** The persona of a path. Throws ApiFault when there is none. */
export async function existing(program: Program, id: string): Promise<PersonaRead> {
  const persona = await getPersona(program.sql, id);
  if (persona === null) throw noSuchPersona();
  return persona;
}

export async function personaAnswer(program: Program, id: string): Promise<z.infer<typeof PersonaAnswer>> {
  const { identity, ...summary } = await existing(program, id);
  return { ...identity, ...withActor(program, summary) };
}

function withActor<T extends PersonaSummary>(program: Program, persona: T) {
  const { state, mailboxDepth, restarts, lastCrash } = program.supervisor.status(persona.id);
  // The stack is long, and of use to few: `/personas/{personaId}/runtime` has it.
  const crash = lastCrash === null ? null : { at: lastCrash.at, reason: boundedCrash(lastCrash).reason };
  return { ...persona, actor: { state, mailboxDepth, restarts, lastCrash: crash } };
}
