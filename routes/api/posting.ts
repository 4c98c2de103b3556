/** The switch over everything outward: the widest of the stops, by itself. */
import type { z } from "zod";
import { byOf } from "../access/authorize.ts";
import { principalOf } from "../access/middleware.ts";
import type { Program } from "../program.ts";
import { PostingAnswer } from "./answers/stop.ts";
import { type Api, define } from "./endpoint.ts";
import { StopPostingSchema } from "./schemas/stop.ts";

const TAG = "Posting";
const ALL = { kind: "all" } as const;

export function addPosting(api: Api, program: Program): void {
  const { supervisor } = program;
  const answers = { 200: { description: "How the switch stands.", schema: PostingAnswer } };
  const state = (): z.infer<typeof PostingAnswer> => {
    const stop = supervisor.stops().find(({ scope }) => scope.kind === "all");
    return stop === undefined
      ? { stopped: false, by: null, why: null, since: null }
      : { stopped: true, by: stop.by, why: stop.why, since: stop.since };
  };
  define(api, {
    method: "GET",
    path: "/api/v1/posting",
    operationId: "getPosting",
    tag: TAG,
    summary: "Whether all posting is stopped",
    action: "runtime.read",
    answers,
    problems: [],
    handle: (c) => c.json(state()),
  });
  define(api, {
    method: "POST",
    path: "/api/v1/posting/stop",
    operationId: "stopPosting",
    tag: TAG,
    summary: "Stop all posting",
    description: "Durable before it is answered. What was handed to a platform before cannot be called back.",
    action: "posting.stop",
    body: StopPostingSchema,
    answers,
    problems: [],
    async handle(c, { body }) {
      await supervisor.stop(ALL, byOf(principalOf(c)), body.why);
      return c.json(state());
    },
  });
  define(api, {
    method: "POST",
    path: "/api/v1/posting/lift",
    operationId: "liftPosting",
    tag: TAG,
    summary: "Let posting go on",
    description: "Only for a person who is logged in. Narrower stops stay.",
    action: "posting.lift",
    answers,
    problems: [],
    async handle(c) {
      await supervisor.lift(ALL, byOf(principalOf(c)));
      return c.json(state());
    },
  });
}
