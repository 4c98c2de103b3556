import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import type { InternalCommand } from "../commands.ts";
import { decide } from "../decide.ts";
import type { PersonaEvent } from "../events.ts";
import { event } from "../events.ts";
import type { AdapterContext, Outcome, PlatformAdapter } from "../platforms/port.ts";
import type { PersonaState } from "../state.ts";
import { at, folded, NOW, SENT, stages, testContext } from "../testing.ts";
import { systemClock } from "../../ports.ts";
import type { EffectContext, Permit } from "./context.ts";
import { Limits } from "./limits.ts";
import { EffectLoop } from "./loop.ts";

/** An actor without a supervisor: what effects submit is decided and folded at once, and the loop looks again. */
function world(events: PersonaEvent[], publish: () => Promise<Outcome>) {
  let state: PersonaState = folded(events);
  const submitted: InternalCommand["type"][] = [];
  const notes: string[] = [];
  const asked: string[] = [];
  const waiting: { type: string; done: () => void }[] = [];
  const adapter: PlatformAdapter = {
    prepare: () => Promise.reject(new Error("not here")),
    publish,
    reconcile: () => Promise.resolve({ kind: "found", sent: SENT }),
    poll: () => Promise.resolve({ interactions: [], cursor: null }),
    findTarget: () => Promise.reject(new Error("not here")),
    metrics: () => Promise.reject(new Error("not here")),
    remove: () => Promise.reject(new Error("not here")),
    refresh: () => Promise.reject(new Error("not here")),
    describe: () => {
      throw new Error("not here");
    },
  };
  const context: EffectContext = {
    state: () => state,
    live: () => true,
    limits: new Limits(),
    askWords: (refs) => Promise.resolve(refs.map(() => null)),
    note: (text) => void notes.push(text),
    now: () => NOW,
    newId: () => "id",
    within: (_ms, work) => work(new AbortController().signal),
    submit(command) {
      submitted.push(command.type);
      const decision = decide(state, command, testContext());
      if ("refused" in decision) return Promise.resolve("refused");
      state = folded(decision.events, state);
      // As in the actor: the answer first, then a look, before whoever waits goes on.
      const answer = Promise.resolve("committed" as const);
      loop.look();
      for (const one of waiting) if (submitted.includes(one.type as InternalCommand["type"])) one.done();
      return answer;
    },
    askPermit(postId): Promise<Permit> {
      asked.push(postId);
      return Promise.resolve({ granted: true, validMs: 10_000, reason: "", verdicts: [] });
    },
    progress: () => {},
    writer: () => Promise.reject(new Error("no writer here")),
    platform: () => Promise.resolve({ adapter, at: {} as AdapterContext }),
    crashPoint: () => Promise.resolve(),
  };
  const loads: number[] = [];
  const idle: (() => void)[] = [];
  const loop = new EffectLoop(context, systemClock, ({ running }) => {
    loads.push(running);
    if (running === 0) { for (const done of idle.splice(0)) done(); }
  });
  return {
    loop,
    state: () => state,
    submitted,
    asked,
    notes,
    loads,
    /** Resolves when effects ran and all have ended. */
    ended: () => new Promise<void>((resolve) => idle.push(resolve)),
    happens: (type: string) => new Promise<void>((done) => waiting.push({ type, done })),
    commit(...more: PersonaEvent[]) {
      state = folded(more, state);
      loop.look();
    },
    /** Ends the timers. */
    close() {
      state = { ...state, life: "deleted", connections: {} };
      loop.look();
    },
  };
}

const ALL = [{ platform: null, postId: null }];

const post = (id: string, stage: keyof ReturnType<typeof stages>): PersonaEvent[] =>
  stages()[stage].map(({ type, data }) => event(type, { ...data, postId: id } as never));

Deno.test("effect loop, an attempt under way: it is not reported as interrupted, its own outcome counts", async () => {
  const sending = Promise.withResolvers<Outcome>();
  const its = world(at("publishing"), () => sending.promise);
  const begun = its.happens("begin_attempt");
  its.loop.look();
  await begun;
  for (let look = 0; look < 5; look++) {
    its.loop.look();
    await Promise.resolve();
  }
  deepStrictEqual(its.submitted, ["begin_attempt"]);
  const ended = its.ended();
  sending.resolve({ kind: "sent", sent: SENT });
  await ended;
  deepStrictEqual(its.submitted, ["begin_attempt", "outcome"]);
  strictEqual(its.state().posts.a?.status, "published");
  its.close();
});

Deno.test("effect loop, an attempt that a crash cut short: it is doubtful, then looked for and found, never sent again", async () => {
  let sent = 0;
  const its = world(
    at("attempting"),
    () => Promise.resolve({ kind: "sent", sent: SENT, n: sent++ } as Outcome),
  );
  const ended = its.ended();
  its.loop.look();
  await ended;
  while (its.state().posts.a?.status !== "published") await its.ended();
  deepStrictEqual(its.submitted, ["outcome", "reconciled"]);
  strictEqual(sent, 0);
  its.close();
});

Deno.test("effect loop, posts of one account: one after the other", async () => {
  let under = 0;
  let most = 0;
  const events = [...at("publishing"), ...post("b", "publishing"), ...post("c", "publishing")];
  const its = world(events, async () => {
    most = Math.max(most, ++under);
    await new Promise((resolve) => setTimeout(resolve, 1));
    under--;
    return { kind: "sent", sent: SENT };
  });
  its.loop.look();
  while (Object.values(its.state().posts).some(({ status }) => status !== "published")) await its.ended();
  strictEqual(most, 1);
  deepStrictEqual(its.asked, ["a", "b", "c"]);
  its.close();
});

Deno.test("effect loop, while all posting is stopped: nothing is begun that goes out; lifted, it goes on", async () => {
  const its = world(at("publishing"), () => Promise.resolve({ kind: "sent", sent: SENT }));
  its.loop.hold(ALL);
  its.loop.look();
  deepStrictEqual(its.submitted, []);
  const ended = its.ended();
  its.loop.hold([]);
  await ended;
  strictEqual(its.state().posts.a?.status, "published");
  its.close();
});

Deno.test("effect loop, an effect that throws: it is noted and left alone for a while, not begun in a circle", async () => {
  const its = world(at("asked"), () => Promise.reject(new Error("never")));
  const ended = its.ended();
  its.loop.look();
  await ended;
  for (let look = 0; look < 10; look++) its.loop.look();
  deepStrictEqual(its.submitted, ["begin_writing"]);
  ok(its.notes.some((note) => note.includes("no writer here")));
  its.close();
});

Deno.test("effect loop, many texts at once: bounded, a slot and an expiry are not held up by them", async () => {
  const events = at("scheduled");
  for (let index = 0; index < 10; index++) events.push(...post(`w${index}`, "asked"));
  const slotNow = event("PostScheduled", { postId: "a", at: NOW, zone: "UTC", local: "2026-11-22T09:00" });
  const its = world([...events, slotNow], () => Promise.resolve({ kind: "sent", sent: SENT }));
  const gone = its.happens("go_out");
  its.loop.look();
  await gone;
  ok(Math.max(...its.loads) <= 5, String(its.loads));
  strictEqual(its.submitted.filter((type) => type === "begin_writing").length <= 4, true);
  while (its.state().posts.a?.status !== "published") await its.ended();
  its.close();
});

Deno.test("effect loop, a time comes while posting is stopped: nothing is frozen to go out before the stop is lifted", async () => {
  const soon = event("PostScheduled", { postId: "a", at: NOW, zone: "UTC", local: "2026-11-22T09:00" });
  const its = world([...at("approved"), soon], () => Promise.resolve({ kind: "sent", sent: SENT }));
  its.loop.hold(ALL);
  deepStrictEqual(its.submitted, []);
  const ended = its.ended();
  its.loop.hold([]);
  await ended;
  strictEqual(its.submitted[0], "go_out");
  its.close();
});

Deno.test("effect loop, one post held: it waits, the others of the persona go out; let go, it goes out", async () => {
  const its = world(
    [...at("publishing"), ...post("b", "publishing")],
    () => Promise.resolve({ kind: "sent", sent: SENT }),
  );
  const first = its.ended();
  its.loop.hold([{ platform: null, postId: "a" }]);
  await first;
  deepStrictEqual([its.state().posts.a?.status, its.state().posts.b?.status], ["publishing", "published"]);
  deepStrictEqual(its.asked, ["b"]);
  const second = its.ended();
  its.loop.hold([]);
  await second;
  strictEqual(its.state().posts.a?.status, "published");
  its.close();
});

Deno.test("effect loop, a platform held: posts for it wait, posts for another go out", async () => {
  const its = world(at("publishing"), () => Promise.resolve({ kind: "sent", sent: SENT }));
  const platform = Object.values(its.state().connections)[0]?.platform;
  ok(platform !== undefined);
  its.loop.hold([{ platform, postId: null }]);
  deepStrictEqual(its.submitted, []);
  const ended = its.ended();
  its.loop.hold([{ platform: platform === "sandbox" ? "bluesky" : "sandbox", postId: null }]);
  await ended;
  strictEqual(its.state().posts.a?.status, "published");
  its.close();
});
