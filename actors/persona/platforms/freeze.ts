/** Content to the exact payload that goes out: decided once, kept in the intent, the same on each attempt. Pure. */
import type { Content } from "../content.ts";
import type { ApprovedVia } from "../events.ts";
import { freezeBluesky } from "./bluesky/freeze.ts";
import { freezeLinkedIn } from "./linkedin/freeze.ts";
import type { Payload, Platform } from "./port.ts";
import { freezeX } from "./x/freeze.ts";

export interface FreezeOptions {
  /** ms since the epoch. */
  now: number;
  approval: { by: string; via: ApprovedVia };
  newTid(): string;
  newId(): string;
}

export function freeze(platform: Platform, content: Content, options: FreezeOptions): Payload {
  const { parts, replyTarget, language, accountId } = content;
  const { now, approval } = options;
  const createdAt = new Date(now).toISOString();
  switch (platform) {
    case "sandbox":
      return {
        keys: parts.map(() => options.newId()),
        records: parts.map((part, index) => ({
          text: part.text,
          language,
          createdAt,
          ...(index === 0 && replyTarget !== null ? { reply: { id: replyTarget.id } } : {}),
          ...(part.media === undefined
            ? {}
            : { media: part.media.map(({ sha256, alt, mime }) => ({ sha256, alt, mime })) }),
        })),
      };
    case "bluesky":
      return freezeBluesky(parts, {
        createdAt,
        language,
        tids: parts.map(() => options.newTid()),
        replyTarget,
      });
    case "x":
      return freezeX(parts, { createdAt: now, replyTarget, madeWithAi: true });
    case "linkedin":
      return freezeLinkedIn(parts, {
        key: options.newId(),
        author: accountId,
        frozenAt: now,
        approval,
        replyTarget,
      });
    default:
      return platform satisfies never;
  }
}
