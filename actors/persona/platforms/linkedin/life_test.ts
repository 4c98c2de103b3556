/** Publish and reconcile under random faults and crashes, as the persona core drives an adapter, on a virtual clock. */
import assert from "node:assert/strict";
import { type Fault, FAULTS } from "../../../../tests/stand_ins/linkedin/faults.ts";
import { type Random, randomFor } from "../../agent/offline/random.ts";
import type { Outcome, Payload } from "../port.ts";
import { APART_MS } from "./reconcile.ts";
import { escapeText } from "./little_text.ts";
import { idOf, MEMBER, PAGE, withLinkedIn, type World } from "./testing.ts";

const CYCLES = 220;
const MAX_STEPS = 24;
/** ms until the n-th look, as the persona core has them. */
const LOOKS_MS = [0, 2_000, 10_000, 60_000, 300_000];
const WRITES = ["POST /rest/posts", "POST /rest/socialActions", "POST /rest/"];
const PLACES = [
  ...WRITES,
  ...WRITES,
  "POST /rest/images",
  "PUT /dms-uploads/",
  "GET /rest/",
  "POST /oauth",
  "",
];
const KINDS = ["post", "post", "pictures", "comment"] as const;

type End =
  | { kind: "sent"; id: string }
  | { kind: "rejected" }
  /** A person looks and decides. */
  | { kind: "person" };

interface Lived {
  end: End;
  /** Attempts that the core asked for. */
  attempts: number;
}

/** Sends, looks before it sends again, and keeps only what events would hold. */
async function live(world: World, payload: Payload, others: string[], random: Random): Promise<Lived> {
  const author = String(
    JSON.parse(String(payload.records[0]?.body)).author ?? JSON.parse(String(payload.records[0]?.body)).actor,
  );
  let context = world.link(author);
  let [attempts, looks, uncertain] = [0, 0, false];
  let absentSince: number | null = null;
  for (let step = 0; step < MAX_STEPS; step++) {
    if (uncertain) {
      world.advance(LOOKS_MS[Math.min(looks++, LOOKS_MS.length - 1)] ?? 0);
      const seen = await world.look(context, payload, { absentSince, others });
      if (seen.kind === "found") return { end: { kind: "sent", id: idOf(seen) }, attempts };
      if (seen.kind === "unknown") {
        absentSince = null;
        if (author === MEMBER) break;
        context = world.link(author);
        continue;
      }
      if (!seen.safeToRepeat) {
        absentSince ??= world.now();
        continue;
      }
      assert.ok(
        absentSince !== null && world.now() - absentSince >= APART_MS,
        "a second look, far enough apart",
      );
      uncertain = false;
    }
    attempts++;
    const outcome: Outcome = await world.adapter.publish(context, payload, []);
    // A crash before the outcome is an event: all that is known is that there was an attempt.
    if (random.chance(8)) {
      world.restart();
      [uncertain, looks, absentSince] = [true, 0, null];
      continue;
    }
    switch (outcome.kind) {
      case "sent":
        return { end: { kind: "sent", id: idOf(outcome) }, attempts };
      case "rejected":
        return { end: { kind: "rejected" }, attempts };
      case "uncertain":
        [uncertain, looks, absentSince] = [true, 0, null];
        break;
      case "rate_limited":
        world.advance(Math.max(0, outcome.until - world.now()));
        break;
      case "auth_dead":
        context = world.link(author);
        break;
      default:
        world.advance(30_000);
    }
  }
  return { end: { kind: "person" }, attempts };
}

/** A comment has as many URNs as its post; the number is its own. */
function numberOf(urn: string): string | undefined {
  return /(\d+)\)?$/.exec(urn)?.[1];
}

/** `write`: the request that makes it public. */
function breakThings(random: Random, world: World, cycle: number, write: string): void {
  if (random.chance(10)) {
    // Out, with the answer lost and lists that lag for longer than two looks.
    world.fail("reset_after", write);
    for (const read of ["GET /rest/posts", "GET /rest/socialActions"]) world.fail("read_lag", read, 6);
    return;
  }
  if (random.chance(50)) world.fail(FAULTS[cycle % FAULTS.length] ?? "slow", write);
  for (let count = random.next(4); count > 0; count--) {
    const fault = FAULTS[random.next(FAULTS.length)] ?? "slow";
    world.fail(fault, PLACES[random.next(PLACES.length)], 1 + random.next(2));
  }
}

async function cycles(name: string, author: string, refresh: boolean): Promise<void> {
  const ends: Record<string, number> = {};
  const struck = new Set<Fault>();
  await withLinkedIn(async (world) => {
    const { control } = world.linkedin;
    for (let cycle = 0; cycle < CYCLES; cycle++) {
      const random = randomFor(`${name}-${cycle}`);
      const kind = KINDS[random.next(KINDS.length)] ?? "post";
      const made = () => kind === "comment" ? control.comments({ actor: author }) : control.posts({ author });
      const text = `Cycle ${cycle} (*${random.next(9)}*) #tide_${cycle} <\\o/> https://example.org/${cycle}`;
      if (kind === "post" && random.chance(6)) {
        // Said before, by hand.
        control.post({ by: author, text: escapeText(text) });
        world.advance(random.chance(50) ? 10 * 60_000 : 72 * 3_600_000);
      }
      const on = kind === "comment" ? control.post({ by: PAGE, text: `Under ${cycle}` }) : null;
      const pictures = kind === "pictures" ? ["A (1)", "", "C"].slice(random.next(3)) : [];
      const freeze = () => world.payload(text, { author, on, pictures });
      const payload = freeze();
      const others: string[] = [];
      if (random.chance(8)) {
        // Another post of the persona, meanwhile, in the same words.
        others.push(idOf(await world.adapter.publish(world.link(author), freeze(), [])));
      }
      const before = made().length;
      control.forgetRequests();
      const path = kind === "comment" ? "/rest/socialActions/" : "/rest/posts";
      breakThings(random, world, cycle, `POST ${path}`);
      const { end, attempts } = await live(world, payload, others, random);
      control.mend();
      const out = made().slice(before);
      const said = `${name} cycle ${cycle} (${kind}): ${JSON.stringify(end)}, out: ${
        out.map(({ urn }) => urn)
      }`;
      assert.ok(out.length <= 1, `twice: ${said}`);
      if (end.kind === "sent") {
        assert.deepEqual(out.map(({ urn }) => numberOf(urn)), [numberOf(end.id)], `wrong "sent": ${said}`);
      }
      if (end.kind === "rejected") assert.equal(out.length, 0, `wrong "rejected": ${said}`);
      const [post] = out;
      if (post !== undefined) assert.equal(post.text, text);
      if (post !== undefined && "content" in post) assert.equal(countPictures(post.content), pictures.length);
      const asked = control.requests();
      for (const { fault } of asked) if (fault !== null) struck.add(fault);
      const writes = asked.filter((one) => one.method === "POST" && one.path.startsWith(path));
      // After a 401 an adapter that may refresh asks once more; nothing else is ever sent by itself.
      const unauthorized = refresh ? writes.filter(({ status }) => status === 401).length : 0;
      assert.ok(writes.length <= attempts + unauthorized, said);
      const wrong = control.refused().filter(({ status, refusal }) =>
        ![404, 422].includes(status) && !JSON.stringify(refusal).includes("MEDIA_ASSET_PROCESSING_FAILED")
      );
      assert.deepEqual(wrong, [], said);
      const key = `${kind} ${end.kind}`;
      ends[key] = (ends[key] ?? 0) + 1;
    }
  }, { deadlineMs: 60, application: { refresh } });
  if (Deno.env.get("MEASURE") === "1") console.log(name, JSON.stringify(ends));
  assert.deepEqual([...struck].sort(), [...FAULTS].sort(), "every fault befell something");
  for (const kind of KINDS) {
    assert.ok((ends[`${kind} sent`] ?? 0) > 10, `most go out: ${JSON.stringify(ends)}`);
  }
  const person = KINDS.slice(1).reduce((sum, kind) => sum + (ends[`${kind} person`] ?? 0), 0);
  assert.ok(author === MEMBER || person < CYCLES / 4, JSON.stringify(ends));
}

function countPictures(content: Record<string, unknown> | null): number {
  const { media, multiImage } = content as { media?: unknown; multiImage?: { images: unknown[] } } ?? {};
  return multiImage?.images.length ?? (media === undefined ? 0 : 1);
}

const HOLDS = "are never out twice and never wrongly sent, under random faults and crashes";

Deno.test(`${CYCLES} posts, comments and pictures of a page ${HOLDS}`, async () => {
  await cycles("page", PAGE, false);
});

Deno.test(`${CYCLES} posts, comments and pictures of a page that renews its leave ${HOLDS}`, async () => {
  await cycles("renewing", PAGE, true);
});

Deno.test(`${CYCLES} posts, comments and pictures of a member ${HOLDS}`, async () => {
  await cycles("member", MEMBER, false);
});
