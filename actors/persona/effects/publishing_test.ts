import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import type { InternalCommand } from "../commands.ts";
import type { PersonaEvent } from "../events.ts";
import { event } from "../events.ts";
import { decide } from "../decide.ts";
import type { AdapterContext, MediaRef, Outcome, Payload, PlatformAdapter, Sent } from "../platforms/port.ts";
import type { PersonaState } from "../state.ts";
import { APPROVED_UNTIL, created, folded, linkedTo, NOW, SANDBOX, testContext } from "../testing.ts";
import type { EffectContext, Permit } from "./context.ts";
import { Limits } from "./limits.ts";
import { publishPost } from "./publishing.ts";

const postId = "a";
const part = (n: number): Sent => ({ id: `part-${n}`, url: `https://sandbox.example/${n}` });

const GRANTED: Permit = { granted: true, validMs: 2_000, reason: "", verdicts: [] };
const picture = (n: number): MediaRef => ({
  sha256: String(n).repeat(64),
  mime: "image/jpeg",
  width: 1,
  height: 1,
  bytes: 1,
  alt: "A lens.",
});

/** A persona that is about to send a thread; `between` happens once its first part is out. */
function sending(
  between: (its: { happen(...events: PersonaEvent[]): void; wait(ms: number): void }) => void,
  media: MediaRef[][] = [],
  uploads: { up(its: { happen(...events: PersonaEvent[]): void; wait(ms: number): void }): void } = {
    up: () => {},
  },
) {
  let now = NOW;
  let state: PersonaState = folded([created, linkedTo(SANDBOX)]);
  const give = (command: Parameters<typeof decide>[1]) => {
    const decision = decide(state, command, { ...testContext(), now });
    if ("refused" in decision) return "refused" as const;
    state = folded(decision.events, state);
    return "committed" as const;
  };
  const parts = ["One.", "Two.", "Three."].map((text, index) => ({ text, media: media[index] }));
  give({ type: "write", platform: "sandbox", parts, postId });
  give({
    type: "approve",
    postId,
    contentHash: state.posts[postId]?.contentHash ?? "",
    then: { kind: "publish" },
  });
  const sent: string[] = [];
  const deadlines: number[] = [];
  const its = {
    happen: (...events: PersonaEvent[]) => void (state = folded(events, state)),
    wait: (ms: number) => void (now += ms),
  };
  const adapter = {
    async publish(at: AdapterContext, { records }: Payload, before: Sent[]): Promise<Outcome> {
      if (media[before.length]?.length) {
        uploads.up(its);
        const against = await at.leave();
        if (against !== null) return { kind: "not_sent", reason: against };
      }
      sent.push(String(records[before.length]?.text));
      if (before.length === 0) between(its);
      return { kind: "sent", sent: [...before, part(before.length + 1)] };
    },
  } as unknown as PlatformAdapter;
  const submitted: InternalCommand[] = [];
  const limits = new Limits();
  /** The supervisor's next answers; then it gives leave. */
  const permits: Permit[] = [];
  const context = {
    state: () => state,
    now: () => now,
    within: <T>(ms: number, work: (signal: AbortSignal) => Promise<T>) => {
      deadlines.push(ms);
      return work(new AbortController().signal);
    },
    submit(command: InternalCommand) {
      submitted.push(command);
      return Promise.resolve(give(command));
    },
    askPermit: () => Promise.resolve(permits.shift() ?? GRANTED),
    platform: () => Promise.resolve({ adapter, at: {} as AdapterContext }),
    crashPoint: () => Promise.resolve(),
    limits,
  } as unknown as EffectContext;
  return {
    limits,
    permits,
    submitted,
    ...its,
    sent,
    deadlines,
    post: () => {
      const post = state.posts[postId];
      ok(post);
      return post;
    },
    publish: () => publishPost(context, postId),
  };
}

Deno.test("publish, a thread with nothing in its way: every part once, in order", async () => {
  const its = sending(() => {});
  await its.publish();
  deepStrictEqual(its.sent, ["One.", "Two.", "Three."]);
  deepStrictEqual([its.post().status, its.post().sent.length], ["published", 3]);
});

Deno.test("publish, a persona paused while its thread goes out: no part after that; resumed, it goes on behind it", async () => {
  const its = sending(({ happen }) => happen(event("PersonaPaused", {})));
  await its.publish();
  deepStrictEqual(its.sent, ["One."]);
  deepStrictEqual([its.post().status, its.post().sent], ["publishing", [part(1)]]);
  its.happen(event("PersonaResumed", {}));
  its.wait(60_000);
  await its.publish();
  deepStrictEqual(its.sent, ["One.", "Two.", "Three."]);
  strictEqual(its.post().status, "published");
});

Deno.test("publish, a persona retired while its thread goes out: no part after that, and it waits for nothing", async () => {
  const its = sending(({ happen }) => happen(event("PersonaRetired", {})));
  await its.publish();
  deepStrictEqual(its.sent, ["One."]);
  deepStrictEqual([its.post().status, its.post().sent], ["withdrawn", [part(1)]]);
});

Deno.test("publish, the account unlinked, lost, or another one between two parts: the next is not sent with what is there now", async () => {
  const { connectionId } = SANDBOX;
  for (
    const [fact, status] of [
      [event("ConnectionUnlinked", { connectionId }), "publishing"],
      [event("ConnectionLost", { connectionId, reason: "r" }), "publishing"],
      [linkedTo({ ...SANDBOX, accountId: "account-2" }), "pending_review"],
    ] as const
  ) {
    const its = sending(({ happen }) => happen(fact));
    await its.publish();
    deepStrictEqual(its.sent, ["One."], fact.type);
    deepStrictEqual([its.post().status, its.post().sent], [status, [part(1)]], fact.type);
  }
});

Deno.test("publish, the approval ends between two parts: the rest waits for a person", async () => {
  const its = sending(({ wait }) => wait(APPROVED_UNTIL - NOW));
  await its.publish();
  deepStrictEqual(its.sent, ["One."]);
  its.wait(60_000);
  await its.publish();
  deepStrictEqual(its.sent, ["One."]);
  deepStrictEqual([its.post().status, its.post().sent], ["pending_review", [part(1)]]);
});

Deno.test("publish, a part with four pictures: it has the time for them", async () => {
  const media = [0, 1, 2, 3].map(picture);
  const its = sending(() => {}, [[], media, []]);
  await its.publish();
  strictEqual(its.post().status, "published");
  deepStrictEqual(its.deadlines, [60_000, 180_000, 60_000]);
});

Deno.test("publish, pictures that take longer than leave lasts: leave is asked for anew before anybody can see the part", async () => {
  const its = sending(() => {}, [[picture(1)]], { up: ({ wait }) => wait(20_000) });
  await its.publish();
  deepStrictEqual(its.sent, ["One.", "Two.", "Three."]);
});

Deno.test("publish, a stop, or the end of the persona's account, while pictures go up: nothing is sent", async () => {
  const stopped = sending(() => {}, [[picture(1)]]);
  stopped.permits.push(GRANTED, { ...GRANTED, granted: false, reason: "All posting is stopped." });
  await stopped.publish();
  deepStrictEqual([stopped.sent, stopped.post().status], [[], "publishing"]);

  const { connectionId } = SANDBOX;
  const gone = sending(() => {}, [[picture(1)]], {
    up: ({ happen }) => happen(event("ConnectionUnlinked", { connectionId })),
  });
  await gone.publish();
  deepStrictEqual(gone.sent, []);
});

Deno.test("publish, an upload that breaks off: nobody has seen anything, so it is no doubt", async () => {
  const its = sending(() => {}, [[picture(1)]], {
    up: () => {
      throw new Error("the line broke");
    },
  });
  await its.publish();
  deepStrictEqual(its.submitted.at(-1), {
    type: "outcome",
    postId,
    attempt: 1,
    outcome: { kind: "not_sent", reason: "the line broke" },
  });
});

Deno.test("publish, a window of the platform that is used up: it waits for its end, which is said, and nothing is sent", async () => {
  const its = sending(() => {});
  const resetAt = NOW + 600_000;
  its.limits.learn(SANDBOX.connectionId, [
    { name: "posts", holds: "publish", limit: 5, remaining: 0, resetAt },
  ], NOW);
  await its.publish();
  deepStrictEqual([its.sent, its.post().publish?.notBefore], [[], resetAt]);
  its.wait(600_000);
  await its.publish();
  strictEqual(its.post().status, "published");
});

Deno.test("publish, a rule that looks further speaks against the second part: a person sees it, and what is out stays known", async () => {
  const its = sending(() => {});
  const against = { rule: "opted_out", level: "block" as const, message: "They asked to be left alone." };
  its.permits.push(GRANTED, { granted: false, validMs: 0, reason: against.message, verdicts: [against] });
  await its.publish();
  deepStrictEqual(its.sent, ["One."]);
  deepStrictEqual([its.post().status, its.post().sent], ["pending_review", [part(1)]]);
  ok(its.post().verdicts.some(({ rule }) => rule === "opted_out"));
});
