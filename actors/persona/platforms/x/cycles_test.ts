/** Posts that meet random faults, crashes and lagging lists, on a virtual clock: never twice, and no wrong "sent". */
import assert from "node:assert/strict";
import { type Fault, FAULTS } from "../../../../tests/stand_ins/x/faults.ts";
import type { Outcome, Payload, Sent } from "../port.ts";
import { APART_MS } from "./reconcile.ts";
import { writeSecret } from "./secret.ts";
import { frozen, type Linked, picture, withX } from "./testing.ts";

/** More with `deno test … -- --cycles=1000`. */
const RUNS = Number(/^--cycles=(\d{1,6})$/m.exec(Deno.args.join("\n"))?.[1] ?? 200);
/** Steps of one cycle before it is said to have no end. */
const MAX_STEPS = 60;
/** ms until the n-th look, as the persona core has them. */
const LOOKS_MS = [0, 2_000, 10_000, 60_000, 300_000];
const LAGS_MS = [0, 0, 0, 30_000, 55_000, 400_000];
const STRUCK = [
  ...["createPost", "createPost", "createPost", "createPost", "postsOfUser", "postsOfUser", "token"],
  ...["initializeUpload", "appendUpload", "finalizeUpload", "uploadStatus", "describeMedia"],
];

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

/** One attempt, as the persona core makes it: part after part, each with a payload that ends with it. */
async function attempt(linked: Linked, payload: Payload, before: Sent[], random: Random): Promise<Outcome> {
  for (let parts = before;;) {
    const upTo = parts.length + 1;
    const cut = { keys: payload.keys.slice(0, upTo), records: payload.records.slice(0, upTo) };
    const outcome = await linked.adapter.publish(linked.context, cut, parts);
    // A crash before the outcome is an event: all that is known is that there was an attempt.
    if (random.chance(0.1)) {
      linked.restart();
      return { kind: "uncertain", reason: "crashed" };
    }
    if (outcome.kind !== "sent" || outcome.sent.length === payload.keys.length) return outcome;
    parts = outcome.sent;
  }
}

/** As the persona core goes about it: sends, looks before it sends again, and keeps only what events would hold. */
async function cycle(
  linked: Linked,
  payload: Payload,
  random: Random,
): Promise<{ outcome: Outcome; parts: Sent[] }> {
  let parts: Sent[] = [];
  let [looks, absentSince]: [number, number | null] = [0, null];
  let uncertain = false;
  for (let step = 0; step < MAX_STEPS; step++) {
    if (random.chance(0.1)) linked.restart();
    if (uncertain) {
      linked.pass(LOOKS_MS[Math.min(looks++, LOOKS_MS.length - 1)] ?? 0);
      const looked = { before: parts, absentSince, others: new Set<string>() };
      const result = await linked.adapter.reconcile(linked.context, payload, looked);
      if (result.kind === "found") {
        return { outcome: { kind: "sent", sent: result.sent }, parts: result.sent };
      }
      if (result.kind === "unknown") {
        absentSince = null;
        await mend(linked);
        continue;
      }
      parts = result.parts ?? parts;
      if (!result.safeToRepeat) {
        absentSince ??= linked.now();
        continue;
      }
      uncertain = false;
    }
    const outcome = await attempt(linked, payload, parts, random);
    parts = outcome.kind === "sent" ? outcome.sent : outcome.parts ?? parts;
    if (outcome.kind === "sent" || outcome.kind === "rejected") return { outcome, parts };
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
  if ((await linked.adapter.refresh(linked.context)).kind === "auth_dead") relink(linked);
}

/** A post or a thread, by itself or as a reply, with pictures in some of its parts. */
function somePost(linked: Linked, run: number, random: Random) {
  const replyTo = random.chance(0.3)
    ? linked.x.control.say({ by: "jo", text: `@marisol_ink what of run ${run}?` }).id
    : null;
  const parts = Array.from({ length: random.one([1, 1, 2, 3]) }, (_, part) => ({
    text: `Run ${run}, part ${part} & more: example.org/${run}/${part}`,
    media: random.chance(0.3)
      ? Array.from(
        { length: 1 + random.below(4) },
        () => picture(linked.media, random.below(50), random.one(["", "Alt & text"])),
      )
      : [],
  }));
  return { parts, replyTo };
}

Deno.test(`${RUNS} posts, threads and replies, with pictures, under random faults: each visible at most once, "sent" only where it is, none lost`, async () => {
  await withX(async (linked) => {
    const { control } = linked.x;
    const ends = new Map<string, number>();
    const struck = new Set<Fault>();
    let [repeated, replies, pictures] = [0, 0, 0];
    for (let run = 0; run < RUNS; run++) {
      const random = randomOf(run);
      const lagMs = random.one(LAGS_MS);
      control.set({
        lagMs,
        answers: random.one(["classic", "current"]),
        mediaPendingPolls: random.one([0, 0, 2]),
      });
      const { parts, replyTo } = somePost(linked, run, random);
      const payload = frozen(parts, { createdAt: linked.now(), replyTo, madeWithAi: true });
      for (let left = random.below(4); left > 0; left--) {
        const fault = random.one(FAULTS);
        struck.add(fault);
        control.fault(fault, { operation: random.one(STRUCK) });
      }
      const first = (control.requests().at(-1)?.number ?? 0) + 1;
      const { outcome, parts: known } = await cycle(linked, payload, random);
      const asked = control.requests("createPost").filter(({ number }) => number >= first);
      if (asked.length > parts.length) repeated++;
      // X's own refusal of duplicates is the second net: where its lists lag less than a minute, it is not needed.
      const doubled = asked.filter(({ note, fault }) => fault === null && note?.includes("duplicate"));
      assert.ok(lagMs > APART_MS || doubled.length === 0, `seed ${run} sent again what was out`);

      const made = parts.map(({ text }) => control.everPosted("marisol_ink", text));
      const note = `seed ${run}, lag ${lagMs}: ${JSON.stringify(outcome)}`;
      for (const posts of made) assert.ok(posts.length <= 1, `twice: ${note}`);
      for (const [part, [post]] of made.entries()) {
        if (post === undefined) continue;
        const wanted = parts[part]?.media.map(({ alt }) => alt === "" ? null : alt);
        assert.deepEqual(post.altTexts, wanted, `pictures: ${note}`);
        pictures += post.altTexts.length;
      }
      if (outcome.kind === "sent") {
        assert.deepEqual(outcome.sent.map(({ id }) => id), made.map(([post]) => post?.id), note);
        assert.deepEqual(
          made.map(([post]) => post?.replyTo),
          [replyTo, ...outcome.sent.map(({ id }) => id)].slice(0, parts.length),
          note,
        );
        if (replyTo !== null) replies++;
      } else {
        // Behind a list that lags for longer than two looks are apart, X may refuse again what is out already.
        assert.ok(made.flat().length >= known.length, note);
        assert.ok(
          lagMs > APART_MS || made.flat().length === known.length,
          `more is out than is said: ${note}`,
        );
      }
      ends.set(outcome.kind, (ends.get(outcome.kind) ?? 0) + 1);
      control.clearFaults();
      // A new window, and whatever lags is there.
      linked.pass(16 * 60_000);
    }
    assert.equal(struck.size, FAULTS.length, "every fault was among them");
    const counts = JSON.stringify({ repeated, replies, pictures, ends: [...ends] });
    assert.ok(repeated > RUNS / 8 && replies > RUNS / 8 && pictures > RUNS / 4, counts);
    assert.ok((ends.get("sent") ?? 0) > RUNS * 2 / 3, counts);
  }, { deadlineMs: 300, seed: "cycles" });
});
