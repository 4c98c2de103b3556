import { deepStrictEqual, strictEqual } from "node:assert/strict";
import type { Command } from "../persona/commands.ts";
import type { Letter } from "./mailbox.ts";
import { Mailbox } from "./mailbox.ts";

const letter = (commandId: string, command: Command): Letter => ({
  commandId,
  command,
  by: "user:ann",
  cause: null,
  words: [],
  bodyHash: null,
  crashes: 0,
  answer: () => {},
});
const normal = (id: string, brief = "b") => letter(id, { type: "compose", platform: "sandbox", brief });
const control = (id: string) => letter(id, { type: "pause" });
const internal = (id: string) => letter(id, { type: "expire", postId: "a" });
const outcome = (id: string) =>
  letter(id, { type: "outcome", postId: "a", attempt: 1, outcome: { kind: "uncertain", reason: "r" } });

function taken(box: Mailbox): string[] {
  return box.drain().map(({ commandId }) => commandId);
}

Deno.test("mailbox, letters of one kind: in the order in which they came; stops first, then outcomes, then the rest", () => {
  const box = new Mailbox({ maxLetters: 10, maxCharacters: 10_000 });
  for (
    const one of [normal("n1"), outcome("o1"), control("c1"), normal("n2"), control("c2"), outcome("o2")]
  ) {
    strictEqual(box.offer(one), true);
  }
  strictEqual(box.depth, 6);
  deepStrictEqual(taken(box), ["c1", "c2", "o1", "o2", "n1", "n2"]);
  strictEqual(box.depth, 0);
  strictEqual(box.take(), null);
});

Deno.test("mailbox, full by number: what comes from outside is not taken, outcomes and stops are", () => {
  const box = new Mailbox({ maxLetters: 2, maxCharacters: 10_000 });
  strictEqual(box.offer(normal("n1")), true);
  strictEqual(box.offer(normal("n2")), true);
  strictEqual(box.offer(normal("n3")), false);
  for (let index = 0; index < 100; index++) strictEqual(box.offer(outcome(`o${index}`)), true);
  strictEqual(box.offer(control("c1")), true);
  strictEqual(box.offer(control("c2")), true);
  strictEqual(box.offer(control("c3")), false, "stops are bounded as well");
  strictEqual(box.depth, 104);
});

Deno.test("mailbox, full by size: there is room again for as much as was taken out", () => {
  const size = JSON.stringify(normal("n").command).length;
  const box = new Mailbox({ maxLetters: 100, maxCharacters: 2 * size });
  strictEqual(box.offer(normal("n1", "xx")), true);
  strictEqual(box.offer(normal("n2")), false);
  strictEqual(box.offer(control("c1")), true, "a stop is not held up by the size of others");
  strictEqual(box.take()?.commandId, "c1");
  strictEqual(box.take()?.commandId, "n1");
  strictEqual(box.offer(normal("n3")), true);
  strictEqual(box.offer(normal("n4")), true);
  strictEqual(box.offer(normal("n5")), false);
  box.drain();
  strictEqual(box.offer(normal("n6")), true);
});

Deno.test("mailbox, put back: to the front of its lane, also when it is full, and still counted", () => {
  const box = new Mailbox({ maxLetters: 2, maxCharacters: 10_000 });
  box.offer(normal("n1"));
  box.offer(normal("n2"));
  const first = box.take();
  box.offer(normal("n3"));
  box.putBack(first!);
  strictEqual(box.offer(normal("n4")), false);
  strictEqual(box.depth, 3);
  box.offer(outcome("o1"));
  const inHand = box.take();
  box.offer(outcome("o2"));
  box.putBack(inHand!);
  deepStrictEqual(taken(box), ["o1", "o2", "n1", "n2", "n3"]);
  strictEqual(box.offer(normal("n5")), true);
  strictEqual(box.offer(normal("n6")), true);
  strictEqual(box.offer(normal("n7")), false);
});

Deno.test("mailbox, a worker that is gone: the beginnings of its effects are dropped, their outcomes stay", () => {
  const box = new Mailbox({ maxLetters: 10, maxCharacters: 10_000 });
  const beginnings = ["begin_writing", "begin_attempt", "go_out", "expire"] as const;
  for (const type of beginnings) box.offer(letter(type, { type, postId: "a" }));
  box.offer(outcome("o1"));
  box.offer(normal("n1"));
  box.offer(internal("i1"));
  deepStrictEqual(box.dropBeginnings().map(({ commandId }) => commandId), [...beginnings, "i1"]);
  deepStrictEqual(taken(box), ["o1", "n1"]);
});
