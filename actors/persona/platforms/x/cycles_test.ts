/** Posts that meet random faults, crashes and lagging lists, on a virtual clock: never twice, and no wrong "sent". */
import assert from "node:assert/strict";
import { type Fault, FAULTS } from "../../../../tests/stand_ins/x/faults.ts";
import type { Payload, Sent } from "../port.ts";
import { freezeX } from "./freeze.ts";
import { publish } from "./publish.ts";
import { APART_MS, reconcile } from "./reconcile.ts";
import { writeSecret } from "./secret.ts";
import { type Linked, withX } from "./testing.ts";
import type { XOutcome } from "./x_port.ts";

const RUNS = 300;
/** Steps of one cycle before it is said to have no end. */
const MAX_STEPS = 60;
/** ms until the n-th look, as the persona core has them. */
const LOOKS_MS = [0, 2_000, 10_000, 60_000, 300_000];
const LAGS_MS = [0, 0, 0, 30_000, 55_000, 400_000];
const STRUCK = ["createPost", "createPost", "createPost", "postsOfUser", "token"];

/** mulberry32. */
function randomOf(seed: number) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    chance: (of: number) => next() < of,
    below: (most: number) => Math.floor(next() * most),
    one: <T>(list: readonly T[]): T => list[Math.floor(next() * list.length)] as T,
  };
}
type Random = ReturnType<typeof randomOf>;

/** As the persona core goes about it: sends, looks before it sends again, and keeps only what events would hold. */
async function cycle(linked: Linked, payload: Payload, random: Random): Promise<XOutcome> {
  let parts: Sent[] = [];
  let [looks, absentSince]: [number, number | null] = [0, null];
  let uncertain = false;
  for (let step = 0; step < MAX_STEPS; step++) {
    if (random.chance(0.1)) linked.restart();
    if (uncertain) {
      linked.pass(LOOKS_MS[Math.min(looks++, LOOKS_MS.length - 1)] ?? 0);
      const looked = { before: parts, absentSince, others: new Set<string>() };
      const result = await reconcile(linked.session, linked.context, payload, looked);
      if (result.kind === "found") return { kind: "sent", sent: result.sent };
      if (result.kind === "unknown") {
        absentSince = null;
        await mend(linked);
        continue;
      }
      if (!result.safeToRepeat) {
        absentSince ??= linked.now();
        continue;
      }
      parts = result.parts;
      uncertain = false;
    }
    const outcome = await publish(linked.session, linked.context, payload, parts);
    // A crash before the outcome is an event: all that is known is that there was an attempt.
    if (random.chance(0.1)) {
      linked.restart();
      [uncertain, looks, absentSince] = [true, 0, null];
      continue;
    }
    if (outcome.kind === "sent" || outcome.kind === "rejected") return outcome;
    parts = outcome.parts;
    if (outcome.kind === "uncertain") [uncertain, looks, absentSince] = [true, 0, null];
    if (outcome.kind === "rate_limited") linked.pass(outcome.until - linked.now());
    if (outcome.kind === "auth_dead") relink(linked);
    linked.pass(1_000);
  }
  throw new Error("the cycle has no end");
}

/** A person links the account again. */
function relink(linked: Linked): void {
  const { control, app } = linked.x;
  linked.kept.push(writeSecret({
    kind: "oauth2",
    clientId: app.clientId,
    clientSecret: app.clientSecret,
    ...control.grant("marisol_ink"),
  }));
  linked.restart();
}

/** A look fails for good only where the credentials are dead. */
async function mend(linked: Linked): Promise<void> {
  const { context, session } = linked;
  const asked = await session.call(context, { method: "GET", path: "/2/users/me" });
  if (asked.kind === "auth_dead") relink(linked);
}

Deno.test(`${RUNS} posts and threads under random faults: each visible at most once, "sent" only where it is, none lost`, async () => {
  await withX(async (linked) => {
    const { control } = linked.x;
    const ends = new Map<string, number>();
    const struck = new Set<Fault>();
    let repeated = 0;
    for (let run = 0; run < RUNS; run++) {
      const random = randomOf(run);
      const lagMs = random.one(LAGS_MS);
      control.set({ lagMs, answers: random.one(["classic", "current"]) });
      for (let left = random.below(4); left > 0; left--) {
        const fault = random.one(FAULTS);
        struck.add(fault);
        control.fault(fault, { operation: random.one(STRUCK) });
      }
      const texts = Array.from(
        { length: random.one([1, 1, 2, 3]) },
        (_, part) => `Run ${run}, part ${part} & more: example.org/${run}/${part}`,
      );
      const payload = freezeX(texts, { createdAt: linked.now(), replyTo: null, madeWithAi: true });
      const first = (control.requests().at(-1)?.number ?? 0) + 1;
      const outcome = await cycle(linked, payload, random);
      const asked = control.requests("createPost").filter(({ number }) => number >= first);
      if (asked.length > texts.length) repeated++;
      // X's own refusal of duplicates is the second net: where its lists lag less than a minute, it is not needed.
      const doubled = asked.filter(({ note, fault }) => fault === null && note?.includes("duplicate"));
      assert.ok(lagMs > APART_MS || doubled.length === 0, `seed ${run} sent again what was out`);

      const made = texts.map((text) => control.everPosted("marisol_ink", text));
      const note = `seed ${run}: ${JSON.stringify(outcome)}`;
      for (const posts of made) assert.ok(posts.length <= 1, `twice: ${note}`);
      if (outcome.kind === "sent") {
        assert.deepEqual(outcome.sent.map(({ id }) => id), made.map(([post]) => post?.id), note);
        assert.deepEqual(
          made.map(([post]) => post?.replyTo),
          [null, ...outcome.sent.map(({ id }) => id)].slice(0, texts.length),
          note,
        );
      } else {
        assert.ok("parts" in outcome);
        assert.equal(made.flat().length, outcome.parts.length, `more is out than is said: ${note}`);
      }
      ends.set(outcome.kind, (ends.get(outcome.kind) ?? 0) + 1);
      control.clearFaults();
      // A new window, and whatever lags is there.
      linked.pass(16 * 60_000);
    }
    assert.equal(struck.size, FAULTS.length, "every fault was among them");
    assert.ok(repeated > 50, `${repeated} cycles sent a part again`);
    assert.ok((ends.get("sent") ?? 0) > 200, JSON.stringify([...ends]));
  }, { deadlineMs: 300, seed: "cycles" });
});
