/** Posts, with all that led to them. */
import { z } from "@hono/zod-openapi";
import { PlatformSchema } from "../schemas/fields.ts";
import { count, json, position, strings, time } from "./fields.ts";
import { pageOf } from "./page.ts";

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
  platform: PlatformSchema,
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
    seen: strings.optional(),
  }).nullable(),
  slot: z.object({ at: time, zone: z.string() }).nullable(),
  sent: z.array(Sent),
  attempts: count,
  nextTryAt: time.nullable().openapi({
    description: "While it is going out: when it is tried next, where it has to wait.",
  }),
  setId: z.string().nullable(),
  variants: z.array(z.object({ id: z.string(), platform: PlatformSchema, status: postStatus })).openapi({
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

export const PostPage = pageOf("PostPage", PostAnswer);
