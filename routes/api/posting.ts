/** The switch over everything outward. */
import { byOf } from "../access/authorize.ts";
import { principalOf } from "../access/middleware.ts";
import type { Program } from "../program.ts";
import { PostingAnswer } from "./answers.ts";
import { type Api, define } from "./endpoint.ts";
import { StopSchema } from "./schemas.ts";

const TAG = "Posting";

export function addPosting(api: Api, program: Program): void {
  const { supervisor } = program;
  const answers = { 200: { description: "How the switch stands.", schema: PostingAnswer } };
  define(api, {
    method: "GET",
    path: "/api/v1/posting",
    operationId: "getPosting",
    tag: TAG,
    summary: "Whether posting is stopped",
    action: "runtime.read",
    answers,
    problems: [],
    handle: (c) => c.json(supervisor.posting()),
  });
  define(api, {
    method: "POST",
    path: "/api/v1/posting/stop",
    operationId: "stopPosting",
    tag: TAG,
    summary: "Stop all posting",
    description: "Durable before it is answered. What was handed to a platform before cannot be called back.",
    action: "posting.stop",
    body: StopSchema,
    answers,
    problems: [],
    async handle(c, { body }) {
      await supervisor.stopPosting(byOf(principalOf(c)), body.why);
      return c.json(supervisor.posting());
    },
  });
  define(api, {
    method: "POST",
    path: "/api/v1/posting/lift",
    operationId: "liftPosting",
    tag: TAG,
    summary: "Let posting go on",
    description: "Only for a person who is logged in.",
    action: "posting.lift",
    answers,
    problems: [],
    async handle(c) {
      await supervisor.liftStop(byOf(principalOf(c)));
      return c.json(supervisor.posting());
    },
  });
}
