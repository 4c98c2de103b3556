/** The checks of everything that people and programs send about personas. The console's forms use them too. */
import { z } from "@hono/zod-openapi";
import type { PersonaCommand } from "../../actors/persona/commands.ts";
import { defaultLimits } from "../../actors/persona/files/limits.ts";
import { emptyIdentity, type Identity } from "../../actors/persona/identity.ts";
import { PLATFORMS } from "../../actors/persona/platforms/limits.ts";
import type { Platform } from "../../actors/persona/platforms/port.ts";
import {
  MAX_ALT_LENGTH,
  MAX_BRIEF_LENGTH,
  MAX_IDENTITY_BYTES,
  MAX_PARTS,
  MAX_PICTURES,
  MAX_REASON_LENGTH,
  MAX_TEXT_LENGTH,
} from "./limits.ts";

const limits = defaultLimits;

/** Ids of personas, posts and connections: UUIDs, or what a platform of ours names things by. */
export const ID = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,99}$/;

/** Every platform that there is. */
export const PlatformSchema = z.enum(PLATFORMS as [Platform, ...Platform[]]);

/** An IANA time zone that this runtime knows; no bare offsets. */
export function isZone(zone: string): boolean {
  if (zone.length > 100 || !/^[A-Za-z]/.test(zone)) return false;
  try {
    new Intl.DateTimeFormat("en", { timeZone: zone });
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/** A well-formed BCP 47 tag. */
export function isLanguage(language: string): boolean {
  if (language.length > 35) return false;
  try {
    new Intl.Locale(language);
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

const text = (max: number) => z.string().max(max, `must have at most ${max} characters`);
const filled = (max: number) =>
  text(max).refine((value) => value.trim() !== "", "must not be empty").openapi({ minLength: 1 });
const line = (max: number) =>
  text(max).refine((value) => /^\P{Cc}*$/u.test(value), "must be one line without control characters");
const list = (max: number) =>
  z.array(filled(max)).max(limits.listEntries, `must have at most ${limits.listEntries} entries`);

const KnowledgeSchema = z.strictObject({
  key: filled(limits.knowledgeKeyLength).openapi({ example: "Tide tables" }),
  text: filled(limits.knowledgeTextLength).openapi({ example: "Keeps them in a drawer, sorted by year." }),
}).openapi("Knowledge");

const identityFields = {
  name: line(limits.nameLength).trim().min(1, "must not be empty").openapi({
    example: "Mira Holt",
  }),
  kind: z.enum(["fictional", "own", "consenting", "parody", "real_person"]),
  background: text(limits.backgroundLength).openapi({ example: "A lighthouse keeper who repairs radios." }),
  purpose: text(limits.purposeLength).openapi({ example: "Make people look up at the sky more often." }),
  interests: list(limits.wordLength),
  values: list(limits.wordLength),
  tone: list(limits.wordLength).openapi({ example: ["warm", "dry"] }),
  expertise: list(limits.wordLength),
  rules: list(limits.lineLength),
  bannedWords: list(limits.wordLength),
  mayMention: list(limits.wordLength).openapi({
    description: "Handles of people who agreed to be named.",
    example: ["bob.example"],
  }),
  examples: list(limits.lineLength),
  knowledge: z.array(KnowledgeSchema).max(
    limits.knowledgeEntries,
    `must have at most ${limits.knowledgeEntries} entries`,
  ),
  systemPrompt: text(limits.promptLength),
  zone: z.string().refine(isZone, "must be an IANA time zone such as Europe/Lisbon").openapi({
    example: "Europe/Lisbon",
  }),
  language: z.string().refine(isLanguage, "must be a BCP 47 language such as en or pt-BR").openapi({
    example: "en",
  }),
  operatedBy: line(200).openapi({ example: "Holt Radio Workshop" }),
} satisfies Record<keyof Identity, z.ZodType>;

/** Whether an identity fits into one event. */
export function identityFits(identity: Partial<Identity>): boolean {
  return new TextEncoder().encode(JSON.stringify(identity)).length <= MAX_IDENTITY_BYTES;
}

const TOO_BIG = `must have at most ${MAX_IDENTITY_BYTES} bytes as JSON, all fields together`;

/** A whole identity; what is left out is empty. */
export const IdentitySchema = z.strictObject({
  ...identityFields,
  kind: identityFields.kind.default(emptyIdentity.kind),
  background: identityFields.background.default(""),
  purpose: identityFields.purpose.default(""),
  interests: identityFields.interests.default([]),
  values: identityFields.values.default([]),
  tone: identityFields.tone.default([]),
  expertise: identityFields.expertise.default([]),
  rules: identityFields.rules.default([]),
  bannedWords: identityFields.bannedWords.default([]),
  mayMention: identityFields.mayMention.default([]),
  examples: identityFields.examples.default([]),
  knowledge: identityFields.knowledge.default([]),
  systemPrompt: identityFields.systemPrompt.default(""),
  zone: identityFields.zone.default(emptyIdentity.zone),
  language: identityFields.language.default(emptyIdentity.language),
  operatedBy: identityFields.operatedBy.default(""),
}).refine(identityFits, TOO_BIG).openapi("NewPersona", {
  description: "Who a persona is. Only `name` is needed.",
}) satisfies z.ZodType<Identity>;

/** What is to change of an identity; what is left out stays. */
export const IdentityChangesSchema = z.strictObject(identityFields).partial()
  .refine((changes) => Object.keys(changes).length > 0, "must name at least one field")
  .refine(identityFits, TOO_BIG)
  .openapi("PersonaChanges", { minProperties: 1 }) satisfies z.ZodType<Partial<Identity>>;

const id = z.string().regex(ID, "must be an id");
const postId = id.openapi({ description: "The post's id.", example: "0199c7a2-6f1e-7b55-8a7e-0d6d1a2b3c4d" });
const deadLetterId = id.openapi({ description: "Of a command that failed twice, as the list names it." });
const time = {
  at: z.string().min(1, "must not be empty").max(100).openapi({
    description: "Local date and time in `zone`, or an instant with an offset.",
    example: "2026-12-01T09:00",
  }),
  zone: z.string().min(1, "must not be empty").max(100).openapi({
    description: "IANA time zone.",
    example: "Europe/Lisbon",
  }),
};
const reason = filled(MAX_REASON_LENGTH).openapi({
  example: "Too long, and the second sentence is not true.",
});

/** The commands that `POST …/commands` takes; creating, editing, deleting and linking have routes of their own. */
export type RoutedCommand = Exclude<
  PersonaCommand,
  { type: "create" | "edit" | "delete" | "link" | "unlink" }
>;

const command = <T extends RoutedCommand["type"], S extends z.ZodRawShape>(type: T, fields: S) =>
  z.strictObject({ type: z.literal(type), ...fields }).openapi(`Command_${type}`);

/** A picture as its upload was answered, with what it shows. */
const MediaSchema = z.strictObject({
  sha256: z.string().regex(/^[0-9a-f]{64}$/, "must be the sha256 that the upload was answered with"),
  mime: z.string().min(1).max(100).openapi({ example: "image/jpeg" }),
  width: z.int().min(1).max(100_000),
  height: z.int().min(1).max(100_000),
  bytes: z.int().min(1),
  alt: text(MAX_ALT_LENGTH).openapi({
    description: "What it shows.",
    example: "Frost on a lighthouse lens.",
  }),
}).openapi("Media");

const parts = z.array(z.strictObject({
  text: filled(MAX_TEXT_LENGTH),
  media: z.array(MediaSchema).max(MAX_PICTURES, `must have at most ${MAX_PICTURES} entries`).optional(),
})).min(1, "must have at least one part").max(MAX_PARTS, `must have at most ${MAX_PARTS} parts`).openapi({
  description: "One entry for a post, several for a thread.",
  example: [{ text: "The first frost on the lens this morning." }],
});

const newPost = {
  platform: PlatformSchema,
  postId: z.uuid("must be a UUID").toLowerCase().optional().openapi({ description: "Chosen by the caller." }),
  connectionId: id.optional(),
  setId: z.uuid("must be a UUID").toLowerCase().optional().openapi({
    description: "The same for posts on several platforms that belong together.",
  }),
};

export const commandSchemas = {
  compose: command("compose", {
    ...newPost,
    brief: filled(MAX_BRIEF_LENGTH).openapi({ example: "The first frost on the lens this morning." }),
  }),
  write: command("write", { ...newPost, parts }),
  reply: command("reply", {
    interactionId: id,
    brief: text(MAX_BRIEF_LENGTH).optional().openapi({
      description: "What to answer; may be left to the writer.",
    }),
    parts: parts.optional().openapi({ description: "The answer in your own words." }),
    postId: newPost.postId,
  }),
  rewrite: command("rewrite", { postId, reason: reason.optional() }),
  revise: command("revise", { postId, text: filled(MAX_TEXT_LENGTH).optional(), parts: parts.optional() }),
  submit: command("submit", { postId }),
  approve: command("approve", {
    postId,
    contentHash: z.string().min(1).max(128).openapi({ description: "Of the text that was looked at." }),
    acknowledged: z.array(z.string().regex(/^[a-z_]{1,40}$/, "must be the name of a rule")).max(10).optional()
      .openapi({
        description: "Rules whose findings the person saw and lets pass.",
        example: ["coordinated"],
      }),
    then: z.discriminatedUnion("kind", [
      z.strictObject({ kind: z.literal("publish") }),
      z.strictObject({ kind: z.literal("schedule"), ...time }),
    ]).optional().openapi({ description: "What follows at once." }),
  }),
  reject: command("reject", { postId, reason }),
  publish: command("publish", { postId }),
  schedule: command("schedule", { postId, ...time }),
  unschedule: command("unschedule", { postId }),
  withdraw: command("withdraw", { postId }),
  resolve: command("resolve", {
    postId,
    outcome: z.enum(["went_out", "did_not"]),
    url: z.url({ protocol: /^https?$/, message: "must be an http or https address" }).max(2_000).optional(),
  }),
  check_again: command("check_again", { postId }),
  delete_post: command("delete_post", { postId }),
  measure: command("measure", { postId }),
  check_connection: command("check_connection", { connectionId: id }),
  retry_dead_letter: command("retry_dead_letter", { deadLetterId }),
  drop_dead_letter: command("drop_dead_letter", { deadLetterId }),
  pause: command("pause", {}),
  resume: command("resume", {}),
  retire: command("retire", {}),
} satisfies Record<RoutedCommand["type"], z.ZodType>;

const NOT_A_COMMAND = "must be one of " + Object.keys(commandSchemas).join(", ") +
  "; creating, editing, deleting and connecting have routes of their own";

export const CommandSchema = z.discriminatedUnion("type", [
  commandSchemas.compose,
  commandSchemas.write,
  commandSchemas.reply,
  commandSchemas.rewrite,
  commandSchemas.revise,
  commandSchemas.submit,
  commandSchemas.approve,
  commandSchemas.reject,
  commandSchemas.publish,
  commandSchemas.schedule,
  commandSchemas.unschedule,
  commandSchemas.withdraw,
  commandSchemas.resolve,
  commandSchemas.check_again,
  commandSchemas.delete_post,
  commandSchemas.measure,
  commandSchemas.check_connection,
  commandSchemas.retry_dead_letter,
  commandSchemas.drop_dead_letter,
  commandSchemas.pause,
  commandSchemas.resume,
  commandSchemas.retire,
], { error: (issue) => issue.code === "invalid_union" ? NOT_A_COMMAND : undefined })
  .openapi("Command") satisfies z.ZodType<RoutedCommand>;

const secretText = (description: string) =>
  z.string().trim().min(1, "must not be empty").max(300).openapi({ description, format: "password" });

const NOT_BY_PROGRAM =
  "must be sandbox, bluesky or x; LinkedIn, and X without keys, are connected in the console: a person has to " +
  "give leave there";

const standingFields = {
  operatedBy: line(200).optional().openapi({
    description: "Who runs the persona; kept with it. May be left out where it is named already.",
    example: "Holt Radio Workshop",
  }),
  kind: z.enum(["fictional", "own", "consenting", "parody"], {
    error: "must be fictional, own, consenting or parody: a real living person's persona has no real account",
  }).optional().openapi({ description: "What the persona is; kept with it." }),
};
const replace = z.boolean().optional().openapi({
  description:
    "Lets it take the place of another account that the persona has there; approvals are void then.",
});

/** What is said of a persona when it gets a real account. */
export const StandingSchema = z.strictObject(standingFields);

/** What links an account. Credentials go to the vault, never into a command or an event. */
export const ConnectSchema = z.discriminatedUnion("platform", [
  z.strictObject({ platform: z.literal("sandbox") }).openapi("ConnectSandbox"),
  z.strictObject({
    platform: z.literal("bluesky"),
    service: z.url({ protocol: /^https?$/, message: "must be an https address" }).max(300).optional().openapi(
      {
        description: "The account's server; found from the handle or DID when left out.",
        example: "https://pds.example",
      },
    ),
    identifier: z.string().trim().min(1, "must not be empty").max(300).openapi({
      description: "Handle, DID or e-mail address.",
      example: "mira.example",
    }),
    password: z.string().min(1, "must not be empty").max(300).openapi({
      description: "An app password.",
      format: "password",
    }),
    ...standingFields,
    disclose: z.boolean().default(true).openapi({
      description: "Label the profile as automated; a real account has to be.",
    }),
    replace,
  }).openapi("ConnectBluesky"),
  z.strictObject({
    platform: z.literal("x"),
    consumerKey: secretText("Of the app: API key."),
    consumerSecret: secretText("Of the app: API key secret."),
    accessToken: secretText("Of the account: access token."),
    accessSecret: secretText("Of the account: access token secret."),
    handle: z.string().trim().regex(/^@?\w{1,15}$/, "must be a handle such as mira_holt").optional().openapi({
      description: "The account that has to answer.",
      example: "mira_holt",
    }),
    ...standingFields,
    disclose: z.boolean().openapi({
      description: "That the account carries X's “Automated” label: no program can set it.",
    }),
    replace,
  }).openapi("ConnectX", { description: "By the four keys of OAuth 1.0a." }),
], { error: (issue) => issue.code === "invalid_union" ? NOT_BY_PROGRAM : undefined }).openapi("Connect");

const why = text(MAX_REASON_LENGTH).default("").openapi({ example: "The brief was wrong." });
const personaId = id.openapi({
  description: "The persona's id.",
  example: "0199c7a2-1111-7000-8000-000000000000",
});

export const StopPostingSchema = z.strictObject({ why }).openapi("StopPosting");

/** What a stop covers. */
export const StopScopeSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("all") }).openapi("StopAll"),
  z.strictObject({ kind: z.literal("platform"), platform: PlatformSchema }).openapi("StopPlatform"),
  z.strictObject({ kind: z.literal("persona"), personaId }).openapi("StopPersona"),
  z.strictObject({
    kind: z.literal("post"),
    personaId: personaId.optional().openapi({
      description: "May be left out: a post belongs to one persona.",
    }),
    postId,
  }).openapi("StopPost"),
], {
  error: (issue) => issue.code === "invalid_union" ? "must be all, platform, persona or post" : undefined,
})
  .openapi("StopScope");

export const StopSchema = z.strictObject({ scope: StopScopeSchema, why }).openapi("NewStop");

/** Which stop to lift: its kind, and what that kind needs besides. */
export const StopQuerySchema = z.object({
  kind: z.enum(["all", "platform", "persona", "post"]),
  platform: PlatformSchema.optional(),
  personaId: personaId.optional(),
  postId: postId.optional(),
});
