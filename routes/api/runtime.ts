/** What runs, and what may be done to it. */
import { z } from "@hono/zod-openapi";
import type { ActorPhase, ActorStatus } from "../../actors/supervisor/supervisor_port.ts";
import { DEFAULT_LIMIT, type Page } from "../../db/read/page.ts";
import { byOf } from "../access/authorize.ts";
import { principalOf } from "../access/middleware.ts";
import type { Program } from "../program.ts";
import { boundedCrash, lookAtRuntime, MAX_PARK_REASON, PHASES } from "../runtime.ts";
import { pageOf } from "./answers/page.ts";
import { type Api, define } from "./endpoint.ts";
import { pageQuery } from "./lists.ts";
import { existing } from "./personas.ts";
import { ApiFault, invalidRequest } from "./problems.ts";
import { ID } from "./schemas/fields.ts";

const TAG = "Runtime";
const count = z.int().min(0);
const time = z.iso.datetime();
const state = z.enum(PHASES as [ActorPhase, ...ActorPhase[]]);

const ActorAnswer = z.object({
  personaId: z.string(),
  state: state.openapi({
    description: "`waiting` starts as soon as there is room, `parked` when a person says so.",
  }),
  cell: count.nullable().openapi({ description: "Number of its cell." }),
  mailboxDepth: count.openapi({ description: "Commands that wait, the one in hand among them." }),
  inHand: z.object({ type: z.string(), since: time }).nullable().openapi({
    description: "The command in hand.",
  }),
  effects: count.openapi({ description: "Effects under way." }),
  heapBytes: count.nullable(),
  externalBytes: count.nullable().openapi({ description: "Buffers outside the heap." }),
  restarts: count.openapi({ description: "Since the start, charged to it." }),
  lastCrash: z.object({
    at: time,
    reason: z.string(),
    stack: z.string().openapi({ description: "May quote what people outside wrote." }),
    charged: z.boolean().openapi({
      description:
        "False where it was not the cause, or where nobody knows who was: its cell ended under it.",
    }),
  }).nullable(),
  parked: z.object({ at: time, by: z.string(), reason: z.string() }).nullable().openapi({
    description: "`by` is `system` after repeated crashes.",
  }),
  nextAt: time.nullable().openapi({ description: "When it wants to be awake next." }),
  lastUsedAt: time.nullable(),
  alone: z.boolean().openapi({
    description: "Suspected of having brought a cell down, so it has one of its own.",
  }),
}).openapi("ActorStatus");

const CellAnswer = z.object({
  number: count,
  pid: count,
  state: z.enum(["starting", "ready", "ending"]),
  hosts: z.array(z.string()).openapi({ description: "`host:port` that its workers may speak to." }),
  rssBytes: count.nullable().openapi({ description: "Resident size, as it said last." }),
  startedAt: time,
  silentMs: z.number().min(0),
  personas: z.array(z.string()),
}).openapi("Cell");

const RuntimeAnswer = z.object({
  at: time,
  live: count.openapi({ description: "Actors that hold a place: starting, running or restarting." }),
  maxLive: count,
  states: z.object(
    Object.fromEntries(PHASES.map((phase) => [phase, count])) as Record<ActorPhase, typeof count>,
  )
    .openapi({ description: "Actors by state." }),
  cells: z.array(CellAnswer),
  cellsRssBytes: count,
  mainRssBytes: count,
  epoch: count.openapi({ description: "How often a writer has taken over the log." }),
  position: count.openapi({ description: "Of the last event." }),
}).openapi("Runtime");

const ControlSchema = z.strictObject({
  what: z.enum(["restart", "hibernate", "wake", "park", "unpark"]),
  why: z.string().trim().max(MAX_PARK_REASON, `must have at most ${MAX_PARK_REASON} characters`).optional()
    .openapi({ description: "Needed to `park`." }),
}).refine(({ what, why }) => what !== "park" || (why ?? "") !== "", {
  path: ["why"],
  error: "is needed to park: whoever finds it stopped will ask",
}).openapi("Control");

const actorsQuery = z.object({ ...pageQuery, state: state.optional() });

export function addRuntime(api: Api, program: Program): void {
  const { supervisor } = program;
  define(api, {
    method: "GET",
    path: "/api/v1/runtime",
    operationId: "getRuntime",
    tag: TAG,
    summary: "The supervisor and its cells",
    action: "runtime.read",
    answers: { 200: { description: "As it is now.", schema: RuntimeAnswer } },
    problems: [],
    handle(c) {
      const { actors: _, ...look } = lookAtRuntime(program);
      return c.json(look);
    },
  });
  define(api, {
    method: "GET",
    path: "/api/v1/runtime/actors",
    operationId: "listActors",
    tag: TAG,
    summary: "Every persona that has or had an actor since the start",
    action: "runtime.read",
    query: actorsQuery,
    answers: { 200: { description: "A page of actors.", schema: pageOf("ActorPage", ActorAnswer) } },
    problems: [],
    handle: (c, { query }) => c.json(listActors(supervisor.statuses(), query)),
  });
  define(api, {
    method: "GET",
    path: "/api/v1/personas/{personaId}/runtime",
    operationId: "getActor",
    tag: TAG,
    summary: "How a persona's actor is doing",
    action: "runtime.read",
    answers: { 200: { description: "As it is now.", schema: ActorAnswer } },
    problems: ["not_found"],
    async handle(c, { personaId }) {
      await existing(program, personaId ?? "");
      return c.json(shown(supervisor.status(personaId ?? "")));
    },
  });
  define(api, {
    method: "POST",
    path: "/api/v1/personas/{personaId}/runtime",
    operationId: "controlActor",
    tag: TAG,
    summary: "Restart, hibernate, wake, park or unpark a persona's actor",
    description: "No command is lost by any of it. Only for `ADMIN_TOKEN` and people who are logged in.",
    action: "runtime.control",
    body: ControlSchema,
    examples: {
      restart: { what: "restart" },
      park: { what: "park", why: "It floods its log." },
    },
    answers: { 200: { description: "Begun; how its actor is doing now.", schema: ActorAnswer } },
    problems: ["not_found", "wrong_status"],
    async handle(c, { personaId, body: { what, why } }) {
      const id = personaId ?? "";
      await existing(program, id);
      const answer = await supervisor.control(id, what, byOf(principalOf(c)), why);
      if (!answer.ok) throw new ApiFault({ code: "wrong_status", detail: answer.reason });
      return c.json(shown(supervisor.status(id)));
    },
  });
}

/** By id, so that a page goes on where the one before ended, whatever started meanwhile. */
function listActors(
  all: ActorStatus[],
  { state, after, limit = DEFAULT_LIMIT }: z.infer<typeof actorsQuery>,
): Page<ActorStatus> {
  if (after !== undefined && !ID.test(after)) {
    throw invalidRequest("after", "must be `next` of an earlier page of this list, as it was");
  }
  const actors = all.filter((actor) =>
    (state === undefined || actor.state === state) && (after === undefined || actor.personaId > after)
  ).sort((a, b) => a.personaId < b.personaId ? -1 : 1);
  const items = actors.slice(0, limit);
  return {
    items: items.map(shown),
    next: actors.length > limit ? items.at(-1)?.personaId ?? null : null,
  };
}

function shown(actor: ActorStatus): ActorStatus {
  return { ...actor, lastCrash: actor.lastCrash === null ? null : boundedCrash(actor.lastCrash) };
}
