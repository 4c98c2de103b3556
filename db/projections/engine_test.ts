import assert from "node:assert/strict";
import type { StoredEvent } from "../log/log.ts";
import { ProjectionEngine, type Row } from "./engine.ts";
import type { Projection } from "./projection.ts";

const sums: Projection = {
  table: "sums",
  key: ["name"],
  types: ["Added", "Removed"],
  touches: (event) => [{ name: event.data.name }],
  fold(row, event, key) {
    if (event.type === "Removed") return null;
    if (event.data.by === "boom") throw new Error("boom");
    if (event.data.by === "other key") return { name: "other", sum: 0 };
    return { ...key, sum: Number(row?.sum ?? 0) + Number(event.data.by) };
  },
};

let position = 0;
const event = (type: string, name: string, by: string | number = 1): StoredEvent => ({
  position: ++position,
  id: `${position}`,
  stream: "s",
  version: position,
  type,
  schema: 1,
  at: "2026-01-01T00:00:00.000Z",
  by: "system",
  cause: null,
  correlation: null,
  data: { name, by },
});

function engineOver(stored: Row[], cachedRows = 100) {
  const asked: Row[] = [];
  const engine = new ProjectionEngine([sums], {
    loadRows(_projection, keys) {
      asked.push(...keys);
      return Promise.resolve(stored.filter((row) => keys.some((key) => key.name === row.name)));
    },
  }, cachedRows);
  return { engine, asked };
}

Deno.test("engine folds a batch onto the rows that exist and writes each touched row once", async () => {
  const { engine, asked } = engineOver([{ name: "a", sum: 10 }, { name: "c", sum: 1 }]);
  const { changes, faults } = await engine.fold([
    [event("Added", "a"), event("Added", "b", 5)],
    [event("Added", "a", 2), event("Removed", "c"), event("Ignored", "z")],
  ]);
  assert.deepEqual(faults, []);
  assert.deepEqual(changes, [
    { table: "sums", upserts: [{ name: "a", sum: 13 }, { name: "b", sum: 5 }], deletes: [{ name: "c" }] },
  ]);
  assert.deepEqual(asked, [{ name: "a" }, { name: "b" }, { name: "c" }]);
});

Deno.test("engine remembers rows, absent ones too, only once they are committed, and forgets when told", async () => {
  const { engine, asked } = engineOver([]);
  const first = await engine.fold([[event("Added", "a"), event("Removed", "b")]]);
  await engine.fold([[event("Added", "a"), event("Added", "b")]]);
  assert.equal(asked.length, 4, "not committed, so read again");
  engine.settle(first.changes);
  const { changes } = await engine.fold([[event("Added", "a"), event("Added", "b")]]);
  assert.equal(asked.length, 4);
  assert.deepEqual(changes[0]?.upserts, [{ name: "a", sum: 2 }, { name: "b", sum: 1 }]);
  engine.drop();
  await engine.fold([[event("Added", "a")]]);
  assert.equal(asked.length, 5);
});

Deno.test("engine reads again what no longer fits into its memory", async () => {
  const { engine, asked } = engineOver([], 2);
  for (const name of ["a", "b", "c", "a"]) {
    engine.settle((await engine.fold([[event("Added", name)]])).changes);
  }
  assert.deepEqual(asked.map(({ name }) => name), ["a", "b", "c", "a"]);
});

Deno.test("engine names each append on which a projection fails, and nothing of what it quotes", async () => {
  const { engine } = engineOver([]);
  const { faults } = await engine.fold([
    [event("Added", "a")],
    [event("Added", "a"), event("Added", "a", "boom")],
    [event("Added", "b", "other key")],
  ]);
  assert.deepEqual(faults, [
    { at: 1, table: "sums", reason: "projection sums failed: Error" },
    { at: 2, table: "sums", reason: "projection sums failed: TypeError" },
  ]);
});

Deno.test("engine says before it reads rows, and not when it remembers them", async () => {
  const { engine } = engineOver([]);
  let waits = 0;
  engine.settle((await engine.fold([[event("Added", "a")]], () => waits++)).changes);
  await engine.fold([[event("Added", "a")]], () => waits++);
  assert.equal(waits, 1);
});
