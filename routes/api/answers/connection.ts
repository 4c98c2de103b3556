/** Accounts of personas. */
import { z } from "@hono/zod-openapi";
import { PlatformSchema } from "../schemas/fields.ts";
import { count, time } from "./fields.ts";
import { pageOf } from "./page.ts";

export const ConnectionAnswer = z.object({
  id: z.string(),
  persona: z.string(),
  platform: PlatformSchema,
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

export const ConnectionPage = pageOf("ConnectionPage", LookedAfterAnswer);
