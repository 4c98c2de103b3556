/** The shapes of what the API answers, for its document; the values come from `db/read/`. */
import { z } from "@hono/zod-openapi";
import { type IdentitySchema, PlatformSchema } from "./schemas.ts";

const time = z.iso.datetime().openapi({ example: "2026-11-22T18:30:00.000Z" });
const position = z.int().openapi({ example: 4711 });
const json = z.record(z.string(), z.any());
const platform = PlatformSchema;

export const pageOf = <T extends z.ZodType>(name: string, item: T) =>
  z.object({
    items: z.array(item),
    next: z.string().nullable().openapi({ description: "Hand it back as `after`; null on the last page." }),
  }).openapi(name);

export const EventAnswer = z.object({
  position: position.openapi({ description: "Place in the whole log: contiguous, from 1." }),
  id: z.uuid(),
  stream: z.string().openapi({ description: "The persona's id." }),
  version: z.int().openapi({ description: "Counts inside the stream, from 1." }),
  type: z.string().openapi({ example: "PostApproved" }),
  schema: z.int().openapi({ description: "Version of the shape of `data`." }),
  at: time,
  by: z.string().openapi({ example: "user:0199c7a2-0000-7000-8000-000000000000" }),
  cause: z.string().nullable().openapi({ description: "Id of the event or command that caused it." }),
  correlation: z.string().nullable(),
  data: json,
}).openapi("Event");

export const ConnectionAnswer = z.object({
  id: z.string(),
  persona: z.string(),
  platform,
  accountId: z.string(),
  handle: z.string().openapi({ example: "mira.example" }),
  service: z.string(),
  disclosure: z.enum(["profile_label", "none"]),
  linked: z.boolean(),
  health: z.enum(["ok", "lost"]),
  reason: z.string().nullable().openapi({ description: "Why it is lost." }),
  linkedAt: time,
  wordsToModel: z.boolean().nullable().openapi({
    description: "Whether what others say there may be shown to a model; null: as is usual for the platform.",
  }),
  checkedAt: time.nullable(),
  checking: z.boolean(),
}).openapi("Connection");

const count = z.int().min(0);
const ms = z.number().openapi({ description: "ms since the epoch." });
const microUsd = z.int().openapi({ description: "Millionths of a US dollar." });
const maybe = z.boolean().nullable().openapi({ description: "Null: only an attempt would tell." });

/** What a connection allows, and how it has been doing. */
const LookedAfterAnswer = ConnectionAnswer.extend({
  description: z.object({
    limits: z.object({
      maxLength: count.openapi({ description: "In one part, in `unit`." }),
      unit: z.enum(["graphemes", "weighted characters", "characters"]),
      maxParts: count,
      maxImages: count,
      maxImageBytes: count,
    }),
    may: z.object({
      post: maybe,
      reply: maybe,
      media: maybe,
      read: maybe,
      measure: maybe,
      delete: maybe,
      readBack: maybe,
    }),
    missingScopes: z.array(z.string()),
    scopes: z.array(z.string()),
    accessUntil: ms.nullable(),
    leaveUntil: ms.nullable().openapi({
      description: "When a person has to link again; null: not known, or never.",
    }),
    warnings: z.array(z.string()),
    prices: z.object({
      post: microUsd,
      postWithLink: microUsd,
      reply: microUsd,
      read: microUsd,
      delete: microUsd,
      asOf: z.string(),
      source: z.string(),
    }).nullable(),
    promise: z.enum(["exactly_once", "at_most_once", "person_decides"]),
  }).nullable().openapi({ description: "Null where it is unlinked, or its credentials cannot be read." }),
  use: z.object({
    windows: z.array(z.object({
      name: z.string(),
      holds: z.enum(["publish", "read", "any"]),
      limit: z.number(),
      remaining: z.number(),
      resetAt: ms,
    })),
    spent: z.array(z.object({
      what: z.enum(["post", "reply", "read", "delete", "media", "other"]),
      count: z.number(),
      microUsd: z.number(),
    })).openapi({ description: "Of this month (UTC)." }),
    lastAt: time.nullable(),
    lastOkAt: time.nullable(),
    error: z.string().nullable().openapi({ description: "Of the last call; null where it went well." }),
  }),
}).openapi("ConnectionLookedAfter");
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

const strings = z.array(z.string());
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

const Verdict = z.object({
  rule: z.string(),
  level: z.enum(["pass", "warn", "block"]),
  message: z.string(),
  source: z.string().optional().openapi({ description: "Where the rule is from." }),
});
const Sent = z.object({ id: z.string(), url: z.string() });

const Content = z.object({
  connectionId: z.string(),
  accountId: z.string(),
  parts: z.array(z.object({
    text: z.string(),
    facets: z.array(json),
    media: z.array(json).optional(),
    weight: z.number().optional().openapi({ description: "In the platform's own unit, where it has one." }),
  })),
  replyTarget: json.nullable(),
  labels: strings,
  disclosure: z.enum(["profile_label", "none"]),
  language: z.string(),
}).openapi("Content", { description: "Exactly what is approved; `contentHash` is over this." });

const postStatus = z.enum([
  "draft",
  "pending_review",
  "approved",
  "scheduled",
  "publishing",
  "published",
  "uncertain",
  "rejected",
  "failed",
  "expired",
  "withdrawn",
  "deleted",
]);

export const PostAnswer = z.object({
  id: z.string(),
  persona: z.string(),
  personaName: z.string().nullable(),
  platform,
  status: postStatus,
  text: z.string(),
  contentHash: z.string().nullable(),
  url: z.string().nullable(),
  createdAt: time,
  updatedAt: time,
  publishedAt: time.nullable(),
  account: z.object({
    connectionId: z.string(),
    accountId: z.string(),
    handle: z.string(),
    service: z.string(),
    linked: z.boolean(),
    health: z.enum(["ok", "lost"]),
  }).nullable(),
  brief: z.string(),
  writing: z.enum(["asked", "writing", "done", "failed"]),
  trouble: z.string().nullable().openapi({ description: "What went wrong last, or what is waited for." }),
  content: Content.nullable(),
  prepared: z.boolean().openapi({ description: "False while links and mentions are looked up." }),
  verdicts: z.array(Verdict),
  provenance: json.nullable().openapi({
    description: "How the draft came to be; null for one that a person wrote.",
  }),
  approval: z.object({
    by: z.string(),
    via: z.enum(["session", "token"]),
    at: time,
    expiresAt: time,
    acknowledged: strings.optional(),
  }).nullable(),
  slot: z.object({ at: time, zone: z.string() }).nullable(),
  sent: z.array(Sent),
  attempts: count,
  setId: z.string().nullable(),
  variants: z.array(z.object({ id: z.string(), platform, status: postStatus })).openapi({
    description: "The others of its set.",
  }),
  answering: json.nullable().openapi({ description: "What it answers." }),
  evidence: z.array(Sent).openapi({ description: "While it is uncertain: what on the platform may be it." }),
  measured: json.nullable().openapi({ description: "How it did when it was looked at last." }),
  measuredAt: time.nullable(),
  removing: z.boolean(),
  createdPosition: position,
  updatedPosition: position,
}).openapi("Post");

export const InteractionAnswer = z.object({
  id: z.string(),
  persona: z.string(),
  connectionId: z.string(),
  platform: platform.nullable(),
  kind: z.enum(["mention", "reply", "quote", "like", "repost", "follow"]),
  postId: z.string().nullable(),
  summons: z.boolean().openapi({
    description: "False where the platform takes no answer of a program to it.",
  }),
  byBot: z.boolean().openapi({ description: "Its author says that it is a machine." }),
  answeredBy: z.string().nullable(),
  words: z.union([
    z.object({
      text: z.string(),
      authorId: z.string().nullable(),
      authorHandle: z.string().nullable(),
      url: z.string().nullable(),
      profileRemovedAt: time.nullable().openapi({
        description: "When the author was removed, under a rule that keeps the words longer.",
      }),
    }),
    z.object({ removedAt: time, rule: z.string() }),
    z.null(),
  ]),
  saidAt: time,
  receivedAt: time,
  position,
}).openapi("Interaction");

export const MemoryAnswer = z.object({
  id: z.string(),
  persona: z.string(),
  kind: z.literal("said"),
  postId: z.string().nullable(),
  text: z.string(),
  at: time,
  position,
}).openapi("Memory");

export const DeadLetterAnswer = z.object({
  id: z.string(),
  persona: z.string(),
  personaName: z.string().nullable().openapi({
    description: "Null where the persona could not even be created.",
  }),
  commandId: z.string(),
  type: z.string().openapi({ description: "What was asked.", example: "revise" }),
  at: time.openapi({ description: "When it failed last." }),
  by: z.string().openapi({ description: "Who asked." }),
  reason: z.string().openapi({ description: "The error that it made last." }),
  crashes: count,
  status: z.enum(["open", "retried", "dropped"]),
  command: json.nullable().openapi({
    description: "The whole command; null where it was not kept: then it cannot be retried.",
  }),
  position,
}).openapi("DeadLetter");

export const CommandAnswerSchema = z.object({
  commandId: z.string().openapi({ description: "The `Idempotency-Key`, or an id made for it." }),
  events: z.array(EventAnswer),
  repeated: z.boolean().openapi({
    description: "True when this is the answer given before for the same key.",
  }),
}).openapi("CommandAnswer");

export const PostingAnswer = z.object({
  stopped: z.boolean(),
  by: z.string().nullable(),
  why: z.string().nullable(),
  since: z.string().nullable(),
}).openapi("Posting", { description: "The switch over everything outward." });

export const StopAnswer = z.object({
  scope: z.discriminatedUnion("kind", [
    z.object({ kind: z.literal("all") }),
    z.object({ kind: z.literal("platform"), platform }),
    z.object({ kind: z.literal("persona"), personaId: z.string() }),
    z.object({ kind: z.literal("post"), personaId: z.string(), postId: z.string() }),
  ]),
  by: z.string().openapi({ example: "user:0199c7a2-0000-7000-8000-000000000000" }),
  why: z.string().openapi({ description: "May be empty.", example: "The brief was wrong." }),
  since: time,
}).openapi("Stop", { description: "Nothing within its scope goes out until a person lifts it." });

export const StopPage = pageOf("StopPage", StopAnswer);
export const EventPage = pageOf("EventPage", EventAnswer);
export const PostPage = pageOf("PostPage", PostAnswer);
export const PersonaPage = pageOf("PersonaPage", PersonaSummaryAnswer);
export const ConnectionPage = pageOf("ConnectionPage", LookedAfterAnswer);
export const InteractionPage = pageOf("InteractionPage", InteractionAnswer);
export const DeadLetterPage = pageOf("DeadLetterPage", DeadLetterAnswer);
export const MemoryPage = pageOf("MemoryPage", MemoryAnswer);
