import { deepStrictEqual, strictEqual } from "node:assert/strict";
import type { Tenant } from "./room.ts";
import { Room } from "./room.ts";

let now = 0;
const clock = { now: () => now, after: () => ({ cancel: () => {} }) };

interface Guest extends Tenant {
  idle: boolean;
  lastUsed: number;
  liveSince: number;
  wanted: boolean;
}

function guest(id: string, log: string[], more: Partial<Guest> = {}): Guest {
  return {
    id,
    idle: true,
    lastUsed: 0,
    liveSince: 0,
    wanted: false,
    leaving: false,
    makeRoom() {
      this.leaving = true;
      log.push(`${id} is asked to leave`);
    },
    enter: () => void log.push(`${id} enters`),
    ...more,
  };
}

Deno.test("room, full: the idle one that was used longest ago is asked to leave, and who waits enters", () => {
  now = 10;
  const log: string[] = [];
  const room = new Room(2, clock);
  const [a, b, c] = [guest("a", log, { lastUsed: 5 }), guest("b", log, { lastUsed: 3 }), guest("c", log)];
  strictEqual(room.ask(a), true);
  strictEqual(room.ask(b), true);
  strictEqual(room.ask(c), false);
  deepStrictEqual([room.live, room.waiting], [2, 1]);
  room.leave(b);
  deepStrictEqual(log, ["b is asked to leave", "c enters"]);
  deepStrictEqual([room.live, room.waiting], [2, 0]);
});

Deno.test("room, all at work: nobody is asked before its time, then the one used longest ago", () => {
  now = 1_000;
  const log: string[] = [];
  const room = new Room(1, clock);
  room.ask(guest("a", log, { idle: false, liveSince: 1_000 }));
  room.ask(guest("b", log));
  room.makeRoom();
  deepStrictEqual(log, []);
  now = 3_000;
  room.makeRoom();
  room.makeRoom();
  deepStrictEqual(log, ["a is asked to leave"]);
});

Deno.test("room, several wait: those whom somebody waits for come first", () => {
  now = 0;
  const log: string[] = [];
  const room = new Room(1, clock);
  const a = guest("a", log);
  room.ask(a);
  room.ask(guest("due", log));
  room.ask(guest("asked", log, { wanted: true }));
  room.leave(a);
  strictEqual(log.at(-1), "asked enters");
});

Deno.test("room, one that nobody waits for: it enters after a while, however many come that somebody waits for", () => {
  now = 0;
  const log: string[] = [];
  const room = new Room(1, clock);
  let last = guest("first", log);
  room.ask(last);
  room.ask(guest("due", log));
  for (let turn = 0; turn < 10; turn++) {
    const next = guest(`asked ${turn}`, log, { wanted: true });
    room.ask(next);
    now += 2_000;
    room.leave(last);
    if (log.at(-1) === "due enters") return;
    last = next;
  }
  throw new Error(`it never entered: ${log.join(", ")}`);
});

Deno.test("room, one gives up its place as it is asked to: who came has it at once", () => {
  now = 10_000;
  const log: string[] = [];
  const room = new Room(1, clock);
  const a = guest("a", log, { idle: false });
  a.makeRoom = () => room.leave(a);
  room.ask(a);
  const b = guest("b", log);
  strictEqual(room.ask(b), true);
  deepStrictEqual([room.live, room.waiting], [1, 0]);
});

Deno.test("room, one that waits goes away: it does not enter any more", () => {
  const log: string[] = [];
  const room = new Room(1, clock);
  const [a, b] = [guest("a", log, { idle: false, liveSince: now }), guest("b", log)];
  room.ask(a);
  room.ask(b);
  room.leave(b);
  room.leave(a);
  deepStrictEqual(log, []);
  deepStrictEqual([room.live, room.waiting], [0, 0]);
});
