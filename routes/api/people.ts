/** People outside who asked for something: to be left alone, or to have what they said erased. */
import { z } from "@hono/zod-openapi";
import { addOptOut, listOptOuts, removeOptOut } from "../../db/opt_outs.ts";
import { eraseAuthor, findAuthor, namesThem } from "../../db/words/erase.ts";
import { textFault } from "../../db/log/unicode.ts";
import { byOf } from "../access/authorize.ts";
import { principalOf } from "../access/middleware.ts";
import type { Program } from "../program.ts";
import type { Platform } from "../../actors/persona/platforms/port.ts";
import { pageOf } from "./answers/page.ts";
import { checkShape } from "./body.ts";
import { type Api, define } from "./endpoint.ts";
import { MAX_REASON_LENGTH } from "./limits.ts";
import { pageQuery } from "./lists.ts";
import { ApiFault } from "./problems.ts";
import { tidyPerson } from "./person_named.ts";
import { PlatformSchema } from "./schemas/fields.ts";

const TAG = "People";
/** No platform's id or handle is longer. */
const MAX_NAME_LENGTH = 300;

const text = (max: number) =>
  z.string().max(max, `must have at most ${max} characters`).refine(
    (value) => textFault(value) === null,
    "holds a character that cannot be kept",
  );
const name = text(MAX_NAME_LENGTH).trim().min(1, "must not be empty").refine(
  (value) => /^\P{Cc}*$/u.test(value),
  "must be one line without control characters",
);
const accountId = name.refine((value) => !value.startsWith("@"), "is a handle: give it as the handle")
  .openapi({
    description: "The platform's id of the account: a number on X, a DID on Bluesky, a URN on LinkedIn.",
    example: "did:plc:ewvi7nxzyoun6zhxrhs64oiz",
  });
const handle = name.refine((value) => /[^@\s]/.test(value), "must not be empty").openapi({
  description: "With or without `@`, in any case, or the address of the profile.",
  example: "@ada.example",
});
const NOBODY = "is missing: name an account, a handle, or both";

/** The person in the platform's own words, in the fields `idField` and `handle`. */
function named<Id extends "accountId" | "authorId", T extends { platform: Platform; handle?: string }>(
  idField: Id,
  given: T & { [field in Id]?: string },
  ctx: { addIssue(issue: { code: "custom"; path: string[]; message: string }): void },
) {
  const wrong = (field: string, message: string) => {
    ctx.addIssue({ code: "custom", path: [field], message });
    return z.NEVER;
  };
  const { [idField]: account, handle } = given;
  if (account === undefined && handle === undefined) return wrong(idField, NOBODY);
  const person = tidyPerson(given.platform, { account, handle });
  if ("reason" in person) return wrong(person.field === "handle" ? "handle" : idField, person.reason);
  return { ...given, [idField]: person.account, handle: person.handle };
}

const OptOutFields = z.strictObject({
  platform: PlatformSchema,
  accountId: accountId.optional(),
  handle: handle.optional(),
  note: text(MAX_REASON_LENGTH).default("").openapi({ example: "Wrote to us on 3 March." }),
}).openapi("NewOptOut");

export const OptOutSchema = OptOutFields.transform((given, ctx) => named("accountId", given, ctx));

const EraseFields = z.strictObject({
  platform: PlatformSchema,
  authorId: accountId.optional(),
  handle: handle.optional(),
  reason: text(MAX_REASON_LENGTH).refine((value) => value.trim() !== "", "must not be empty").openapi({
    minLength: 1,
    description: "Is kept with the record of the erasure: it must not name the person.",
    example: "Asked for it by mail.",
  }),
  optOut: z.boolean().default(false).openapi({ description: "Also adds the person to the opt-outs." }),
  dryRun: z.boolean().default(false).openapi({ description: "Counts, and erases nothing." }),
}).openapi("Erase");

export const EraseSchema = EraseFields.transform((given, ctx) => named("authorId", given, ctx)).refine(
  ({ reason, authorId, handle }) => !namesThem(reason, [authorId, handle]),
  { path: ["reason"], error: "is kept: it must not name the person" },
);

const OptOutAnswer = z.object({
  platform: PlatformSchema,
  accountId: z.string().openapi({ description: "`@handle` where only a handle is known." }),
  handle: z.string().nullable().openapi({ description: "In small letters, without `@`." }),
  note: z.string(),
  by: z.string().openapi({ example: "user:0199c7a2-0000-7000-8000-000000000000" }),
  at: z.iso.datetime(),
}).openapi("OptOut", { description: "A person whom no persona writes to." });

const EraseAnswer = z.object({
  words: z.int().openapi({ description: "Texts of the author." }),
  quoting: z.int().openapi({ description: "Prompts, answers and other texts that quote them." }),
  personas: z.int().openapi({ description: "To how many personas they were said." }),
  ownPosts: z.int().openapi({
    description: "Posts of personas that are out, or on their way, and name or answer the author. They stay.",
  }),
  ownPostIds: z.array(z.string()).openapi({ description: "Of the newest 100 of them." }),
  erased: z.boolean().openapi({ description: "False for a dry run." }),
}).openapi("Erased");

export function addPeople(api: Api, program: Program): void {
  const { sql } = program;
  define(api, {
    method: "GET",
    path: "/api/v1/opt-outs",
    operationId: "listOptOuts",
    tag: TAG,
    summary: "People who asked to be left alone, the newest first",
    action: "settings.read",
    query: z.object({ ...pageQuery, platform: PlatformSchema.optional() }),
    answers: { 200: { description: "A page of people.", schema: pageOf("OptOutPage", OptOutAnswer) } },
    problems: [],
    handle: async (c, { query }) => c.json(await listOptOuts(sql, query)),
  });
  define(api, {
    method: "POST",
    path: "/api/v1/opt-outs",
    operationId: "addOptOut",
    tag: TAG,
    summary: "Add a person who asked to be left alone",
    description:
      "Name the account and the handle where both are known: replies come with the one or the other.",
    action: "settings.edit",
    body: OptOutSchema,
    answers: {
      200: { description: "The person was there already; this is the entry.", schema: OptOutAnswer },
      201: { description: "The entry.", schema: OptOutAnswer },
    },
    problems: [],
    async handle(c, { body }) {
      const by = byOf(principalOf(c));
      const { optOut, added } = await addOptOut(sql, { ...body, by, now: Date.now() });
      return c.json(optOut, added ? 201 : 200);
    },
  });
  define(api, {
    method: "DELETE",
    path: "/api/v1/opt-outs/{platform}/{accountId}",
    operationId: "removeOptOut",
    tag: TAG,
    summary: "Take a person off the list",
    description: "`accountId` as it is listed, percent-encoded.",
    action: "settings.edit",
    answers: { 204: { description: "The person is off the list." } },
    problems: ["not_found"],
    async handle(c) {
      const { platform } = checkShape(z.object({ platform: PlatformSchema }), {
        platform: c.req.param("platform"),
      });
      const accountId = c.req.param("accountId") ?? "";
      if (textFault(accountId) !== null || !await removeOptOut(sql, platform, accountId)) {
        throw new ApiFault({ code: "not_found", detail: "This person is not on the list." });
      }
      return c.body(null, 204);
    },
  });
  define(api, {
    method: "POST",
    path: "/api/v1/people/erase",
    operationId: "eraseAuthor",
    tag: TAG,
    summary: "Erase what one person said, and what quotes it",
    description:
      "For all personas, at once and for good. Repeating it does nothing more. Words that come in later are kept " +
      "again, under the platform's rule. A handle finds what its account said under other handles, too. What personas " +
      "themselves published stays, with whom it names and the address of what it answers: see `ownPosts`.",
    action: "settings.edit",
    body: EraseSchema,
    answers: { 200: { description: "What was found and, but for a dry run, erased.", schema: EraseAnswer } },
    problems: [],
    async handle(c, { body: { dryRun, ...asked } }) {
      const found = dryRun
        ? await findAuthor(sql, asked)
        : await eraseAuthor(sql, { ...asked, by: byOf(principalOf(c)), now: Date.now() });
      return c.json({ ...found, erased: !dryRun });
    },
  });
}
