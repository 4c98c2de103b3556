/** Personas, and what reading a persona file gives. */
import { z } from "@hono/zod-openapi";
import type { IdentitySchema } from "../schemas/identity.ts";
import { ConnectionAnswer } from "./connection.ts";
import { count, strings, time } from "./fields.ts";
import { pageOf } from "./page.ts";

const PostCounts = z.object({
  waiting: count.openapi({ description: "Wait for a person's review." }),
  writing: count,
  notWritten: count,
  expired: count,
  scheduled: count,
  publishing: count,
  uncertain: count.openapi({ description: "May have gone out; is being checked." }),
  failed: count,
  published: count,
}).openapi("PostCounts");

const ActorAnswer = z.object({
  state: z.enum(["asleep", "waiting", "starting", "running", "restarting", "parked"]),
  mailboxDepth: count,
  restarts: count,
  lastCrash: z.object({ at: z.string(), reason: z.string() }).nullable(),
}).openapi("Actor");

const summaryFields = {
  id: z.string(),
  name: z.string(),
  kind: z.enum(["fictional", "own", "consenting", "parody", "real_person"]),
  life: z.enum(["active", "paused", "retired"]),
  purpose: z.string(),
  zone: z.string(),
  language: z.string(),
  operatedBy: z.string(),
  origin: z.enum(["form", "template", "import"]),
  format: z.string().nullable().openapi({ description: "What it was imported from." }),
  createdAt: time,
  updatedAt: time,
  version: z.int(),
  posts: PostCounts,
  deadLetters: count.openapi({ description: "Commands that failed twice and wait for a person." }),
  connections: z.array(ConnectionAnswer),
  lastActivityAt: time,
  actor: ActorAnswer,
};

export const PersonaSummaryAnswer = z.object(summaryFields).openapi("PersonaSummary");

export const PersonaPage = pageOf("PersonaPage", PersonaSummaryAnswer);

const identityFields = {
  background: z.string(),
  interests: strings,
  values: strings,
  tone: strings,
  expertise: strings,
  rules: strings,
  bannedWords: strings,
  mayMention: strings,
  examples: strings,
  knowledge: z.array(z.object({ key: z.string(), text: z.string() })),
  systemPrompt: z.string(),
} satisfies Partial<Record<keyof z.infer<typeof IdentitySchema>, z.ZodType>>;

export const PersonaAnswer = z.object({ ...summaryFields, ...identityFields }).openapi("Persona");

const ImportReport = {
  container: z.enum(["json", "png", "charx"]),
  prompts: z.array(z.object({ label: z.string(), text: z.string() })),
  ignored: z.array(z.object({ what: z.string(), why: z.string() })).openapi({
    description: "What was left aside, and why.",
  }),
  warnings: strings,
  strippedSecrets: z.array(z.object({ path: z.string() })).openapi({ description: "Where secrets stood." }),
  redacted: z.boolean().openapi({ description: "Whether the file is kept with values replaced." }),
};

export const ImportAnswer = z.object({ ...summaryFields, ...identityFields, ...ImportReport }).openapi(
  "ImportedPersona",
);

export const PreviewAnswer = z.object({
  format: z.enum(["eliza", "card_v1", "card_v2", "card_v3"]),
  identity: z.object({
    ...identityFields,
    name: z.string(),
    kind: summaryFields.kind,
    purpose: z.string(),
    zone: z.string(),
    language: z.string(),
    operatedBy: z.string(),
  }),
  ...ImportReport,
}).openapi("ImportPreview");
