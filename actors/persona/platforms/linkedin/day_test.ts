import assert from "node:assert/strict";
import { until } from "../../../../tests/crash/wait.ts";
import { SimClock } from "../../../../tests/simulation/clock.ts";
import { SimRandom } from "../../../../tests/simulation/random.ts";
import { startLinkedInStandIn } from "../../../../tests/stand_ins/linkedin/stand_in.ts";
import { Actor } from "../../actor.ts";
import type { ConnectionInfo } from "../../events.ts";
import type { Up } from "../../protocol.ts";
import { created, linkedTo } from "../../testing.ts";
import { connectionSecret } from "../registry.ts";
import { createLinkedInAdapter } from "./adapter.ts";
import { nextMidnight, noneUntil, oneCall } from "./day.ts";
import { writeSecret } from "./secret.ts";
import { PAGE } from "./testing.ts";

const DAY_MS = 86_400_000;
const VERSION = "202511";

Deno.test("a call of LinkedIn's day is taken from the figure of the settings, until 00:00 UTC; without one none is", () => {
  const late = Date.UTC(2026, 10, 22, 23, 59, 59, 999);
  assert.deepEqual(oneCall(100, late), [{
    name: "calls a day of this account",
    holds: "any",
    limit: 100,
    resetAt: Date.UTC(2026, 10, 23),
    calls: 1,
  }]);
  assert.equal(oneCall(100, late + 1)[0]?.resetAt, Date.UTC(2026, 10, 24));
  assert.deepEqual(oneCall(0, late), []);
  const words =
    "Resource level throttle APPLICATION_AND_MEMBER DAY limit for calls to this resource is reached.";
  assert.match(noneUntil(late, words).name, /of this account/);
  assert.match(noneUntil(late, words.replace("_AND_MEMBER", "")).name, /of the application/);
});

Deno.test("an actor goes on with what was kept of LinkedIn's day: what is left is spread until midnight, then there is all of it", async () => {
  const clock = new SimClock(new SimRandom(7, "clock"));
  const now = () => clock.now();
  const linkedin = await startLinkedInStandIn({ now });
  try {
    const connection: ConnectionInfo = {
      connectionId: "c-linkedin",
      platform: "linkedin",
      accountId: PAGE,
      handle: "tide",
      service: linkedin.origin,
      disclosure: "profile_label",
    };
    const settings = { version: VERSION, webOrigin: linkedin.webOrigin, callsADay: 10 };
    let [running, seq] = [0, 0];
    const hear = (up: Up) => {
      if (up.t === "load") running = up.running;
      if (up.t === "decided") actor.receive({ t: "committed", seq: up.seq });
      if (up.t !== "submit") return;
      const { id: commandId, command, cause } = up;
      actor.receive({ t: "deliver", seq: ++seq, commandId, command, by: "actor:p1", cause });
    };
    const actor = new Actor(
      {
        t: "start",
        personaId: "p1",
        epoch: 1,
        settings: {
          approvalMs: DAY_MS,
          slotGraceMs: DAY_MS,
          sandboxOrigin: "http://127.0.0.1:9",
          linkedIn: settings,
          requireAltText: true,
          writer: { kind: "offline" },
          crashPoint: null,
          fault: null,
        },
        snapshot: null,
        listen: true,
      },
      (up) => queueMicrotask(() => hear(up)),
      {
        clock,
        random: new SimRandom(8, "actor"),
        adapter: (_platform, { linkedIn }) => Promise.resolve(createLinkedInAdapter({ ...linkedIn, now })),
        writer: () => Promise.reject(new Error("nothing is written here")),
      },
      () => false,
    );
    const midnight = nextMidnight(now());
    // Of 10 a fifth is for posting: 2 looks are left, by the count of an earlier worker.
    const [{ calls: _, ...day }] = oneCall(10, now()) as [ReturnType<typeof oneCall>[number]];
    actor.receive({
      t: "windows",
      connectionId: "c-linkedin",
      windows: [{ ...day, remaining: 4 }],
      lastAt: null,
    });
    const { accessToken, expiresAt } = linkedin.control.grant({ member: "mAr1s0l-Q" });
    const secret = writeSecret({
      clientId: linkedin.application.clientId,
      clientSecret: linkedin.application.clientSecret,
      author: PAGE,
      grant: {
        access: accessToken,
        accessUntil: expiresAt,
        refresh: null,
        scopes: linkedin.application.scopes,
      },
    });
    actor.receive({ t: "secret", name: connectionSecret("c-linkedin"), version: 1, value: secret });
    const facts = [created, linkedTo(connection)].map(({ type, data }, index) => ({
      id: `event-${index}`,
      type,
      version: index + 1,
      by: "user:ann",
      data,
    }));
    actor.receive({ t: "replay", facts, last: true });
    const looks = () => linkedin.control.requests().map(({ at, status }) => [at, status]);
    /** What is under way ends, then time goes on to whatever is next, up to `end`. */
    const live = async (end: number) => {
      for (let steps = 0; clock.now() < end; steps++) {
        await new Promise((resolve) => setTimeout(resolve));
        await until("what is under way to end", 10_000, () => running === 0, 1);
        assert.ok(steps < 1_000 && clock.fire(), "there is always a next look");
      }
    };
    await live(midnight);
    const before = looks().filter(([at = 0]) => at < midnight);
    const [first, second] = [now(), before[0]?.[0] ?? 0];
    assert.deepEqual(before.length, 2, JSON.stringify([before, first, second]));
    await live(midnight + 6 * 3_600_000);
    const after = looks().filter(([at = 0]) => at >= midnight);
    assert.ok(after.length > 1 && after.length <= 8, JSON.stringify(after));
    assert.ok(looks().every(([, status]) => status === 200));
  } finally {
    await linkedin.stop();
  }
});
