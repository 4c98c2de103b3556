/** Whatever is asked of a persona, in any order and with any outcome: what always holds. */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { contentHash } from "./content.ts";
import { wantedEffects } from "./effects/runner.ts";
import type { EventData, EventType } from "./events.ts";
import { event } from "./events.ts";
import { evolve } from "./evolve.ts";
import { live, type Moment, RUNS, stepsArbitrary } from "./random_life.ts";
import {
  FINISHED,
  FINISHED_POSTS,
  initialState,
  OPEN_POSTS,
  type PersonaState,
  type PostStatus,
  reachable,
  RECENT_TEXTS,
  SEEN_INTERACTIONS,
} from "./state.ts";
import { created, folded, given, linkedTo, SANDBOX, stages } from "./testing.ts";

const seeded = { numRuns: RUNS, seed: 20_261_122 };

const always = (see: (moment: Moment) => void) =>
  fc.assert(fc.property(stepsArbitrary, (steps) => void live(steps, see)), seeded);

/** Where each status may lead. `new` is a post that is begun. */
const TRANSITIONS: Record<PostStatus | "new", PostStatus[]> = {
  new: ["draft"],
  draft: ["pending_review", "rejected", "withdrawn"],
  pending_review: ["draft", "approved", "rejected", "withdrawn"],
  approved: ["draft", "pending_review", "scheduled", "publishing", "expired", "rejected", "withdrawn"],
  scheduled: [
    "draft",
    "pending_review",
    "approved",
    "publishing",
    "expired",
    "rejected",
    "withdrawn",
    "uncertain",
  ],
  publishing: ["pending_review", "published", "failed", "uncertain", "withdrawn"],
  uncertain: ["publishing", "published", "failed", "pending_review", "withdrawn"],
  expired: ["draft", "pending_review", "rejected", "withdrawn"],
  published: ["deleted"],
  deleted: [],
  // What is out of a thread that ended half-way can be deleted.
  rejected: ["deleted"],
  failed: ["deleted"],
  withdrawn: ["deleted"],
};

Deno.test("evolve, any life: the version counts the events", () => {
  always(({ before, after, fact }) => {
    strictEqual(after.version, before.version + 1);
    strictEqual(after.version, fact.version);
  });
});

Deno.test("evolve, any life: a post changes its status only as allowed, and what is finished stays so", () => {
  const seen = new Set<string>();
  always(({ before, after, fact }) => {
    for (const post of Object.values(after.posts)) {
      const from = before.posts[post.id]?.status ?? "new";
      if (from === post.status) continue;
      seen.add(`${from} → ${post.status}`);
      ok(TRANSITIONS[from].includes(post.status), `${fact.type}: ${from} → ${post.status}`);
    }
  });
  const missed = Object.entries(TRANSITIONS).flatMap(([from, to]) =>
    to.map((status) => `${from} → ${status}`)
  )
    .filter((transition) => !seen.has(transition));
  // The chance lives must really get about, else all of this proves nothing.
  if (RUNS >= 100) ok(missed.length <= 8, `never seen: ${missed.join(", ")}`);
});

Deno.test("evolve, any life: at most one attempt of a post is open, each has one outcome", () => {
  const endings: EventType[] = ["PostPublished", "PublishRejected", "PublishUncertain", "PublishDeferred"];
  const open = new Map<string, number>();
  fc.assert(
    fc.property(stepsArbitrary, (steps) => {
      open.clear();
      live(steps, ({ after, fact }) => {
        const { postId, attempt } = fact.data as { postId: string; attempt: number };
        if (fact.type === "PublishAttempted") {
          strictEqual(open.has(postId), false, "a second attempt beside an open one");
          open.set(postId, attempt);
        } else if (open.has(postId) && endings.includes(fact.type as EventType)) {
          strictEqual(attempt, open.get(postId));
          open.delete(postId);
        }
        // No leave was given: nothing was sent.
        if (fact.type === "PostHeldBack") open.delete(postId);
        for (const post of Object.values(after.posts)) {
          strictEqual(post.publish?.attemptOpen ?? false, open.has(post.id));
        }
      });
    }),
    seeded,
  );
});

Deno.test("evolve, any life: nothing is sent that was not approved with just this text for just this account", () => {
  const approvals = new Map<string, string>();
  fc.assert(
    fc.property(stepsArbitrary, (steps) => {
      approvals.clear();
      live(steps, ({ before, fact, now }) => {
        const { postId } = fact.data as { postId: string };
        switch (fact.type as EventType) {
          case "PostApproved":
            approvals.set(postId, (fact.data as EventData["PostApproved"]).contentHash);
            break;
          case "CompositionRequested":
          case "DraftComposed":
          case "DraftRevised":
          case "DraftPrepared":
          case "PostHeldBack":
          case "ApprovalExpired":
          case "PostRejected":
          case "PostWithdrawn":
            approvals.delete(postId);
            break;
          case "PublishRequested":
          case "PublishAttempted": {
            const post = before.posts[postId];
            ok(post?.content && post.approval);
            strictEqual(approvals.get(postId), contentHash(post.content));
            strictEqual(before.connections[post.connectionId]?.accountId, post.content.accountId);
            ok(post.approval.expiresAt > now, "the approval has ended");
            const said = post.content.parts.map(({ text }) => text).join();
            ok(!before.identity.bannedWords.some((word) => said.includes(word)), "policy was passed over");
            strictEqual(before.life, "active");
            break;
          }
          default:
        }
      });
    }),
    seeded,
  );
});

Deno.test("evolve, any life: nothing happens to a post any more after it was withdrawn or rejected", () => {
  always(({ before, fact }) => {
    // Others may well answer.
    if (fact.type === "InteractionReceived") return;
    const { postId } = fact.data as { postId?: string };
    const { status, sent = [] } = before.posts[postId ?? ""] ?? {};
    const removal = ["RemovalRequested", "PostRemoved", "RemovalFailed"];
    // What is out can be taken down.
    if (status !== "deleted" && sent.length > 0 && removal.includes(fact.type)) return;
    if (status === "published" && ["PostMeasured", "MeasureRequested"].includes(fact.type)) return;
    ok(status === undefined || !FINISHED.has(status), `${fact.type} of a post that is ${status}`);
  });
});

Deno.test("evolve, any life: what is on its way is always wanted by an effect where it can go on", () => {
  always(({ after }) => {
    if (after.life === "deleted") return;
    const wanted = new Map(wantedEffects(after).map(({ kind, postId }) => [`${kind}:${postId}`, true]));
    for (const post of Object.values(after.posts)) {
      if (post.status === "publishing" && post.publish?.attemptOpen) ok(wanted.has(`interrupted:${post.id}`));
      else if (post.status === "publishing" && after.life === "active" && reachable(after, post)) {
        ok(wanted.has(`publish:${post.id}`));
      } else if (post.status === "uncertain" && post.publish !== null && reachable(after, post)) {
        // 0: looking for it failed twice, a person decides.
        strictEqual(wanted.has(`reconcile:${post.id}`), post.publish.notBefore > 0);
      }
    }
  });
});

Deno.test("evolve, any life: a persona that ended leaves nothing that waits to go out", () => {
  fc.assert(
    fc.property(stepsArbitrary, (steps) => {
      const { state } = live(steps);
      for (const post of Object.values(state.posts)) {
        if (state.life === "deleted") {
          ok(FINISHED.has(post.status), `deleted, with a post that is ${post.status}`);
        }
        if (state.life === "retired") {
          ok(
            FINISHED.has(post.status) || post.status === "uncertain" || post.publish?.attemptOpen,
            post.status,
          );
        }
      }
    }),
    seeded,
  );
});

Deno.test("evolve, any life: a replay from the log, also from any snapshot, gives the identical state", () => {
  fc.assert(
    fc.property(stepsArbitrary, fc.nat(), (steps, cut) => {
      const { state, facts } = live(steps);
      const stored = facts.map((fact) => JSON.parse(JSON.stringify(fact)));
      const replay = (from: PersonaState, events: typeof stored) => events.reduce(evolve, from);
      deepStrictEqual(replay(initialState("p1"), stored), state);
      const middle = cut % (stored.length + 1);
      const snapshot = JSON.parse(JSON.stringify(replay(initialState("p1"), stored.slice(0, middle))));
      deepStrictEqual(replay(snapshot, stored.slice(middle)), state);
    }),
    seeded,
  );
});

Deno.test("evolve, an event of an unknown type or about nothing known: only the version moves on", () => {
  const state = folded([created, linkedTo(SANDBOX), ...stages().approved]);
  const fact = { id: "e", version: state.version + 1, by: "system" };
  for (const type of ["LettersCounted", "constructor", "toString", "__proto__"]) {
    deepStrictEqual(evolve(state, { ...fact, type, data: { commandId: "c" } }), {
      ...state,
      version: fact.version,
    });
  }
  for (
    const type of ["PostApproved", "PostPublished", "PublishUncertain", "DraftRevised", "PublishAttempted"]
  ) {
    deepStrictEqual(evolve(state, { ...fact, type, data: { postId: "missing" } }), {
      ...state,
      version: fact.version,
    });
  }
});

Deno.test("evolve, many posts and interactions: the state stays within its bounds, the newest are kept", () => {
  let state = folded([created, linkedTo(SANDBOX)]);
  const ids = Array.from({ length: FINISHED_POSTS + 50 }, (_, index) => `post-${index}`);
  for (const postId of ids) {
    const events = stages().published.map(({ type, data }) => event(type, { ...data, postId } as never));
    state = folded(events, state);
  }
  deepStrictEqual(Object.keys(state.posts), ids.slice(-FINISHED_POSTS));
  strictEqual(state.recentTexts.length, RECENT_TEXTS);
  const heard = Array.from({ length: SEEN_INTERACTIONS + 20 }, (_, index) =>
    event("InteractionReceived", {
      interactionId: `i${index}`,
      connectionId: SANDBOX.connectionId,
      kind: "reply",
      postId: null,
      sourceHash: `h${index}`,
      wordsRef: "w",
      saidAt: 0,
    }));
  state = folded(heard, state);
  strictEqual(state.seen.length, SEEN_INTERACTIONS);
  strictEqual(state.seen.at(-1), `h${SEEN_INTERACTIONS + 19}`);
});

Deno.test("decide, as many open posts as there may be: no more are begun, and all end in one append with the persona", () => {
  const events = [created, linkedTo(SANDBOX)];
  for (let index = 0; index < OPEN_POSTS; index++) {
    events.push(
      ...stages().asked.map(({ type, data }) => event(type, { ...data, postId: `post-${index}` } as never)),
    );
  }
  const full = given(...events);
  full.when({ type: "compose", platform: "sandbox", brief: "b" }).refused("too_many_posts");
  for (const type of ["retire", "delete"] as const) {
    const { decision } = full.when({ type });
    // 500: the most events that the log takes in one append.
    ok("events" in decision && decision.events.length > OPEN_POSTS && decision.events.length <= 500);
  }
});
