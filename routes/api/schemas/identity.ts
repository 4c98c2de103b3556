/** Who a persona is, as people and programs send it. The console's form uses it too. */
import { z } from "@hono/zod-openapi";
import { defaultLimits as limits } from "../../../actors/persona/files/limits.ts";
import { emptyIdentity, type Identity } from "../../../actors/persona/identity.ts";
import { MAX_IDENTITY_BYTES } from "../limits.ts";
import { filled, line, text } from "./fields.ts";

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

const list = (max: number) =>
  z.array(filled(max)).max(limits.listEntries, `must have at most ${limits.listEntries} entries`);

const KnowledgeSchema = z.strictObject({
  key: filled(limits.knowledgeKeyLength).openapi({ example: "Tide tables" }),
  text: filled(limits.knowledgeTextLength).openapi({ example: "Keeps them in a drawer, sorted by year." }),
}).openapi("Knowledge");

const identityFields = {
  name: line(limits.nameLength).trim().min(1, "must not be empty").refine(
    (name) => name === "" || /[^\p{C}\p{M}\p{Z}]/u.test(name),
    "must have a character that can be seen",
  ).openapi({ example: "Mira Holt" }),
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
