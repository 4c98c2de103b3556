/** Stops of one post, one persona, one platform, or all posting. */
import { z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { limitsOf } from "../../actors/persona/platforms/limits.ts";
import { stopKey } from "../../actors/supervisor/stop_scope.ts";
import { type Stop, type StopScope, TooManyStops } from "../../actors/supervisor/supervisor_port.ts";
import { getPersona } from "../../db/read/personas.ts";
import { getPost } from "../../db/read/posts.ts";
import { byOf } from "../access/authorize.ts";
import { principalOf, refuseUnless } from "../access/middleware.ts";
import type { Program } from "../program.ts";
import { pageOfStops } from "../stops_page.ts";
import { StopAnswer, StopPage } from "./answers/stop.ts";
import { type Api, define } from "./endpoint.ts";
import { pageQuery } from "./lists.ts";
import { ApiFault, invalidRequest } from "./problems.ts";
import { StopQuerySchema, StopSchema, type StopScopeSchema } from "./schemas/stop.ts";

const TAG = "Posting";
const EXAMPLE = "0199c7a2-1111-7000-8000-000000000000";

const PageQuery = z.object({
  ...pageQuery,
  after: z.string().max(400, "is no cursor").optional().openapi({
    description: "`next` of the page before.",
  }),
});

type GivenScope = z.infer<typeof StopScopeSchema>;

/** Posts that nothing can go out of any more. */
const OVER: ReadonlySet<string> = new Set(["published", "rejected", "failed", "withdrawn", "deleted"]);

export function addStops(api: Api, program: Program): void {
  const { supervisor } = program;
  define(api, {
    method: "GET",
    path: "/api/v1/stops",
    operationId: "listStops",
    tag: TAG,
    summary: "The open stops, the widest first, then the oldest",
    action: "runtime.read",
    query: PageQuery,
    answers: { 200: { description: "A page of stops.", schema: StopPage } },
    problems: [],
    handle: (c, { query }) => c.json(pageOfStops(supervisor.stops(), query)),
  });
  define(api, {
    method: "POST",
    path: "/api/v1/stops",
    operationId: "stop",
    tag: TAG,
    summary: "Stop one post, one persona, one platform, or all posting",
    description:
      "Holds from then on, and over restarts, until a person lifts it. Durable before it is answered. " +
      "What was handed to a platform before cannot be called back. Stopping again gives the stop another reason.",
    action: "posting.stop",
    body: StopSchema,
    examples: {
      persona: { scope: { kind: "persona", personaId: EXAMPLE }, why: "The brief was wrong." },
      platform: { scope: { kind: "platform", platform: "bluesky" } },
    },
    answers: { 201: { description: "The stop.", schema: StopAnswer } },
    problems: ["not_found", "wrong_status", "too_many_stops"],
    async handle(c, { body }) {
      const scope = await known(body.scope);
      const refusal = refuseUnless(c, "posting.stop", "personaId" in scope ? scope.personaId : null);
      if (refusal) return refusal;
      try {
        await supervisor.stop(scope, byOf(principalOf(c)), body.why);
      } catch (error) {
        if (!(error instanceof TooManyStops)) throw error;
        throw new ApiFault({ code: "too_many_stops", detail: error.message });
      }
      const stop = open(scope);
      if (stop === undefined) {
        throw new ApiFault({ code: "not_found", detail: "It was stopped, and a person lifted it at once." });
      }
      return c.json(stop, 201);
    },
  });
  define(api, {
    method: "DELETE",
    path: "/api/v1/stops",
    operationId: "liftStop",
    tag: TAG,
    summary: "Lift one stop",
    description: "Only for a person who is logged in. Wider and narrower stops stay.",
    action: "posting.lift",
    query: StopQuerySchema,
    answers: { 204: { description: "It is lifted." } },
    problems: ["not_found"],
    async handle(c: Context, { query }) {
      const scope = wanted(query);
      const stop = open(scope);
      if (stop === undefined) {
        throw new ApiFault({ code: "not_found", detail: "There is no such stop: see GET /api/v1/stops." });
      }
      const refusal = refuseUnless(
        c,
        "posting.lift",
        "personaId" in stop.scope ? stop.scope.personaId : null,
      );
      if (refusal) return refusal;
      await supervisor.lift(stop.scope, byOf(principalOf(c)));
      return c.body(null, 204);
    },
  });

  /** The stop of exactly this scope; a post's id is enough. */
  function open(scope: GivenScope): Stop | undefined {
    return supervisor.stops().find((stop) =>
      scope.kind === "post" && scope.personaId === undefined
        ? stop.scope.kind === "post" && stop.scope.postId === scope.postId
        : stopKey(stop.scope) === stopKey(scope as StopScope)
    );
  }

  /** The scope in full. Throws ApiFault where there is no such persona or post, or where nothing of it can go out. */
  async function known(scope: GivenScope): Promise<StopScope> {
    if (scope.kind === "persona") {
      if (await getPersona(program.sql, scope.personaId) === null) throw missing("persona", "personaId");
      return scope;
    }
    if (scope.kind !== "post") return scope;
    const post = await getPost(program.sql, scope.postId);
    if (post === null) throw missing("post", "postId");
    if (scope.personaId !== undefined && scope.personaId !== post.persona) {
      throw missing("post of this persona", "postId");
    }
    if (OVER.has(post.status)) {
      const reason = `is ${post.status} on ${limitsOf(post.platform).label}: there is nothing to hold`;
      const errors = [{ field: "scope.postId", reason }];
      throw new ApiFault({ code: "wrong_status", detail: `This post ${reason}.`, errors });
    }
    return { kind: "post", personaId: post.persona, postId: post.id };
  }
}

function missing(what: string, field: "personaId" | "postId"): ApiFault {
  const reason = `there is no such ${what}`;
  return new ApiFault({
    code: "not_found",
    detail: `There is no such ${what}.`,
    errors: [{ field: `scope.${field}`, reason }],
  });
}

/** The scope that a query names. Throws ApiFault for one that lacks what its kind needs. */
function wanted({ kind, platform, personaId, postId }: z.infer<typeof StopQuerySchema>): GivenScope {
  switch (kind) {
    case "all":
      return { kind };
    case "platform":
      if (platform === undefined) throw invalidRequest("platform", "is missing");
      return { kind, platform };
    case "persona":
      if (personaId === undefined) throw invalidRequest("personaId", "is missing");
      return { kind, personaId };
    case "post":
      if (postId === undefined) throw invalidRequest("postId", "is missing");
      return { kind, personaId, postId };
    default:
      return kind satisfies never;
  }
}
