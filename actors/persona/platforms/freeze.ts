/** Content to the exact payload that goes out: decided once, kept in the intent, the same on each attempt. Pure. */
import type { Content } from "../content.ts";
import { freezeBluesky } from "./bluesky/freeze.ts";
import type { Payload, Platform } from "./port.ts";

export interface FreezeOptions {
  /** ISO 8601 in UTC. */
  createdAt: string;
  newTid(): string;
  newId(): string;
}

export function freeze(platform: Platform, content: Content, options: FreezeOptions): Payload {
  switch (platform) {
    case "sandbox":
      return {
        keys: content.parts.map(() => options.newId()),
        records: content.parts.map((part) => ({
          text: part.text,
          language: content.language,
          createdAt: options.createdAt,
        })),
      };
    case "bluesky":
      return freezeBluesky(content.parts, {
        createdAt: options.createdAt,
        language: content.language,
        tids: content.parts.map(() => options.newTid()),
      });
    default:
      return platform satisfies never;
  }
}
