import { ok, strictEqual } from "node:assert/strict";
import type { Command } from "../commands.ts";
import { defaultLimits } from "../../../db/log/limits.ts";
import { MOST_AT_ONCE } from "../platforms/bluesky/notifications.ts";
import { advance } from "../platforms/bluesky/poll_cursor.ts";
import { SEEN_INTERACTIONS } from "../state.ts";
import { created, given, linkedTo, NOW, SANDBOX } from "../testing.ts";

Deno.test("polled, as much as a poll of Bluesky hands out: it fits into one append, and the cursor is kept", () => {
  const items = Array.from({ length: MOST_AT_ONCE }, (_, index) => ({
    interaction: { kind: "like" as const, about: null, at: NOW },
    sourceHash: `hash-${index}`,
    wordsRef: `words-${index}`,
  }));
  const handled = items.map(({ sourceHash }, index) => ({
    id: `at://did:plc:${sourceHash}/app.bsky.feed.like/3l7`,
    at: new Date(NOW + index * 1_000).toISOString(),
  }));
  const then = advance(null, handled);
  const cursor = JSON.stringify({ ...then, backlog: { from: "f".repeat(2_000), then } });
  const connectionId = SANDBOX.connectionId;
  const { decision } = given(created, linkedTo(SANDBOX)).when({
    type: "polled",
    connectionId,
    cursor,
    items,
  });
  ok("events" in decision);
  strictEqual(decision.events.at(-1)?.type, "PollCompleted", "what was handed out is not asked for again");
  ok(decision.events.length <= defaultLimits.appendEvents);
  ok(items.length <= defaultLimits.appendWords);
  ok(MOST_AT_ONCE <= SEEN_INTERACTIONS, "after a crash before the cursor was kept, all of them are known");

  // An address of a post of ours is the longest that `about` holds.
  const about = `at://did:plc:${"a".repeat(24)}/app.bsky.feed.post/3l7aaaaaaaaaa`;
  const largest: Command = {
    type: "polled",
    connectionId: crypto.randomUUID(),
    cursor,
    items: items.map((item) => ({
      interaction: { ...item.interaction, about },
      sourceHash: "h".repeat(64),
      wordsRef: crypto.randomUUID(),
    })),
  };
  ok(JSON.stringify(largest).length < defaultLimits.eventBytes - 2_000, "it can be kept when it fails twice");
  ok(decision.events.length + 1 <= defaultLimits.appendEvents, "its retry fits into one append as well");
});
