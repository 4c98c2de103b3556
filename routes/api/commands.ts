/** Commands to one persona. */
import type { Context } from "hono";
import type { Command, CommandType } from "../../actors/persona/commands.ts";
import { limitsOf } from "../../actors/persona/platforms/limits.ts";
import { getDeadLetter } from "../../db/read/dead_letters.ts";
import { getPost } from "../../db/read/posts.ts";
import type { Action, ApprovalFacts } from "../access/authorize.ts";
import { authorize } from "../access/authorize.ts";
import { principalOf, refuseUnless } from "../access/middleware.ts";
import type { Program } from "../program.ts";
import { CommandAnswerSchema } from "./answers/event.ts";
import { readJsonBody } from "./body.ts";
import { type Api, define, PERSONA_HEADER } from "./endpoint.ts";
import { CommandSchema, type RoutedCommand } from "./schemas/command.ts";
import { wrongPicture } from "./pictures.ts";
import { invalidRequest } from "./problems.ts";
import type { Sending } from "./sending.ts";

/** What an approval of a post that is not there would touch: nothing. */
const NOTHING: ApprovalFacts = { platformIsReal: false, platform: "sandbox" };

const postId = "0199c7a2-6f1e-7b55-8a7e-0d6d1a2b3c4d";
const EXAMPLES: Record<string, RoutedCommand> = {
  compose: { type: "compose", platform: "sandbox", brief: "The first frost on the lens." },
  approve: { type: "approve", postId, contentHash: "5e".repeat(32), then: { kind: "publish" } },
  schedule: { type: "schedule", postId, at: "2026-12-01T09:00", zone: "Europe/Lisbon" },
  pause: { type: "pause" },
  retryDeadLetter: { type: "retry_dead_letter", deadLetterId: postId.replaceAll("-", "") },
};

export function addCommands(api: Api, program: Program, sending: Sending): void {
  const routes = [
    { path: "/api/v1/personas/{personaId}/commands", operationId: "commandPersona" },
    { path: "/api/v1/commands", operationId: "command", personaHeader: "required" as const },
  ];
  for (const route of routes) {
    define(api, {
      ...route,
      method: "POST",
      tag: "Commands",
      summary: "Ask a persona to do something",
      description:
        "Answered when its events are in the log. `approve`, `resolve` and `delete_post` need the scope `approve` (on a real " +
        "account `approve:real` too), every other command the scope `write`; `retry_dead_letter` needs what the command " +
        "needs that it retries.",
      action: "persona.command",
      // An approval needs another right than the rest: which command it is stands in the body.
      admit: refuseStrangers,
      idempotent: true,
      documentedBody: CommandSchema,
      examples: EXAMPLES,
      answers: { 200: { description: "Done; what happened.", schema: CommandAnswerSchema } },
      problems: [
        "malformed_json",
        "too_large",
        "unsupported_media_type",
        "not_found",
        "wrong_status",
        "exists",
        "persona_paused",
        "persona_retired",
        "hash_mismatch",
        "not_prepared",
        "no_connection",
        "too_many_posts",
        "nothing_changed",
        "invalid",
        "in_the_past",
        "blocked_by_policy",
        "person_must_approve",
        "already_answered",
        "no_answer_allowed",
        // Of an edit that is retried.
        "real_person",
        "operator_unnamed",
        "overloaded",
        "disk_full",
      ],
      async handle(c, input) {
        const personaId = input.personaId ?? "";
        const command = await readJsonBody(c, CommandSchema);
        const refusal = await judge(c, program, personaId, command);
        if (refusal === null) {
          const wrong = await wrongPicture(program.sql, personaId, command);
          if (wrong !== null) throw invalidRequest(wrong.field, wrong.message);
        }
        return refusal ?? c.json(await sending.send(c, personaId, command));
      },
    });
  }
}

/** Who may neither command nor approve is told so before the body is read. */
function refuseStrangers(c: Context): Response | null {
  const personaId = c.req.param("personaId") ?? c.req.header(PERSONA_HEADER) ?? null;
  const mayApprove = authorize(principalOf(c), "persona.approve", personaId, NOTHING).allowed;
  return mayApprove ? null : refuseUnless(c, "persona.command", personaId);
}

/** Whether the caller may give this command to this persona: the answer to give if not. */
export async function judge(
  c: Context,
  { sql }: Pick<Program, "sql">,
  personaId: string,
  command: Command,
): Promise<Response | null> {
  if (command.type === "retry_dead_letter") {
    // Who has a command decided again gives it: whoever may not approve cannot retry an approval.
    const letter = await getDeadLetter(sql, personaId, command.deadLetterId);
    const kept = letter?.command ?? null;
    return kept === null || kept.type === "retry_dead_letter"
      ? refuseUnless(c, "persona.command", personaId)
      : await judge(c, { sql }, personaId, kept);
  }
  // Whoever says that a post did not go out lets it go out again, and what is deleted is gone: approvals, too.
  if (command.type !== "approve" && command.type !== "resolve" && command.type !== "delete_post") {
    return refuseUnless(c, RIGHTS[command.type] ?? "persona.command", personaId);
  }
  const post = await getPost(sql, command.postId);
  if (post === null) return refuseUnless(c, "persona.approve", personaId, NOTHING);
  // Another persona's post is judged as strictly as can be: nothing is known of what this would touch.
  const facts = post.persona !== personaId
    ? {}
    : { platform: post.platform, platformIsReal: limitsOf(post.platform).real };
  return refuseUnless(c, "persona.approve", personaId, facts);
}

/** Commands with a right of their own, which their routes ask for when they come the first time. */
const RIGHTS: Partial<Record<CommandType, Action>> = {
  create: "persona.create",
  edit: "persona.edit",
  delete: "persona.delete",
  link: "persona.connect",
  unlink: "persona.connect",
};
