import { deepStrictEqual } from "node:assert/strict";
import type { Resident } from "./blame.ts";
import { blame } from "./blame.ts";

const MB = 1_048_576;
const limits = { maxHeapBytes: 256 * MB, maxRssBytes: 1_024 * MB };
const one = (address: string, more: Partial<Resident> = {}): Resident => ({
  address,
  busy: false,
  heapBytes: 10 * MB,
  externalBytes: 1 * MB,
  ...more,
});
const ended = { end: "ended", guilty: null } as const;

Deno.test("blame, somebody named by the cell: that one alone", () => {
  const residents = [one("a", { busy: true }), one("b")];
  deepStrictEqual(blame({ end: "flood", guilty: "b" }, residents, limits), { guilty: "b", suspects: [] });
});

Deno.test("blame, alone in the cell: nobody else can have done it", () => {
  deepStrictEqual(blame(ended, [one("a")], limits), { guilty: "a", suspects: [] });
});

Deno.test("blame, out of memory: who held more than half of the heap; several such are suspects", () => {
  const end = { end: "out_of_memory", guilty: null } as const;
  const large = { heapBytes: 200 * MB };
  deepStrictEqual(blame(end, [one("a"), one("b", large), one("c", { busy: true })], limits), {
    guilty: "b",
    suspects: [],
  });
  deepStrictEqual(blame(end, [one("a"), one("b", large), one("c", large)], limits), {
    guilty: null,
    suspects: ["b", "c"],
  });
});

Deno.test("blame, resident size: buffers outside the heap count", () => {
  const end = { end: "memory", guilty: null } as const;
  const residents = [one("a", { heapBytes: 250 * MB }), one("b", { externalBytes: 600 * MB })];
  deepStrictEqual(blame(end, residents, limits), { guilty: "b", suspects: [] });
});

Deno.test("blame, guilt unknown: who was at something is suspected, all where nobody was, and nobody is charged", () => {
  deepStrictEqual(blame(ended, [one("a"), one("b", { busy: true }), one("c", { busy: true })], limits), {
    guilty: null,
    suspects: ["b", "c"],
  });
  deepStrictEqual(blame(ended, [one("a"), one("b")], limits), { guilty: null, suspects: ["a", "b"] });
});

Deno.test("blame, ended by a person: nobody", () => {
  deepStrictEqual(blame({ end: "asked", guilty: null }, [one("a", { busy: true })], limits), {
    guilty: null,
    suspects: [],
  });
});
