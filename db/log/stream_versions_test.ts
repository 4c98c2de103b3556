import assert from "node:assert/strict";
import { StreamVersions } from "./stream_versions.ts";

Deno.test("stream versions keep what is pinned and forget the least recently used of the rest", () => {
  const versions = new StreamVersions(2);
  for (const [at, stream] of ["a", "b", "c"].entries()) {
    versions.pin(stream);
    versions.set(stream, at);
  }
  versions.pin("a");
  for (const stream of ["a", "b", "c"]) versions.unpin(stream);
  assert.equal(versions.get("a"), 0, "still pinned once");
  versions.pin("d");
  versions.set("d", 7);
  versions.unpin("d");
  for (const stream of ["b", "c", "d"]) versions.pin(stream);
  assert.deepEqual(["a", "b", "c", "d"].map((stream) => versions.get(stream)), [0, undefined, 2, 7]);
});

Deno.test("stream versions refuse to change what is not pinned", () => {
  const versions = new StreamVersions(2);
  assert.throws(() => versions.set("a", 1), /not pinned/);
  assert.throws(() => versions.unpin("a"), /not pinned/);
});
