import assert from "node:assert/strict";
import { event, type PersonaEvent } from "../../actors/persona/events.ts";
import { at, folded } from "../../actors/persona/testing.ts";
import { hasEnded, type Plan } from "./person.ts";

const postId = "a";
const plan: Plan = {
  postId,
  parts: [{ text: "Hello out there" }],
  answers: false,
  remove: false,
  slotMs: null,
  left: null,
  busy: false,
  asked: false,
  heldBack: 0,
  looks: 0,
};
const posted = (events: PersonaEvent[]) => folded(events).posts[postId];

Deno.test("hasEnded, a post that a person left as it is: ends the run while that attempt is in doubt, and not where it is sent again", () => {
  const doubt = at("uncertain");
  assert.equal(hasEnded(plan, posted(doubt)), false, "nobody has seen it");
  const left = { ...plan, left: 1 };
  assert.equal(hasEnded(left, posted(doubt)), true);

  const again = [...doubt, event("PublishFoundAbsent", { postId, attempt: 1 })];
  assert.equal(hasEnded(left, posted(again)), false, "about to be sent");
  const attempt = 2;
  const another = [
    ...again,
    event("PublishAttempted", { postId, attempt }),
    event("PublishUncertain", { postId, attempt, reason: "timeout", checks: 0, nextCheckAt: 0 }),
  ];
  assert.equal(hasEnded(left, posted(another)), false, "another attempt is in doubt");
  const out = [...again, event("PostPublished", { postId, attempt: 1, sent: [], how: "reconciled" })];
  assert.equal(hasEnded(left, posted(out)), true);
});
