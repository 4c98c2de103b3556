import assert from "node:assert/strict";
import { getMedia } from "../db/media.ts";
import { testOn } from "../tests/database.ts";
import { attachable } from "./attach.ts";
import { asJpeg, photo, utf8 } from "./testing.ts";

testOn(
  "embedded",
  "a picture for a post: made ready for its platform, kept once however often it is given",
  async ({ sql }) => {
    const upload = await asJpeg(photo(2_100, 300));
    const media = await attachable(sql, { upload, platform: "bluesky", personaId: "a" });
    assert.ok("sha256" in media);
    assert.deepEqual([media.mime, media.width, media.height], ["image/jpeg", 2_000, 286]);
    const again = await attachable(sql, { upload, platform: "sandbox", personaId: "b" });
    assert.deepEqual(again, media);
    const other = await attachable(sql, { upload, platform: "x", personaId: "a" });
    assert.ok("sha256" in other && other.width === 2_100 && other.sha256 !== media.sha256);
    assert.equal((await sql.query("select from media")).length, 2);
    assert.equal((await getMedia(sql, media.sha256))?.data.length, media.bytes);
  },
);

testOn("embedded", "a file that is no picture: refused in words, and nothing is kept", async ({ sql }) => {
  const answer = await attachable(sql, { upload: utf8("<html></html>"), platform: "x", personaId: "a" });
  assert.deepEqual(answer, {
    refused: "This is a web page. JPEG, PNG, WebP and GIF are taken.",
    code: "unsupported",
  });
  assert.equal((await sql.query("select from media")).length, 0);
});
