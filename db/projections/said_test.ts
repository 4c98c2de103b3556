import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { event, type PersonaEvent } from "../../actors/persona/events.ts";
import { bandsOf, sayings } from "../../actors/persona/policy/likeness.ts";
import { subjectsOf } from "../../actors/persona/policy/subjects.ts";
import { live, RUNS, stepsArbitrary } from "../../actors/persona/random_life.ts";
import { HOUR, NOW, SANDBOX, SENT, stages, TEXT } from "../../actors/persona/testing.ts";
import type { Sent } from "../../actors/persona/platforms/port.ts";
import type { StoredEvent } from "../log/log.ts";
import { iso } from "./row.ts";
import { said, type SaidRow } from "./said.ts";

function folded(rows: Map<string, SaidRow>, stored: StoredEvent): void {
  if (!said.types.includes(stored.type)) return;
  for (const key of said.touches(stored)) {
    const row = said.fold(rows.get(String(key.id)) ?? null, stored, key);
    if (row === null) rows.delete(String(key.id));
    else rows.set(row.id, row);
  }
}

const storedAs = (type: string, data: unknown, version: number, at = NOW): StoredEvent => ({
  position: version,
  id: `e${version}`,
  stream: "p1",
  version,
  type,
  schema: 1,
  at: iso(at),
  by: "user:ann",
  cause: null,
  correlation: null,
  data: JSON.parse(JSON.stringify(data)),
});

function rowAfter(...events: PersonaEvent[]): SaidRow | undefined {
  const rows = new Map<string, SaidRow>();
  events.forEach(({ type, data }, index) => folded(rows, storedAs(type, data, index + 1)));
  return rows.get("a");
}

Deno.test("said, any life: what is out or may be going counts, nothing else; its text is the last one", () => {
  const counted = new Set<string>();
  fc.assert(
    fc.property(stepsArbitrary, (steps) => {
      const rows = new Map<string, SaidRow>();
      live(steps, ({ after, fact, now }) => {
        folded(rows, storedAs(fact.type, fact.data, fact.version, now));
        for (const post of Object.values(after.posts)) {
          const row = rows.get(post.id);
          ok(row);
          const out = post.status !== "deleted" && post.sent.length > 0;
          const going = ["publishing", "uncertain", "published"].includes(post.status);
          strictEqual(row.position !== null, going || out, post.status);
          strictEqual(row.position === null, row.at === null);
          strictEqual(row.going, ["publishing", "uncertain"].includes(post.status), post.status);
          if (row.going) ok(row.position !== null);
          if (row.position !== null) counted.add(post.status);
          if (post.content === null) continue;
          const bands = sayings(post.content.parts.map((part) => part.text)).flatMap(bandsOf);
          deepStrictEqual(row.bands, [...new Set(bands)]);
          deepStrictEqual(row.subjects, subjectsOf(post.platform, post.content).keys);
          strictEqual(row.target, post.content.replyTarget?.id ?? null);
        }
      });
    }),
    { numRuns: Math.ceil(RUNS / 2), seed: 20_261_122 },
  );
  for (const status of ["publishing", "uncertain", "published"]) ok(counted.has(status), status);
});

Deno.test("said, each way to end: it counts from the intent on, not any more once it is known not to have gone out", () => {
  const { approved, publishing, attempting, published, failed } = stages();
  const position = (...events: PersonaEvent[]) => rowAfter(...events)?.position;
  strictEqual(position(...approved), null);
  strictEqual(position(...publishing), publishing.length);
  strictEqual(position(...attempting), publishing.length);
  strictEqual(position(...published), publishing.length);
  strictEqual(position(...failed), null);
  strictEqual(
    position(...attempting, event("PostHeldBack", { postId: "a", reason: "r", verdicts: [] })),
    null,
  );
  strictEqual(position(...publishing, event("PostWithdrawn", { postId: "a" })), null);
  strictEqual(position(...published, event("PostRemoved", { postId: "a" })), null);
});

Deno.test("said, a thread of which a part is out: it stays said, whatever becomes of the rest", () => {
  const { attempting } = stages();
  const about = { postId: "a", attempt: 1, reason: "r" };
  const part = event("PublishDeferred", { ...about, until: NOW, sent: SENT });
  const held = event("PostHeldBack", { postId: "a", reason: "r", verdicts: [] });
  for (const end of [held, event("PostWithdrawn", { postId: "a" }), event("PublishRejected", about)]) {
    ok(rowAfter(...attempting, part, end)?.position, end.type);
  }
  ok(rowAfter(...attempting, event("PublishRejected", { ...about, sent: SENT }))?.position);
  strictEqual(rowAfter(...attempting, event("PublishRejected", { ...about, sent: [] }))?.position, null);
});

Deno.test("said, in a copy of a database: what was due may have gone out, so it counts", () => {
  const { scheduled } = stages();
  const doubt = event("PublishUncertain", {
    postId: "a",
    attempt: 0,
    reason: "copy",
    checks: 0,
    nextCheckAt: 0,
  });
  strictEqual(rowAfter(...scheduled, doubt)?.position, scheduled.length + 1);
});

Deno.test("said, another persona's event with the same id: changes nothing", () => {
  const rows = new Map<string, SaidRow>();
  stages().publishing.forEach(({ type, data }, index) => folded(rows, storedAs(type, data, index + 1)));
  const before = structuredClone(rows.get("a"));
  deepStrictEqual(before?.bands, bandsOf(TEXT));
  strictEqual(before?.platform, SANDBOX.platform);
  folded(rows, { ...storedAs("PostWithdrawn", { postId: "a" }, 99), stream: "p2" });
  deepStrictEqual(rows.get("a"), before);
});

Deno.test("said, when: from when it began to be sent; once parts are out, from when the last of them was known to be", () => {
  const { attempting } = stages();
  const later = (...events: PersonaEvent[]) => {
    const rows = new Map<string, SaidRow>();
    const all = [...attempting, ...events];
    all.forEach(({ type, data }, at) => folded(rows, storedAs(type, data, at + 1, NOW + at * HOUR)));
    const { going, at, posted } = rows.get("a") ?? {};
    return { going, hour: at == null ? at : (Date.parse(at) - NOW) / HOUR - attempting.length + 1, posted };
  };
  const parts = ["1", "2"].map((id) => ({ id, url: `https://x.com/ada/status/${id}` }));
  const keys = ["post sandbox 1", "post x 1", "post sandbox 2", "post x 2"];
  const about = { postId: "a", attempt: 1, reason: "r" };
  const deferred = (sent?: Sent[]) => event("PublishDeferred", { ...about, until: NOW, sent });
  const began = later().hour ?? 1;
  ok(began < 0);
  deepStrictEqual(later(deferred()), { going: true, hour: began, posted: [] });
  deepStrictEqual(later(deferred(parts.slice(0, 1)), deferred(parts.slice(0, 1))), {
    going: true,
    hour: 1,
    posted: keys.slice(0, 2),
  });
  deepStrictEqual(
    later(deferred(parts.slice(0, 1)), deferred(), event("PublishRejected", { ...about, sent: parts })),
    { going: false, hour: 3, posted: keys },
  );
  deepStrictEqual(later(deferred(parts), event("PostWithdrawn", { postId: "a" })), {
    going: false,
    hour: 1,
    posted: keys,
  });
  deepStrictEqual(
    later(deferred(parts), deferred(), event("PostPublished", { ...about, sent: parts, how: "reconciled" })),
    { going: false, hour: 3, posted: keys },
  );
});
