/** Lists: posts, interactions, memories, events, of one persona or of all. */
import { z } from "@hono/zod-openapi";
import { listDeadLetters } from "../../db/read/dead_letters.ts";
import { getEffects, getEvent, listEvents } from "../../db/read/events.ts";
import { listInteractions } from "../../db/read/interactions.ts";
import { listMemories } from "../../db/read/memories.ts";
import { DEFAULT_LIMIT, MAX_LIMIT } from "../../db/read/page.ts";
import { getPost, listPosts } from "../../db/read/posts.ts";
import type { Upcasters } from "../../db/log/upcast.ts";
import type { Program } from "../program.ts";
import { DeadLetterAnswer, DeadLetterPage } from "./answers/dead_letter.ts";
import { EventAnswer, EventPage } from "./answers/event.ts";
import { InteractionPage } from "./answers/interaction.ts";
import { MemoryPage } from "./answers/memory.ts";
import { PostAnswer, PostPage } from "./answers/post.ts";
import { type Api, define, type Endpoint, noSuchPersona } from "./endpoint.ts";
import { existing } from "./personas.ts";
import { ApiFault } from "./problems.ts";
import { ID, PlatformSchema } from "./schemas/fields.ts";

export const pageQuery = {
  after: z.string().max(100, "is no cursor").optional().openapi({
    description: "`next` of the page before.",
  }),
  limit: z.string().regex(/^\d{1,4}$/, `must be a whole number from 1 to ${MAX_LIMIT}`).transform(Number)
    .pipe(z.int().min(1, `must be 1 to ${MAX_LIMIT}`).max(MAX_LIMIT, `must be 1 to ${MAX_LIMIT}`)).optional()
    .openapi({ type: "integer", minimum: 1, maximum: MAX_LIMIT, default: DEFAULT_LIMIT }),
};

const STATUSES = PostAnswer.shape.status;

const postQuery = z.object({
  ...pageQuery,
  status: z.string().max(500).transform((text) => text.split(",")).pipe(z.array(STATUSES)).optional().openapi(
    {
      type: "string",
      description: `One or several, by commas: ${STATUSES.options.join(", ")}.`,
      example: "draft,pending_review",
    },
  ),
  platform: PlatformSchema.optional(),
  order: z.enum(["newest", "oldest"]).optional().openapi({
    description: "By the time they were asked for. Default: newest.",
  }),
});

const LETTER_STATUSES = DeadLetterAnswer.shape.status;

const deadLetterQuery = z.object({
  ...pageQuery,
  status: z.string().max(100).transform((text) => text.split(",")).pipe(z.array(LETTER_STATUSES)).optional()
    .openapi({
      type: "string",
      description: `One or several, by commas: ${LETTER_STATUSES.options.join(", ")}.`,
      example: "open",
    }),
});

const position = z.string().regex(/^\d{1,16}$/, "must be a position: a whole number from 0").refine(
  (text) => Number.isSafeInteger(Number(text)),
  "is beyond every position",
).optional();
const positionDocument = { type: "integer" as const, minimum: 0 };

const eventQuery = z.object({
  limit: pageQuery.limit,
  after: position.openapi({
    ...positionDocument,
    description: "A position: the events after it, the oldest first. Default 0.",
  }),
  before: position.openapi({
    ...positionDocument,
    description: "A position: the events before it, the newest first.",
  }),
  type: z.string().max(1_000).regex(/^[A-Za-z]+(,[A-Za-z]+)*$/, "must be names of event types, by commas")
    .optional()
    .openapi({ example: "PostApproved,PostPublished" }),
}).refine((query) => query.after === undefined || query.before === undefined, {
  path: ["before"],
  error: "cannot stand beside `after`: one direction a page",
});

type Listing = Pick<Endpoint<unknown, unknown>, "path" | "operationId" | "personaHeader">;

/** A list of one persona by its path, and the same where `X-Persona-ID` names the persona. */
function both(name: string, operationId: string, header: "optional" | "required"): Listing[] {
  return [
    { path: `/api/v1/personas/{personaId}/${name}`, operationId: `${operationId}OfPersona` },
    { path: `/api/v1/${name}`, operationId, personaHeader: header },
  ];
}

export function addLists(api: Api, program: Program, upcasters: Upcasters): void {
  const { sql } = program;
  /** A list of nobody is no empty list. */
  const known = async (personaId: string | null): Promise<{ persona?: string }> => {
    if (personaId === null) return {};
    await existing(program, personaId);
    return { persona: personaId };
  };

  for (const listing of both("posts", "listPosts", "optional")) {
    define(api, {
      ...listing,
      method: "GET",
      tag: "Posts",
      summary: "Posts and drafts, the newest first",
      action: "persona.read",
      query: postQuery,
      answers: { 200: { description: "A page of posts.", schema: PostPage } },
      problems: ["not_found"],
      async handle(c, { personaId, query }) {
        const { status: statuses, order, ...rest } = query;
        const filter = { ...rest, statuses, ...await known(personaId), newestFirst: order !== "oldest" };
        return c.json(await listPosts(sql, filter));
      },
    });
  }

  for (
    const listing of [
      { path: "/api/v1/personas/{personaId}/posts/{postId}", operationId: "getPostOfPersona" },
      { path: "/api/v1/posts/{postId}", operationId: "getPost", personaHeader: "optional" as const },
    ]
  ) {
    define(api, {
      ...listing,
      method: "GET",
      tag: "Posts",
      summary: "One post",
      action: "persona.read",
      answers: { 200: { description: "The post.", schema: PostAnswer } },
      problems: ["not_found"],
      async handle(c, { personaId }) {
        const id = c.req.param("postId") ?? "";
        const post = ID.test(id) ? await getPost(sql, id) : null;
        if (post === null || (personaId !== null && post.persona !== personaId)) {
          throw new ApiFault({ code: "not_found", detail: "There is no such post." });
        }
        return c.json(post);
      },
    });
  }

  for (const listing of both("interactions", "listInteractions", "optional")) {
    define(api, {
      ...listing,
      method: "GET",
      tag: "Interactions",
      summary: "What others said, the newest first",
      description: "Their words are there as long as the platform's rule lets us keep them.",
      action: "persona.read",
      query: z.object(pageQuery),
      answers: { 200: { description: "A page of interactions.", schema: InteractionPage } },
      problems: ["not_found"],
      handle: async (c, { personaId, query }) =>
        c.json(await listInteractions(sql, { ...query, ...await known(personaId) })),
    });
  }

  for (const listing of both("memories", "listMemories", "required")) {
    define(api, {
      ...listing,
      method: "GET",
      tag: "Memories",
      summary: "What the persona remembers having said, the newest first",
      action: "persona.read",
      query: z.object(pageQuery),
      answers: { 200: { description: "A page of memories.", schema: MemoryPage } },
      problems: ["not_found"],
      async handle(c, { personaId, query }) {
        await known(personaId);
        return c.json(await listMemories(sql, personaId ?? "", query));
      },
    });
  }

  for (const listing of both("dead-letters", "listDeadLetters", "optional")) {
    define(api, {
      ...listing,
      method: "GET",
      tag: "Commands",
      summary: "Commands that failed twice, the newest first",
      description:
        "Each made its persona stop twice and was put aside. `retry_dead_letter` decides it again, `drop_dead_letter` drops it.",
      action: "persona.read",
      query: deadLetterQuery,
      answers: { 200: { description: "A page of commands.", schema: DeadLetterPage } },
      problems: ["not_found"],
      async handle(c, { personaId, query }) {
        const { status: statuses, ...rest } = query;
        return c.json(await listDeadLetters(sql, { ...rest, statuses, ...await known(personaId) }));
      },
    });
  }

  for (const listing of both("events", "listEvents", "optional")) {
    define(api, {
      ...listing,
      method: "GET",
      tag: "Events",
      summary: "The log, from any position",
      description: "Events of a deleted persona stay.",
      action: "events.read",
      query: eventQuery,
      answers: { 200: { description: "A page of events.", schema: EventPage } },
      problems: ["not_found"],
      async handle(c, { personaId, query }) {
        const { type, before, after, limit } = query;
        const stream = personaId ?? undefined;
        const page = await listEvents(sql, {
          limit,
          before,
          after: before === undefined ? after ?? 0 : undefined,
          types: type?.split(","),
          stream,
          upcasters,
        });
        if (stream !== undefined && page.items.length === 0) {
          const { items: [first] } = await listEvents(sql, { limit: 1, after: 0, stream, upcasters });
          if (first === undefined) throw noSuchPersona();
        }
        return c.json(page);
      },
    });
  }

  define(api, {
    method: "GET",
    path: "/api/v1/events/{event}",
    operationId: "getEvent",
    tag: "Events",
    summary: "One event and what came of it",
    description: "`event` is its id or its position.",
    action: "events.read",
    answers: {
      200: {
        description: "The event, what it caused, and what the same first command set off besides.",
        schema: z.object({ event: EventAnswer, effects: z.array(EventAnswer), related: z.array(EventAnswer) })
          .openapi("EventWithEffects"),
      },
    },
    problems: ["not_found"],
    async handle(c) {
      const event = await getEvent(sql, c.req.param("event") ?? "", upcasters);
      if (event === null) throw new ApiFault({ code: "not_found", detail: "There is no such event." });
      return c.json({ event, ...await getEffects(sql, event.id, upcasters) });
    },
  });
}
