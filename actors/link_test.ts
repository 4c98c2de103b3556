import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import { Link, LinkBroken, MAX_WAITING, parts, WINDOW, WINDOW_CHARACTERS } from "./link.ts";

/** Two ends, and the wire between them: frames lie there until they are carried over. */
function twoEnds() {
  const wire: { here: string[]; there: string[] } = { here: [], there: [] };
  const heard: { here: string[]; there: string[] } = { here: [], there: [] };
  let now = 0;
  const here = new Link((frame) => wire.there.push(frame), () => now);
  const there = new Link((frame) => wire.here.push(frame), () => now);
  const carry = (to: "here" | "there", frames = Infinity) => {
    for (let count = 0; count < frames && wire[to].length > 0; count++) {
      const json = (to === "here" ? here : there).take(wire[to].shift() ?? "");
      if (json !== null) heard[to].push(json);
    }
  };
  const carryAll = () => {
    while (wire.here.length + wire.there.length > 0) (carry("there"), carry("here"));
  };
  return { here, there, wire, heard, carry, carryAll, at: (ms: number) => now = ms };
}

Deno.test("Link, whatever both sides say, carried in whatever portions: heard once, in order, within the window", () => {
  const step = fc.oneof(
    fc.record({ say: fc.constantFrom("here", "there"), count: fc.integer({ min: 1, max: 400 }) }),
    fc.record({ carry: fc.constantFrom("here", "there"), count: fc.integer({ min: 1, max: 400 }) }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      const ends = twoEnds();
      const said: { here: string[]; there: string[] } = { here: [], there: [] };
      for (const one of steps) {
        if ("carry" in one) ends.carry(one.carry as "here" | "there", one.count);
        else {
          const from = one.say as "here" | "there";
          for (let count = 0; count < one.count; count++) {
            said[from].push(`${said[from].length}`);
            ends[from].send(String(said[from].length - 1));
          }
        }
        // What only acknowledges does not wait for room.
        for (const to of ["here", "there"] as const) {
          ok(ends.wire[to].length <= 2 * WINDOW, `${ends.wire[to].length}`);
        }
      }
      ends.carryAll();
      deepStrictEqual(ends.heard, { here: said.there, there: said.here });
      deepStrictEqual([ends.here.full, ends.there.full], [false, false]);
    }),
    { numRuns: 300, seed: 20_261_122 },
  );
});

Deno.test("Link, more than the window: it waits until there is room", async () => {
  const { here, wire, carryAll, heard } = twoEnds();
  for (let count = 0; count < WINDOW + 10; count++) here.send("0");
  strictEqual(wire.there.length, WINDOW);
  strictEqual(here.full, true);
  let room = false;
  const asked = here.room().then(() => room = true);
  await Promise.resolve();
  strictEqual(room, false);
  carryAll();
  await asked;
  strictEqual(heard.there.length, WINDOW + 10);
});

Deno.test("Link, frames of any size up to the window, and none said back: all get through", () => {
  for (const size of [WINDOW_CHARACTERS / 2, WINDOW_CHARACTERS / 3, WINDOW_CHARACTERS / 5 + 1]) {
    const { here, heard, carryAll, wire } = twoEnds();
    const frame = JSON.stringify("x".repeat(size));
    for (let count = 0; count < 7; count++) here.send(frame);
    ok(wire.there.length * size <= WINDOW_CHARACTERS);
    carryAll();
    strictEqual(heard.there.length, 7, `frames of ${size} characters`);
  }
});

Deno.test("Link, a frame that is larger than the window: it goes alone", () => {
  const { here, wire, carryAll, heard } = twoEnds();
  here.send("1");
  here.send("x".repeat(WINDOW_CHARACTERS + 1));
  here.send("3");
  strictEqual(wire.there.length, 1);
  here.acknowledge(1);
  strictEqual(wire.there.length, 2);
  carryAll();
  strictEqual(heard.there.length, 3);
});

Deno.test("Link, more frames than may wait: it breaks, since nobody listens", () => {
  const { here } = twoEnds();
  for (let count = 0; count < WINDOW + MAX_WAITING; count++) here.send("0");
  throws(() => here.send("0"), LinkBroken);
});

Deno.test("Link, a lost frame: it breaks, and that is the fault of neither side", () => {
  const { here, there, wire } = twoEnds();
  for (const json of ["1", "2", "3"]) here.send(json);
  there.take(wire.there[0] ?? "");
  throws(() => there.take(wire.there[2] ?? ""), (error) => error instanceof LinkBroken && error.lost);
});

Deno.test("Link, a repeated frame: it is heard once", () => {
  const { here, there, wire } = twoEnds();
  for (const json of ["1", "2"]) here.send(json);
  const [first = "", second = ""] = wire.there;
  deepStrictEqual([first, first, second, first].map((frame) => there.take(frame)), ["1", null, "2", null]);
});

Deno.test("Link, an acknowledgement of what was never sent, or nonsense: it breaks by the other's fault", () => {
  for (
    const frame of [
      "1 1 {}",
      "",
      "1",
      "1 0",
      " 0 {}",
      "x 0 {}",
      "1 x {}",
      "1.5 0 {}",
      "-1 0 {}",
      "1 -1 {}",
      "1  {}",
    ]
  ) {
    throws(() => twoEnds().here.take(frame), (error) => error instanceof LinkBroken && !error.lost, frame);
  }
});

Deno.test("Link, what is under way: since when, and until when", () => {
  const { here, at } = twoEnds();
  strictEqual(here.unheardSince, null);
  at(10);
  here.send("1");
  at(20);
  here.send("2");
  strictEqual(here.unheardSince, 10);
  at(30);
  here.acknowledge(1);
  ok((here.unheardSince ?? 0) >= 20, "the second one is not older than it is");
  here.acknowledge(2);
  strictEqual(here.unheardSince, null);
});

Deno.test("parts, a frame: its header is read, its JSON is left alone", () => {
  deepStrictEqual(parts(`12 7 {"t": "a b"}`), { number: 12, acknowledged: 7, json: `{"t": "a b"}` });
  deepStrictEqual(parts("12 7 "), { number: 12, acknowledged: 7, json: "" });
});
