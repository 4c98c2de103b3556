import assert from "node:assert/strict";
import { imageOf } from "./image.ts";
import { MAX_IMAGE_BYTES } from "./media.ts";
import type { Client } from "./testing.ts";
import { withX } from "./testing.ts";

/** The beginning of a PNG of 3 × 2 px, and as many bytes more as are asked for. */
function png(size = 40): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(size);
  bytes.set([
    0x89,
    0x50,
    0x4e,
    0x47,
    13,
    10,
    26,
    10,
    0,
    0,
    0,
    13,
    0x49,
    0x48,
    0x44,
    0x52,
    0,
    0,
    0,
    3,
    0,
    0,
    0,
    2,
  ]);
  return bytes;
}

const GIF = Uint8Array.from([0x47, 0x49, 0x46, 0x38, 0x39, 0x61, 3, 0, 2, 0, 0, 0]);
const JPEG = Uint8Array.from([
  0xff,
  0xd8,
  0xff,
  0xe0,
  0,
  4,
  1,
  2,
  0xff,
  0xc0,
  0,
  11,
  8,
  0,
  2,
  0,
  3,
  1,
  1,
  17,
  0,
]);
const WEBP = Uint8Array.from(
  [
    0x52,
    0x49,
    0x46,
    0x46,
    22,
    0,
    0,
    0,
    0x57,
    0x45,
    0x42,
    0x50,
    0x56,
    0x50,
    0x38,
    0x58,
    10,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    2,
    0,
    0,
    1,
    0,
    0,
  ],
);

function begin(client: Client, bytes: number, type = "image/png", category = "tweet_image") {
  return client.post("/2/media/upload/initialize", {
    media_type: type,
    media_category: category,
    total_bytes: bytes,
  });
}

function append(client: Client, id: string, index: number, bytes: Uint8Array<ArrayBuffer>) {
  const form = new FormData();
  form.set("media", new Blob([bytes]));
  form.set("segment_index", String(index));
  return client.send("POST", `/2/media/upload/${id}/append`, form);
}

async function upload(client: Client, bytes = png()): Promise<string> {
  const { id } = (await begin(client, bytes.length)).body.data;
  assert.equal((await append(client, id, 0, bytes)).status, 200);
  assert.equal((await client.post(`/2/media/upload/${id}/finalize`)).status, 200);
  return id;
}

Deno.test("images are known by their content, with their size", () => {
  const size = { width: 3, height: 2 };
  assert.deepEqual(imageOf(png()), { type: "image/png", ...size });
  assert.deepEqual(imageOf(GIF), { type: "image/gif", ...size });
  assert.deepEqual(imageOf(JPEG), { type: "image/jpeg", ...size });
  assert.deepEqual(imageOf(WEBP), { type: "image/webp", ...size });
  for (
    const none of [new Uint8Array(), new TextEncoder().encode("<svg/>"), png().slice(0, 18), JPEG.slice(0, 9)]
  ) {
    assert.equal(imageOf(none), null);
  }
});

Deno.test("an image goes up in pieces, is described, posted, and read back with its words", async () => {
  await withX(async (x, client) => {
    const bytes = png();
    const begun = await begin(client, bytes.length);
    const { id, media_key: key } = begun.body.data;
    assert.equal((await append(client, id, 1, bytes.slice(30))).status, 200);
    assert.equal((await client.post(`/2/media/upload/${id}/finalize`)).status, 400);
    const piece = btoa(String.fromCharCode(...bytes.slice(0, 30)));
    const json = await client.post(`/2/media/upload/${id}/append`, { media: piece, segment_index: 0 });
    assert.equal(json.status, 200);
    assert.equal((await client.say("no")).status, 201);
    assert.equal((await client.post("/2/tweets", { text: "early", media: { media_ids: [id] } })).status, 400);
    const done = await client.post(`/2/media/upload/${id}/finalize`);
    assert.deepEqual([done.status, done.body.data.size, done.body.data.expires_after_secs], [
      200,
      40,
      86_400,
    ]);
    const words = { id, metadata: { alt_text: { text: "Three by two" } } };
    assert.equal((await client.post("/2/media/metadata", words)).status, 200);
    const posted = await client.post("/2/tweets", {
      text: "look",
      media: { media_ids: [id] },
      made_with_ai: true,
    });
    assert.match(posted.body.data.text, /^look https:\/\/t\.co\/\w{10}$/);
    const [, post] = x.control.posts("marisol_ink");
    assert.deepEqual([post?.text, post?.altTexts, post?.madeWithAi], ["look", ["Three by two"], true]);
    const read = await client.get(
      `/2/tweets/${post?.id}?tweet.fields=attachments,entities&expansions=attachments.media_keys&media.fields=alt_text,width`,
    );
    assert.deepEqual(read.body.data.attachments.media_keys, [key]);
    assert.deepEqual(read.body.includes.media, [{
      media_key: key,
      type: "photo",
      alt_text: "Three by two",
      width: 3,
    }]);
  });
});

Deno.test("what is no image, another type, too large or too much is refused", async () => {
  await withX(async (_, client) => {
    assert.equal((await begin(client, 40, "image/svg+xml")).status, 400);
    assert.equal((await begin(client, 40, "image/png", "tweet_video")).status, 400);
    assert.equal((await begin(client, 0)).status, 400);
    assert.equal((await begin(client, MAX_IMAGE_BYTES + 1)).status, 400);
    const { id } = (await begin(client, 40)).body.data;
    assert.equal((await append(client, id, 0, png(41))).status, 400);
    assert.equal((await append(client, id, 1000, png())).status, 400);
    assert.equal((await append(client, id, 0, Uint8Array.from({ length: 40 }, () => 65))).status, 200);
    const refused = await client.post(`/2/media/upload/${id}/finalize`);
    assert.deepEqual([refused.status, refused.body.detail], [400, "media type unrecognized."]);
    assert.equal((await append(client, "1", 0, png())).status, 404);
    const long = { id, metadata: { alt_text: { text: "x".repeat(1001) } } };
    assert.equal((await client.post("/2/media/metadata", long)).status, 400);
  });
});

Deno.test("an image goes up at once; of four, each once, and only the owner's, while it lasts", async () => {
  await withX(async (x, client) => {
    const form = new FormData();
    form.set("media", new Blob([png()]));
    form.set("media_category", "tweet_image");
    const atOnce = await client.send("POST", "/2/media/upload", form);
    assert.equal(atOnce.status, 200);
    const [a, b] = [atOnce.body.data.id, await upload(client)];
    const post = (ids: string[], who = client) =>
      who.post("/2/tweets", { text: ids.join(), media: { media_ids: ids } });
    assert.equal((await post([a, a])).status, 400);
    x.control.addAccount("jo");
    assert.equal((await post([a], client.with(x.control.grant("jo").accessToken))).status, 400);
    assert.equal((await post([a, b])).status, 201);
    assert.equal((await client.post("/2/tweets", { media: { media_ids: [b] } })).status, 201);
    x.control.advance(24 * 3_600_000);
    assert.equal((await post([b], client.with(x.control.grant("marisol_ink").accessToken))).status, 400);
  });
});

Deno.test("an upload can be long in the making, and can fail in the end", async () => {
  await withX(async (x, client) => {
    const status = async (id: string) =>
      (await client.get(`/2/media/upload?media_id=${id}&command=STATUS`)).body.data.processing_info.state;
    x.control.set({ mediaPendingPolls: 1 });
    const slow = await upload(client);
    assert.equal(
      (await client.post("/2/tweets", { text: "early", media: { media_ids: [slow] } })).status,
      400,
    );
    assert.deepEqual([await status(slow), await status(slow)], ["pending", "succeeded"]);
    x.control.set({ mediaFails: true, answers: "current" });
    const lost = await upload(client);
    assert.deepEqual([await status(lost), await status(lost)], ["pending", "failed"]);
    assert.equal(
      (await client.post("/2/tweets", { text: "never", media: { media_ids: [lost] } })).status,
      400,
    );
  });
});
