import assert from "node:assert/strict";
import { advance, rangeOf, readCursor } from "./poll_cursor.ts";

const NOW = Date.UTC(2026, 10, 22);
const MINUTE = 60_000;

Deno.test("a cursor is read as it was written, and anything else is none", () => {
  const cursor = advance(null, [{ id: "1", at: NOW }], true, NOW);
  assert.deepEqual(readCursor(JSON.stringify(cursor)), cursor);
  for (const text of [null, "", "{}", "7", '{"since":1,"newest":1,"until":null,"seen":[1]}']) {
    assert.equal(readCursor(text), null, String(text));
  }
});

Deno.test("the last minutes are read again, and LinkedIn is never asked for more than 60 days", () => {
  const cursor = advance(null, [{ id: "1", at: NOW }], true, NOW);
  assert.deepEqual(rangeOf(cursor, NOW + MINUTE), { start: NOW - 15 * MINUTE, end: NOW + 16 * MINUTE });
  const day = 86_400_000;
  assert.equal(rangeOf(cursor, NOW + 90 * day).start, NOW + 30 * day);
});

Deno.test("a backlog goes on where it was left, and comes to an end where all is of one moment", () => {
  const start = advance(null, [], true, NOW - 100 * MINUTE);
  const half = advance(start, [{ id: "9", at: NOW }, { id: "8", at: NOW - MINUTE }], false, NOW);
  assert.deepEqual([half.since, half.until, half.newest], [start.since, NOW - MINUTE + 1, NOW]);
  const stuck = advance(half, [{ id: "8", at: NOW - MINUTE }], false, NOW);
  assert.equal(stuck.until, NOW - MINUTE);
  const done = advance(stuck, [{ id: "1", at: NOW - 90 * MINUTE }], true, NOW);
  assert.deepEqual([done.since, done.until], [NOW - 15 * MINUTE, null]);
  assert.deepEqual(done.seen.map(({ id }) => id), ["9", "8", "1"]);
});
