import assert from "node:assert/strict";
import type { EventData, EventType } from "../../actors/persona/events.ts";
import type { StoredEvent } from "../../db/log/log.ts";
import { type FeedContext, feedLine } from "./feed_words.ts";

const CONTEXT: FeedContext = {
  users: new Map([["7", "Ann"]]),
  personas: new Map(),
  platforms: new Map(),
  heard: new Map([["i1", { handle: "jo.example", text: "Well." }]]),
};

function said(type: EventType, data: StoredEvent["data"]): string {
  const { title, detail } = feedLine({
    position: 1,
    id: "e1",
    stream: "p1",
    version: 1,
    type,
    schema: 1,
    at: "2026-11-20T00:00:00.000Z",
    by: "user:7",
    cause: "c1",
    correlation: "c1",
    data,
  }, CONTEXT);
  return `${title} ${detail}`;
}

Deno.test("a line about what others did is a sentence, whatever they did", () => {
  const heard = (kind: EventData["InteractionReceived"]["kind"]) =>
    said("InteractionReceived", { kind, interactionId: "i1" });
  assert.deepEqual(
    (["reply", "quote", "like", "repost", "follow"] as const).map(heard),
    [
      "Reply from jo.example",
      "Quoted by jo.example",
      "Liked by jo.example",
      "Reposted by jo.example",
      "New follower jo.example",
    ],
  );
});

Deno.test("a line about a changed identity calls its parts as the form does, not as the code", () => {
  assert.equal(
    said("PersonaEdited", { changes: { operatedBy: "Fern", bannedWords: ["cheap"], zone: "UTC" } }),
    "Identity changed by Ann · who runs it, words that may never appear, time zone",
  );
});
