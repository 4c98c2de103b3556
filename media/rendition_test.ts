import assert from "node:assert/strict";
import type { Platform } from "../actors/persona/platforms/port.ts";
import { joined } from "./header/bytes.ts";
import { readHeader } from "./header/header.ts";
import { renditionLimits } from "./limits.ts";
import { PictureRefused } from "./refused.ts";
import { type Rendition, renditionOf } from "./rendition.ts";
import {
  asGif,
  asJpeg,
  asPng,
  asWebp,
  corners,
  exif,
  photo,
  quarters,
  testCodecs,
  utf8,
  withChunks,
  withRiffChunk,
  withSegments,
} from "./testing.ts";

const codecs = await testCodecs();
const bluesky = renditionLimits("bluesky");
const PLATFORMS: Platform[] = ["sandbox", "bluesky", "x", "linkedin"];

/** The kind of JPEG that every program can read: its frame begins with SOF0. */
function isBaseline(jpeg: Uint8Array): boolean {
  const frames = [0xc0, 0xc1, 0xc2].filter((kind) =>
    jpeg.some((byte, at) => byte === 0xff && jpeg[at + 1] === kind)
  );
  return frames.length === 1 && frames[0] === 0xc0;
}

async function seen({ bytes, mime, width, height }: Rendition): Promise<string> {
  const header = readHeader(bytes);
  assert.deepEqual([`image/${header.format}`, header.width, header.height], [mime, width, height]);
  return `${mime} ${width}x${height} ${corners(await codecs.decode(header))}`;
}

Deno.test("a picture of every format: decoded, and made anew as PNG where it came drawn, else as JPEG", async () => {
  const picture = quarters(48, 32);
  const files = {
    png: await asPng(picture),
    gif: asGif([picture]),
    jpeg: await asJpeg(picture),
    webp: await asWebp(picture),
    lossless: await asWebp(picture, true),
  };
  const made: Record<string, string> = {};
  for (const [name, file] of Object.entries(files)) {
    made[name] = await seen(await renditionOf(file, bluesky, codecs));
  }
  assert.deepEqual(made, {
    png: "image/png 48x32 RGBW",
    gif: "image/png 48x32 RGBW",
    jpeg: "image/jpeg 48x32 RGBW",
    webp: "image/jpeg 48x32 RGBW",
    lossless: "image/jpeg 48x32 RGBW",
  });
});

Deno.test("a picture that lies on its side: set upright, and then says so nowhere", async () => {
  const picture = quarters(48, 32);
  const turned = joined([utf8("Exif\0\0"), exif(6)]);
  const files = [
    withSegments(await asJpeg(picture), [[0xe1, turned]]),
    withChunks(await asPng(picture), [["eXIf", exif(6)]]),
    withRiffChunk(await asWebp(picture), "EXIF", exif(6)),
  ];
  for (const file of files) {
    const made = await renditionOf(file, bluesky, codecs);
    assert.match(await seen(made), / 32x48 BRWG$/);
    assert.equal(readHeader(made.bytes).orientation, 1);
  }
});

Deno.test("places, profiles, texts and what follows the end: gone, and the picture is the one without them", async () => {
  const secret = "51.5007N-0.1246W";
  const picture = quarters(48, 32);
  const [png, jpeg, webp] = [await asPng(picture), await asJpeg(picture), await asWebp(picture)];
  const tail = utf8(`PK\x03\x04${secret}<script>alert(1)</script>`);
  const laden: [Uint8Array, Uint8Array][] = [
    [
      png,
      withChunks(png, [["tEXt", utf8(`GPS\0${secret}`)], ["eXIf", exif(1, secret)], ["iCCP", utf8(secret)]]),
    ],
    [
      jpeg,
      withSegments(jpeg, [
        [0xe1, joined([utf8("Exif\0\0"), exif(1, secret)])],
        [0xe2, utf8(`ICC_PROFILE\0\x01\x01${secret}`)],
        [0xed, utf8(`Photoshop 3.0\0${secret}`)],
        [0xfe, utf8(secret)],
      ]),
    ],
    [webp, withRiffChunk(withRiffChunk(webp, "EXIF", exif(1, secret)), "XMP ", utf8(secret))],
  ];
  for (const [plain, full] of laden) {
    const made = await renditionOf(joined([full, tail]), bluesky, codecs);
    const text = new TextDecoder("latin1").decode(made.bytes);
    for (const trace of [secret, "Exif", "ICC_PROFILE", "tEXt", "iCCP", "eXIf", "<script"]) {
      assert.ok(!text.includes(trace), trace);
    }
    assert.deepEqual(made, await renditionOf(plain, bluesky, codecs));
    assert.deepEqual(
      readHeader(made.bytes).bare,
      made.bytes,
      "nothing is in it that a decoder does not need",
    );
  }
});

Deno.test("colors under what is wholly transparent: not in what goes out", async () => {
  const picture = quarters(8, 8);
  for (let at = 3; at < 8 * 4 * 4; at += 4) picture.data[at] = 0;
  const made = await renditionOf(await asPng(picture), bluesky, codecs);
  const { data } = await codecs.decode(readHeader(made.bytes));
  assert.deepEqual([...data.subarray(0, 8)], [0, 0, 0, 0, 0, 0, 0, 0]);
  const webp = await renditionOf(await asWebp(picture, true), bluesky, codecs);
  assert.equal(await seen(webp), "image/jpeg 8x8 WWBW", "on white, where there is no transparency");
});

Deno.test("a rendition: within each platform's bytes and sides, in proportion, by lower quality before smaller size", async () => {
  const large = await asJpeg(photo(4_300, 300, 40));
  for (const platform of PLATFORMS) {
    const limits = renditionLimits(platform);
    assert.ok(limits.maxBytes <= 4_000_000);
    const { bytes, mime, width, height } = await renditionOf(large, limits, codecs);
    assert.equal(mime, "image/jpeg");
    assert.ok(bytes.length <= limits.maxBytes, `${platform}: ${bytes.length} bytes`);
    assert.deepEqual([width, height], [limits.maxSide, Math.round(limits.maxSide * 300 / 4_300)]);
  }
  const noise = photo(700, 500, 255);
  const few = (maxBytes: number) => ({ ...bluesky, maxBytes });
  const best = await renditionOf(await asJpeg(noise), bluesky, codecs);
  const plainer = await renditionOf(await asJpeg(noise), few(best.bytes.length - 1), codecs);
  assert.deepEqual([plainer.width, plainer.height], [700, 500]);
  assert.ok(isBaseline(plainer.bytes));
  const smaller = await renditionOf(await asJpeg(noise), few(20_000), codecs);
  assert.ok(smaller.bytes.length <= 20_000 && smaller.width < 700);
  assert.ok(isBaseline(smaller.bytes), "also where the quality is lowest");
  assert.equal(Math.round(700 / 500 * 10), Math.round(smaller.width / smaller.height * 10));
});

Deno.test("a PNG that does not fit as one: becomes a JPEG", async () => {
  const png = await asPng(photo(900, 600, 255));
  assert.ok(png.length > 1_000_000);
  assert.equal((await renditionOf(png, bluesky, codecs)).mime, "image/jpeg");
  const drawn = await asPng(quarters(900, 600));
  const noPng = { ...bluesky, formats: ["image/jpeg"] as const };
  assert.equal((await renditionOf(drawn, noPng, codecs)).mime, "image/jpeg");
});

Deno.test("the same file and limits: the same bytes, whatever was decoded before", async () => {
  const file = await asJpeg(photo(900, 700));
  const first = await renditionOf(file, bluesky, codecs);
  await renditionOf(await asPng(quarters(30, 20)), bluesky, codecs);
  assert.deepEqual(await renditionOf(file, bluesky, codecs), first);
});

Deno.test("a file whose header is right and whose contents are not: refused as damaged", async () => {
  const picture = photo(64, 64);
  const hollow = (file: Uint8Array, from: number, until: number) => file.slice().fill(0x5a, from, until);
  const png = await asPng(picture);
  const lossless = await asWebp(picture, true);
  for (const file of [hollow(png, 60, png.length - 20), hollow(lossless, 27, lossless.length)]) {
    await assert.rejects(renditionOf(file, bluesky, codecs), (error) => {
      assert.ok(error instanceof PictureRefused);
      assert.equal(error.code, "damaged");
      assert.match(error.message, /Save it again as JPEG or PNG/);
      return true;
    });
    // A trap leaves a decoder as it is: each rendition has a thread and decoders of its own.
  }
});
