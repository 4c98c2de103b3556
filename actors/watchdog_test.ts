import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { Watchdog } from "./watchdog.ts";

/** A watchdog that may look at `at(ms)`, every 100 ms, with a limit of 500 ms. */
function watching() {
  let now = 0;
  const dog = new Watchdog<string>({ silentMs: 500, everyMs: 100, now: () => now });
  const lookAt = (ms: number) => {
    now = ms;
    return dog.look();
  };
  const heardAt = (ms: number, id: string) => {
    now = ms;
    dog.heard(id);
  };
  /** Looks at every turn after `from`, up to `to`. */
  const looksUntil = (from: number, to: number) => {
    const found: [number, string[]][] = [];
    for (let at = from + 100; at <= to; at += 100) {
      const silent = lookAt(at);
      if (silent.length > 0) found.push([at, silent]);
    }
    return found;
  };
  return { dog, lookAt, heardAt, looksUntil };
}

Deno.test("Watchdog, who is silent past the limit: found at the next look, and nobody else", () => {
  const { dog, heardAt, looksUntil } = watching();
  heardAt(0, "silent");
  heardAt(0, "beating");
  deepStrictEqual(looksUntil(0, 300), []);
  heardAt(300, "beating");
  deepStrictEqual(looksUntil(300, 600), [[600, ["silent"]]]);
  strictEqual(dog.silence("silent"), 600);
});

Deno.test("Watchdog, one that was heard just at the limit is not silent", () => {
  const { heardAt, looksUntil } = watching();
  heardAt(0, "a");
  deepStrictEqual(looksUntil(0, 500), []);
});

Deno.test("Watchdog, one that was forgotten or never heard: not judged, and silent for no time", () => {
  const { dog, heardAt, looksUntil } = watching();
  heardAt(0, "a");
  dog.forget("a");
  deepStrictEqual(looksUntil(0, 1_000), []);
  deepStrictEqual([dog.silence("a"), dog.silence("never")], [0, 0]);
});

Deno.test("Watchdog, a judge that was away: it judges nobody, and gives back the time in which it heard nothing", () => {
  const { heardAt, lookAt, looksUntil } = watching();
  heardAt(0, "a");
  deepStrictEqual(looksUntil(0, 400), []);
  deepStrictEqual(lookAt(5_400), [], "5 s late");
  // 400 ms of silence are its own; the limit is passed 200 ms later.
  deepStrictEqual(looksUntil(5_400, 5_600), [[5_600, ["a"]]]);
});

Deno.test("Watchdog, a judge that was away, and hears what was said meanwhile: nothing is held against anybody", () => {
  const { heardAt, lookAt, looksUntil } = watching();
  heardAt(0, "a");
  heardAt(5_000, "a");
  deepStrictEqual(lookAt(5_000), []);
  deepStrictEqual(looksUntil(5_000, 5_500), []);
  deepStrictEqual(looksUntil(5_500, 5_600), [[5_600, ["a"]]]);
});

Deno.test("Watchdog, a judge that is a little late each time: it still judges", () => {
  const { heardAt, lookAt } = watching();
  heardAt(0, "a");
  const found = [180, 360, 540].map(lookAt);
  deepStrictEqual(found, [[], [], ["a"]]);
});

Deno.test("Watchdog, a clock that was set back: nobody is judged by it", () => {
  const { dog, heardAt, lookAt } = watching();
  heardAt(10_000, "a");
  lookAt(10_000);
  deepStrictEqual(lookAt(5_000), []);
  strictEqual(dog.silence("a"), 0);
});

Deno.test("Watchdog, a clock that is set back: who is silent from then on is found in time", () => {
  const { heardAt, lookAt, looksUntil } = watching();
  heardAt(10_000, "a");
  lookAt(10_000);
  lookAt(1_000);
  deepStrictEqual(looksUntil(1_000, 1_600), [[1_600, ["a"]]]);
});
