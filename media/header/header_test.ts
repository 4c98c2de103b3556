import assert from "node:assert/strict";
import { MAX_FRAMES, MAX_PICTURE_BYTES, MAX_SCANS } from "../limits.ts";
import { PictureRefused } from "../refused.ts";
import {
  asGif,
  asJpeg,
  asPng,
  asWebp,
  chunk,
  exif,
  quarters,
  utf8,
  withChunks,
  withRiffChunk,
  withSegments,
} from "../testing.ts";
import { joined, viewOf } from "./bytes.ts";
import { readHeader } from "./header.ts";

const picture = quarters(24, 16);
const png = await asPng(picture);
const jpeg = await asJpeg(picture);
const webp = await asWebp(picture);
const lossless = await asWebp(picture, true);
const gif = asGif([picture]);
const whole = { png, jpeg, webp, lossless, gif };

function refusal(bytes: Uint8Array): { code: string; message: string } {
  try {
    readHeader(bytes);
  } catch (error) {
    if (error instanceof PictureRefused) return { code: error.code, message: error.message };
    throw error;
  }
  throw new Error("it was taken");
}

/** Where a JPEG says its size: behind the marker, its length and the bits. */
function frameOf(bytes: Uint8Array): number {
  return bytes.findIndex((byte, at) => byte === 0xff && [0xc0, 0xc1, 0xc2].includes(bytes[at + 1] ?? 0));
}

Deno.test("a header: format and size of every format that is taken", () => {
  const formats = Object.values(whole).map((bytes) => {
    const { format, width, height, orientation } = readHeader(bytes);
    return [format, width, height, orientation];
  });
  assert.deepEqual(formats, ["png", "jpeg", "webp", "webp", "gif"].map((format) => [format, 24, 16, 1]));
});

Deno.test("what a decoder is given: the picture, without texts, places, comments and what follows the end", () => {
  const secret = "51.5007N-0.1246W";
  const with3 = (format: string): Uint8Array => {
    switch (format) {
      case "png":
        return withChunks(png, [["tEXt", utf8(`where\0${secret}`)], ["eXIf", exif(1, secret)], [
          "acTL",
          utf8(secret),
        ]]);
      case "jpeg":
        return withSegments(jpeg, [
          [0xe1, joined([utf8("Exif\0\0"), exif(1, secret)])],
          [
            0xe2,
            utf8(`ICC_PROFILE\0${secret}`),
          ],
          [0xed, utf8(secret)],
          [0xfe, utf8(secret)],
        ]);
      default:
        return withRiffChunk(format === "webp" ? webp : lossless, "XMP ", utf8(secret));
    }
  };
  const holds = (bytes: Uint8Array) => new TextDecoder("latin1").decode(bytes).includes(secret);
  for (const format of Object.keys(whole)) {
    const file = format === "gif" ? gifWithComment(secret) : with3(format);
    const trailed = joined([file, utf8(`PK\x03\x04${secret}<script>`)]);
    assert.ok(holds(file), format);
    assert.ok(!holds(readHeader(trailed).bare), format);
    assert.deepEqual(readHeader(trailed).bare, readHeader(whole[format as keyof typeof whole]).bare, format);
  }
});

function gifWithComment(text: string): Uint8Array {
  const colors = 13 + 3 * 4;
  const comment = joined([Uint8Array.of(0x21, 0xfe, text.length), utf8(text), Uint8Array.of(0)]);
  return joined([gif.subarray(0, colors), comment, gif.subarray(colors)]);
}

Deno.test("an orientation: read from EXIF in JPEG, PNG and WebP, in either order of bytes, and nonsense is upright", () => {
  const little = exif(1).slice();
  little.set(utf8("II*\0"));
  for (const at of [4, 14]) viewOf(little).setUint32(at, viewOf(exif(1)).getUint32(at), true);
  viewOf(little).setUint16(8, 1, true);
  viewOf(little).setUint16(10, 0x0112, true);
  viewOf(little).setUint16(12, 3, true);
  viewOf(little).setUint16(18, 8, true);
  const inJpeg = (data: Uint8Array) =>
    readHeader(withSegments(jpeg, [[0xe1, joined([utf8("Exif\0\0"), data])]])).orientation;
  assert.equal(inJpeg(exif(6)), 6);
  assert.equal(inJpeg(little), 8);
  assert.equal(readHeader(withChunks(png, [["eXIf", exif(3)]])).orientation, 3);
  assert.equal(readHeader(withRiffChunk(webp, "EXIF", exif(5))).orientation, 5);
  const far = exif(6).slice();
  viewOf(far).setUint32(4, 0xfffffff0);
  const many = exif(9).slice();
  viewOf(many).setUint16(8, 0xffff);
  for (const nonsense of [exif(0), exif(9), far, many, utf8("Exif"), new Uint8Array(40)]) {
    assert.equal(inJpeg(nonsense), 1);
  }
});

Deno.test("a file cut anywhere: refused as damaged, or no picture where its first bytes are gone", () => {
  for (const [name, bytes] of Object.entries(whole)) {
    for (let length = 0; length < bytes.length; length++) {
      const { code } = refusal(bytes.subarray(0, length));
      assert.ok(
        code === "damaged" || length < 13 && code === "not_a_picture",
        `${name} cut at ${length}: ${code}`,
      );
    }
  }
});

Deno.test("bytes changed at random: taken or refused, never anything else, and never larger than it may be", () => {
  let seed = 7;
  const random = (below: number) => (seed = Math.imul(seed, 1103515245) + 12345 >>> 0) % below;
  for (const [name, bytes] of Object.entries(whole)) {
    for (let n = 0; n < 2_000; n++) {
      const changed = bytes.slice();
      for (let k = 0; k <= random(4); k++) changed[random(Math.min(120, changed.length))] = random(256);
      try {
        const { width, height } = readHeader(changed);
        assert.ok(width * height <= 51_000_000);
      } catch (error) {
        assert.ok(error instanceof PictureRefused, `${name}: ${error}`);
      }
    }
  }
});

Deno.test("what is no picture, whatever it is called: refused, and by its name where that helps", () => {
  const files: [string | Uint8Array, string, RegExp][] = [
    [
      "<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
      "unsupported",
      /an SVG drawing\. JPEG/,
    ],
    ["<?xml version='1.0'?><!-- x --><svg/>".replace("<svg/>", "<svg />"), "unsupported", /SVG/],
    ["<!DOCTYPE html><script>alert(1)</script>", "unsupported", /a web page/],
    ["%PDF-1.7", "unsupported", /a PDF/],
    ["\0\0\0\x18ftypheic\0\0\0\0", "unsupported", /HEIC/],
    ["\0\0\0\x18ftypavif\0\0\0\0", "unsupported", /AVIF/],
    ["\0\0\0\x18ftypmp42\0\0\0\0", "unsupported", /a video/],
    ["GIF89a=1;alert(1)//".padEnd(40, "/"), "too_many_pixels", /12605 by 24891 pixels/],
    ["GIF89a/*\x01\0\0\0\0*/=1;alert(1)//", "damaged", /does not begin where it should/],
    ["", "not_a_picture", /no picture/],
    ["hello", "not_a_picture", /JPEG, PNG, WebP and GIF are taken/],
    [joined([utf8("<html>"), png]), "unsupported", /a web page/],
    [joined([utf8("PK\x03\x04"), png]), "not_a_picture", /no picture/],
  ];
  for (const [file, code, says] of files) {
    const refused = refusal(typeof file === "string" ? utf8(file) : file);
    assert.equal(refused.code, code, String(file).slice(0, 40));
    assert.match(refused.message, says);
  }
});

Deno.test("a decompression bomb: refused by what its header says, of every format", () => {
  const bombs: Uint8Array[] = [];
  const bombPng = png.slice();
  viewOf(bombPng).setUint32(16, 60_000);
  viewOf(bombPng).setUint32(20, 60_000);
  const bombJpeg = jpeg.slice();
  viewOf(bombJpeg).setUint16(frameOf(jpeg) + 5, 65_535);
  viewOf(bombJpeg).setUint16(frameOf(jpeg) + 7, 65_535);
  const bombGif = gif.slice();
  viewOf(bombGif).setUint16(6, 65_535, true);
  viewOf(bombGif).setUint16(8, 65_535, true);
  const bombWebp = webp.slice();
  viewOf(bombWebp).setUint16(26, 16_383, true);
  viewOf(bombWebp).setUint16(28, 16_383, true);
  const bombLossless = lossless.slice();
  viewOf(bombLossless).setUint32(21, 0x0fffffff, true);
  bombs.push(bombPng, bombJpeg, bombGif, bombWebp, bombLossless);
  for (const bomb of bombs) {
    const { code, message } = refusal(bomb);
    assert.equal(code, "too_many_pixels");
    assert.match(message, /^The picture is \d+ by \d+ pixels: at most 51 million are taken\./);
  }
  const none = png.slice();
  viewOf(none).setUint32(16, 0);
  assert.equal(refusal(none).code, "damaged");
});

Deno.test("a file over the limit: refused before it is looked at", () => {
  assert.equal(refusal(new Uint8Array(MAX_PICTURE_BYTES + 1)).code, "too_large");
});

Deno.test("a JPEG for printing, of 12 bits or without loss: refused with what to do", () => {
  const changed = (at: number, value: number) => {
    const bytes = jpeg.slice();
    bytes[frameOf(jpeg) + at] = value;
    return refusal(bytes);
  };
  for (const { code, message } of [changed(9, 4), changed(4, 12), changed(1, 0xc3), changed(1, 0xc9)]) {
    assert.equal(code, "unsupported");
    assert.match(message, /Save it as an ordinary JPEG or PNG\.$/);
  }
});

Deno.test("a JPEG with more layers than are taken: refused, and fewer the larger it is", () => {
  const scanAt = jpeg.findIndex((byte, at) => byte === 0xff && jpeg[at + 1] === 0xda);
  const scan = jpeg.subarray(scanAt, -2);
  const layers = (count: number, height: number) => {
    const bytes = joined([
      jpeg.subarray(0, scanAt),
      ...Array.from({ length: count }, () => scan),
      Uint8Array.of(0xff, 0xd9),
    ]);
    viewOf(bytes).setUint16(frameOf(jpeg) + 5, height);
    viewOf(bytes).setUint16(frameOf(jpeg) + 7, 8_000);
    return bytes;
  };
  assert.equal(readHeader(layers(MAX_SCANS, 16)).height, 16);
  assert.equal(refusal(layers(MAX_SCANS + 1, 16)).code, "unsupported");
  assert.equal(readHeader(layers(12, 6_000)).height, 6_000);
  assert.equal(refusal(layers(13, 6_000)).code, "unsupported");
});

Deno.test("an animation: of a GIF the first frame, with absurdly many refused, and a WebP refused", () => {
  const other = quarters(24, 16);
  other.data.fill(255);
  assert.deepEqual(readHeader(asGif([picture, other, other])).bare, readHeader(gif).bare);
  const tiny = quarters(2, 2);
  assert.equal(readHeader(asGif(Array.from({ length: MAX_FRAMES }, () => tiny))).width, 2);
  const refused = refusal(asGif(Array.from({ length: MAX_FRAMES + 1 }, () => tiny)));
  assert.match(refused.message, /more than 1000 frames/);
  const outside = gif.slice();
  const frame = gif.indexOf(0x2c, 25);
  viewOf(outside).setUint16(frame + 5, 25, true);
  assert.equal(refusal(outside).code, "damaged");
  assert.match(refusal(withRiffChunk(webp, "ANIM", new Uint8Array(6))).message, /This WebP is animated/);
});

Deno.test("a WebP that says two sizes: refused", () => {
  const extended = new Uint8Array(10);
  assert.equal(refusal(withRiffChunk(webp, "VP8X", extended)).code, "damaged");
});

Deno.test("a PNG whose first chunk is not its header: refused", () => {
  assert.equal(
    refusal(joined([png.subarray(0, 8), chunk("tEXt", utf8("x\0y")), png.subarray(8)])).code,
    "damaged",
  );
});
