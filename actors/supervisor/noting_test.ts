import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import type { Noted } from "../persona/platforms/port.ts";
import { Noting } from "./noting.ts";

const spent = (microUsd: number): Noted => ({ spent: [{ what: "post", count: 1, microUsd }] });

/** Writes that end when they are told to. */
function slowly() {
  const written: [string, string, Noted][] = [];
  const ends: PromiseWithResolvers<void>[] = [];
  const noting = new Noting({
    now: () => 0,
    write(persona, connection, noted) {
      written.push([persona, connection, noted]);
      ends.push(Promise.withResolvers<void>());
      return ends.at(-1)?.promise ?? Promise.resolve();
    },
  });
  return { noting, written, ends };
}

Deno.test("noting, a flood while the database is slow: one write at a time, and nothing of the costs is lost", async () => {
  const { noting, written, ends } = slowly();
  const first = noting.take("p", "c", spent(1));
  const taken = [{ name: "a day", holds: "any" as const, limit: 9, resetAt: 1, calls: 1 }];
  for (let n = 0; n < 1_000; n++) {
    await noting.take("p", "c", { ...spent(1), taken, call: { ok: n % 2 === 0, error: "e" } });
  }
  strictEqual(written.length, 1);
  ends[0]?.resolve();
  await Promise.resolve();
  while (written.length < 2) await Promise.resolve();
  ends[1]?.resolve();
  await first;
  deepStrictEqual(written.map(([, , noted]) => noted.spent), [
    [{ what: "post", count: 1, microUsd: 1 }],
    [{ what: "post", count: 1_000, microUsd: 1_000 }],
  ]);
  deepStrictEqual(written[1]?.[2].taken?.map(({ calls }) => calls), [1_000]);
  deepStrictEqual(written[1]?.[2].call, { ok: false, error: "e" });
  strictEqual(written.length, 2);
});

Deno.test("noting, another persona's flood: nobody waits for it", async () => {
  const { noting, written, ends } = slowly();
  void noting.take("p", "c", spent(1));
  const other = noting.take("q", "c", spent(2));
  deepStrictEqual(written.map(([persona]) => persona), ["p", "q"]);
  ends[1]?.resolve();
  await other;
});

Deno.test("noting, a worker that makes up connections: so many at once, and no more", async () => {
  const { noting, written } = slowly();
  for (let n = 0; n < 16; n++) void noting.take("p", `c${n}`, spent(1));
  await rejects(noting.take("p", "one more", spent(1)), /more connections/);
  strictEqual(written.length, 16);
});

Deno.test("noting, a write that fails: it is said, and the next is tried anew", async () => {
  let fails = true;
  const written: Noted[] = [];
  const noting = new Noting({
    now: () => 0,
    write(_persona, _connection, noted) {
      if (fails) return Promise.reject(new Error("away"));
      written.push(noted);
      return Promise.resolve();
    },
  });
  await rejects(noting.take("p", "c", spent(1)), /away/);
  fails = false;
  await noting.take("p", "c", spent(2));
  strictEqual(written.length, 1);
});
