import assert from "node:assert/strict";
import { advance, mark, readCursor } from "./poll_cursor.ts";

const at = (minutes: number) => new Date(Date.UTC(2026, 10, 22) + minutes * 60_000).toISOString();

Deno.test("advance keeps a mark of what is recent enough to be read again", () => {
  const cursor = advance(null, [{ id: "old", at: at(0) }, { id: "new", at: at(600) }]);
  assert.deepEqual(cursor, { floor: at(240), seen: [mark("new")], backlog: null });
});

Deno.test("advance never moves the floor back", () => {
  const before = { floor: at(500), seen: [], backlog: null };
  assert.equal(advance(before, [{ id: "a", at: at(510) }]).floor, at(500));
  assert.equal(advance(before, []).floor, at(500));
});

Deno.test("advance keeps a bounded number of marks and lifts the floor above what it forgets", () => {
  const many = Array.from(
    { length: 400 },
    (_, i) => ({ id: `n${i}`, at: new Date(1e12 + i * 1000).toISOString() }),
  );
  const cursor = advance(null, many);
  assert.equal(cursor.seen.length, 300);
  assert.equal(cursor.seen.includes(mark("n100")), true);
  assert.equal(cursor.seen.includes(mark("n99")), false);
  assert.equal(cursor.floor > many[99]!.at && cursor.floor <= many[100]!.at, true);
});

Deno.test("readCursor reads back what was written and refuses other texts", () => {
  const cursor = advance(null, [{ id: "a", at: at(0) }]);
  assert.deepEqual(readCursor(JSON.stringify(cursor)), cursor);
  assert.equal(readCursor(null), null);
  assert.throws(() => readCursor("{}"), /not readable/);
});
