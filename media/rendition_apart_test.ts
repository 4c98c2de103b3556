import assert from "node:assert/strict";
import { renditionLimits } from "./limits.ts";
import { PictureRefused } from "./refused.ts";
import { renditionFor } from "./rendition_apart.ts";
import { renditionOf } from "./rendition.ts";
import { asJpeg, asPng, photo, quarters, testCodecs, utf8 } from "./testing.ts";

const bluesky = renditionLimits("bluesky");
const small = await asPng(quarters(16, 16));

Deno.test("a rendition made apart is the one that is made here", async () => {
  const file = await asJpeg(photo(700, 400));
  assert.deepEqual(await renditionFor(file, bluesky), await renditionOf(file, bluesky, await testCodecs()));
});

Deno.test("a file that is refused apart: with code and message, and the next one is made", async () => {
  await assert.rejects(renditionFor(utf8("<svg></svg>"), bluesky), (error) => {
    assert.ok(error instanceof PictureRefused);
    assert.deepEqual([error.code, error.message], [
      "unsupported",
      "This is an SVG drawing. JPEG, PNG, WebP and GIF are taken.",
    ]);
    return true;
  });
  // A decoder that was trapped harms nobody after it.
  const hollow = small.slice().fill(0x5a, 45, small.length - 16);
  await assert.rejects(renditionFor(hollow, bluesky), { code: "damaged" });
  assert.equal((await renditionFor(small, bluesky)).mime, "image/png");
});

Deno.test("more pictures than may wait: the last is refused, the others are made", async () => {
  const results = await Promise.allSettled(Array.from({ length: 9 }, () => renditionFor(small, bluesky)));
  const refused = results.filter((result) => result.status === "rejected");
  assert.deepEqual(refused.map(({ reason }) => reason.code), ["busy"]);
});

Deno.test("a picture that takes too long: refused, and the next one is made", async () => {
  await assert.rejects(renditionFor(small, bluesky, { deadlineMs: 1 }), { code: "too_slow" });
  assert.equal((await renditionFor(small, bluesky)).width, 16);
});

Deno.test("a large picture: does not hold up the thread that asked", async () => {
  const file = await asJpeg(photo(2_400, 1_600));
  let turns = 0;
  const timer = setInterval(() => turns++, 5);
  await renditionFor(file, bluesky);
  clearInterval(timer);
  assert.ok(turns > 10, `the event loop went round ${turns} times`);
});
