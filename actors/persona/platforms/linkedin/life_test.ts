/** Publish and reconcile under random faults, as the persona core drives an adapter, on a virtual clock. */
import assert from "node:assert/strict";
import { FAULTS } from "../../../../tests/stand_ins/linkedin/faults.ts";
import { type Random, randomFor } from "../../agent/offline/random.ts";
import type { Outcome, Payload } from "../port.ts";
import { MEMBER, PAGE, withLinkedIn, type World } from "./testing.ts";

const CYCLES = 300;
const MAX_STEPS = 40;
const PLACES = ["POST /rest/", "POST /rest/", "GET /rest/posts", "GET /rest/", "POST /oauth", ""];

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

/** What is out is asked for before anything is repeated; absent counts when it was seen twice, a minute apart. */
async function live(world: World, author: string, payload: Payload, isComment: boolean): Promise<Lived> {
  const { adapter, advance, now } = world;
  let context = world.link(author);
  let [attempts, repeated, absent] = [0, false, 0];
  let next: "send" | "look" = "send";
  for (let step = 0; step < MAX_STEPS; step++) {
    if (next === "look") {
      const seen = await adapter.reconcile(context, payload);
      if (seen.kind === "found") return { end: { kind: "sent", id: String(seen.sent[0]?.id) }, attempts };
      absent = seen.kind === "absent" ? absent + 1 : 0;
      if (absent >= 2) {
        if (repeated || isComment) return { end: { kind: "person" }, attempts };
        repeated = true;
        absent = 0;
        next = "send";
      } else if (author === MEMBER || step > MAX_STEPS / 2) return { end: { kind: "person" }, attempts };
      else if (seen.kind === "unknown") context = world.link(author);
      advance(61_000);
      continue;
    }
    attempts++;
    const outcome: Outcome = await adapter.publish(context, payload, []);
    switch (outcome.kind) {
      case "sent":
        return { end: { kind: "sent", id: String(outcome.sent[0]?.id) }, attempts };
      case "rejected":
        return { end: { kind: "rejected" }, attempts };
      case "uncertain":
        next = "look";
        break;
      case "rate_limited":
        advance(Math.max(0, outcome.until - now()));
        break;
      case "auth_dead":
        context = world.link(author);
        break;
      default:
        advance(30_000);
    }
  }
  return { end: { kind: "person" }, attempts };
}

/** A comment has as many URNs as its post; the number is its own. */
function numberOf(urn: string): string | undefined {
  return /(\d+)\)?$/.exec(urn)?.[1];
}

function breakThings(random: Random, world: World): void {
  for (let count = random.next(4); count > 0; count--) {
    const fault = FAULTS[random.next(FAULTS.length)] ?? "slow";
    world.fail(fault, PLACES[random.next(PLACES.length)], 1 + random.next(2));
  }
}

async function cycles(name: string, author: string, isComment: boolean, refresh: boolean): Promise<void> {
  const ends: Record<End["kind"], number> = { sent: 0, rejected: 0, person: 0 };
  await withLinkedIn(async (world) => {
    const { control } = world.linkedin;
    for (let cycle = 0; cycle < CYCLES; cycle++) {
      const random = randomFor(`${name}-${cycle}`);
      const target = isComment ? control.post({ by: PAGE, text: `Under ${cycle}` }) : null;
      const text = `Cycle ${cycle} (*${random.next(9)}*) #tide_${cycle} <\\o/> https://example.org/${cycle}`;
      if (!isComment && random.chance(5)) {
        control.post({ by: author, text: text.replace(/[\\|{}@[\]()<>#*_~]/g, "\\$&") });
        world.advance(random.chance(50) ? 10 * 60_000 : 72 * 3_600_000);
      }
      const payload = world.payload(text, { author, replyTarget: target });
      const before = made();
      control.forgetRequests();
      breakThings(random, world);
      const { end, attempts } = await live(world, author, payload, isComment);
      control.mend();
      ends[end.kind]++;
      const out = made().slice(before.length);
      const said = `${name} cycle ${cycle}: ${JSON.stringify(end)}, out: ${out.map(({ urn }) => urn)}`;
      assert.ok(out.length <= 1, `twice: ${said}`);
      if (end.kind === "sent") {
        assert.deepEqual(out.map(({ urn }) => numberOf(urn)), [numberOf(end.id)], `wrong "sent": ${said}`);
      }
      if (end.kind === "rejected") assert.equal(out.length, 0, `wrong "rejected": ${said}`);
      if (out[0] !== undefined) assert.equal(out[0].text, text);
      const asked = control.requests();
      const path = isComment ? "/rest/socialActions/" : "/rest/posts";
      const writes = asked.filter((one) => one.method === "POST" && one.path.startsWith(path));
      // After a 401 an adapter that may refresh asks once more; nothing else is ever sent by itself.
      const unauthorized = refresh ? writes.filter(({ status }) => status === 401).length : 0;
      assert.ok(writes.length <= attempts + unauthorized, said);
      const wrong = control.refused().filter(({ status }) => ![404, 422].includes(status));
      assert.deepEqual(wrong, [], said);
    }

    function made(): { urn: string; text: string }[] {
      return isComment ? control.comments({ actor: author }) : control.posts({ author });
    }
  }, { deadlineMs: 60, application: { refresh } });
  if (Deno.env.get("MEASURE") === "1") console.log(name, JSON.stringify(ends));
  assert.ok(author === MEMBER || ends.sent > CYCLES / 2, "most go out");
  assert.ok(ends.person < CYCLES / 2);
}

Deno.test(`${CYCLES} posts of a page under random faults are never out twice and never wrongly sent`, async () => {
  await cycles("page", PAGE, false, false);
});

Deno.test(`${CYCLES} posts of a page that renews its leave are never out twice and never wrongly sent`, async () => {
  await cycles("renewing", PAGE, false, true);
});

Deno.test(`${CYCLES} posts of a member under random faults are never out twice and never wrongly sent`, async () => {
  await cycles("member", MEMBER, false, false);
});

Deno.test(`${CYCLES} comments of a page under random faults are never out twice and never wrongly sent`, async () => {
  await cycles("comment", PAGE, true, false);
});
