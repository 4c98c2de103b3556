import { Unzlib } from "fflate";
import { concat, fromBase64, fromLatin1, latin1, toBase64 } from "./bytes.ts";
import { decodeUtf8, type Json, parseJson } from "./json.ts";
import type { PersonaFileLimits } from "./limits.ts";
import { type OriginalFile, PersonaFileError } from "./persona_file.ts";
import type { SecretStripper } from "./secrets.ts";

/** PNG as in the W3C's PNG specification, third edition; only its chunks are read, never its pixels. */
const signature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

interface Chunk {
  type: string;
  data: Uint8Array;
}

export interface PersonaPng {
  /** The JSON text of the character, from `ccv3` or else `chara`. */
  json: string;
  warnings: string[];
  /** To be called once the character itself is stripped: looks through every other chunk. */
  inspect(secrets: SecretStripper): void;
  /** The file as it may be kept; `card` replaces the character if `changed`. */
  keep(secrets: SecretStripper, card: Json, changed: boolean): OriginalFile;
}

export function isPng(bytes: Uint8Array): boolean {
  return signature.every((byte, i) => bytes[i] === byte);
}

export function openPng(bytes: Uint8Array, limits: PersonaFileLimits): PersonaPng {
  const warnings: string[] = [];
  const { chunks, trailing } = readChunks(bytes, limits, warnings);
  const main = chunks.find((c) => keywordOf(c) === "ccv3") ?? chunks.find((c) => keywordOf(c) === "chara");
  if (!main) {
    throw new PersonaFileError(
      "no_character",
      "this PNG holds no character: expected a tEXt chunk named chara or ccv3",
    );
  }
  const json = cardText(main);
  const sideCards = new Map<Chunk, Json>();
  const dropped = new Set<Chunk>();
  if (trailing > 0) {
    warnings.push(`${trailing} bytes after the end of the image were not kept: they are no part of a PNG`);
  }

  return {
    json,
    warnings,
    inspect(secrets) {
      const budget = { bytes: limits.decompressedBytes };
      for (const chunk of chunks) {
        if (chunk === main || imageChunks.has(chunk.type)) continue;
        const keyword = keywordOf(chunk);
        if (keyword === "ccv3" || keyword === "chara") {
          const card = readSideCard(chunk, limits);
          if (card === null) {
            dropped.add(chunk);
            warnings.push(`a second character in the PNG (${keyword}) could not be read and was not kept`);
          } else {
            const before = secrets.paths.length;
            const clean = secrets.strip(card, `PNG ${keyword}`);
            if (secrets.paths.length > before) sideCards.set(chunk, clean);
          }
          continue;
        }
        const text = textOf(chunk, budget);
        if (text === null) {
          dropped.add(chunk);
          warnings.push(`a ${chunk.type} chunk of the PNG could not be looked into and was not kept`);
        } else {
          const before = secrets.paths.length;
          stripSideText(text, `PNG ${chunk.type}`, secrets, limits);
          if (secrets.paths.length > before) dropped.add(chunk);
        }
      }
    },
    keep(secrets, card, changed) {
      const kept: Chunk[] = [];
      let redacted = changed || trailing > 0;
      for (const chunk of chunks) {
        const side = sideCards.get(chunk);
        if (chunk === main && changed) kept.push(cardChunk(keywordOf(chunk), card));
        else if (side !== undefined) kept.push(cardChunk(keywordOf(chunk), secrets.erase(side, "PNG")));
        else if (dropped.has(chunk) || repeatsSecret(chunk, main, secrets, limits)) redacted = true;
        else kept.push(chunk);
        if (side !== undefined) redacted = true;
      }
      if (!redacted) return { bytes, mediaType: "image/png", redacted };
      return { bytes: writeChunks(kept), mediaType: "image/png", redacted };
    },
  };
}

/** Chunks that hold the picture itself: they are not looked into. */
const imageChunks = new Set(
  "IHDR PLTE IDAT IEND tRNS gAMA cHRM sRGB iCCP pHYs sBIT bKGD hIST tIME acTL fcTL fdAT cICP mDCV cLLI".split(
    " ",
  ),
);

function repeatsSecret(
  chunk: Chunk,
  main: Chunk,
  secrets: SecretStripper,
  limits: PersonaFileLimits,
): boolean {
  if (chunk === main || imageChunks.has(chunk.type)) return false;
  const keyword = keywordOf(chunk);
  const text = keyword === "ccv3" || keyword === "chara"
    ? cardText(chunk)
    : textOf(chunk, { bytes: limits.decompressedBytes }) ?? "";
  return secrets.holdsSecret(text) || secrets.holdsSecret(latin1(chunk.data));
}

function readChunks(
  bytes: Uint8Array,
  limits: PersonaFileLimits,
  warnings: string[],
): { chunks: Chunk[]; trailing: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const chunks: Chunk[] = [];
  let at = signature.length;
  while (chunks.at(-1)?.type !== "IEND") {
    if (at + 12 > bytes.length) throw bad("it is cut off: expected an IEND chunk at its end");
    const length = view.getUint32(at);
    const type = latin1(bytes.subarray(at + 4, at + 8));
    if (!/^[A-Za-z]{4}$/.test(type)) throw bad(`at byte ${at} expected a chunk`);
    if (at + 12 + length > bytes.length) {
      throw bad(`it is cut off: chunk ${type} says ${length} bytes, ${bytes.length - at - 12} are left`);
    }
    if (chunks.length >= limits.pngChunks) throw bad(`it has more than ${limits.pngChunks} chunks`);
    const data = bytes.subarray(at + 8, at + 8 + length);
    if (chunks.length === 0) checkHeader(type, data, limits);
    if (
      type === "tEXt" && crc32(bytes.subarray(at + 4, at + 8 + length)) !== view.getUint32(at + 8 + length)
    ) {
      warnings.push("a text chunk of the PNG has a wrong checksum: the file may be damaged");
    }
    chunks.push({ type, data });
    at += 12 + length;
  }
  return { chunks, trailing: bytes.length - at };
}

function checkHeader(type: string, data: Uint8Array, limits: PersonaFileLimits): void {
  if (type !== "IHDR" || data.length !== 13) throw bad("expected an IHDR chunk of 13 bytes first");
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const width = view.getUint32(0), height = view.getUint32(4);
  if (width === 0 || height === 0) throw bad("its width and height must be at least 1");
  if (width * height > limits.pngPixels) {
    throw new PersonaFileError(
      "too_large",
      `the picture is ${width} by ${height} pixels: at most ${limits.pngPixels} pixels are taken`,
    );
  }
}

/** The keyword of a tEXt chunk in small letters, else empty. */
function keywordOf(chunk: Chunk): string {
  if (chunk.type !== "tEXt") return "";
  const end = chunk.data.subarray(0, 80).indexOf(0);
  return end < 0 ? "" : latin1(chunk.data.subarray(0, end)).toLowerCase();
}

function cardText(chunk: Chunk): string {
  const keyword = keywordOf(chunk);
  const decoded = fromBase64(latin1(chunk.data.subarray(keyword.length + 1)));
  if (decoded === null) {
    throw bad(`its text chunk ${keyword} is not base64: expected base64 of the character's JSON`);
  }
  return decodeUtf8(decoded);
}

function readSideCard(chunk: Chunk, limits: PersonaFileLimits): Json | null {
  try {
    const { value, repeatedKeys } = parseJson(cardText(chunk), limits);
    return repeatedKeys ? null : value;
  } catch (error) {
    if (error instanceof PersonaFileError) return null;
    throw error;
  }
}

/** What a chunk says; what is decompressed is taken off the budget. Null if that fails. */
function textOf(chunk: Chunk, budget: Budget): string | null {
  const { type, data } = chunk;
  if (type !== "zTXt" && type !== "iTXt") return latin1(data);
  const keywordEnd = data.indexOf(0);
  if (keywordEnd < 0) return null;
  if (type === "zTXt") {
    return inflate(data.subarray(keywordEnd + 2), budget, latin1(data.subarray(0, keywordEnd)));
  }
  const compressed = data[keywordEnd + 1] === 1;
  const languageEnd = data.indexOf(0, keywordEnd + 3);
  const textStart = languageEnd < 0 ? -1 : data.indexOf(0, languageEnd + 1);
  if (textStart < 0) return null;
  const head = latin1(data.subarray(0, textStart));
  return compressed ? inflate(data.subarray(textStart + 1), budget, head) : latin1(data);
}

interface Budget {
  /** How much more may be decompressed in this file. */
  bytes: number;
}

function inflate(data: Uint8Array, budget: Budget, head: string): string | null {
  const parts: Uint8Array[] = [];
  let complete = false;
  const unzlib = new Unzlib((part, final) => {
    parts.push(part);
    budget.bytes -= part.length;
    complete = final;
    if (budget.bytes < 0) {
      throw new PersonaFileError(
        "too_large",
        "the compressed texts of this PNG unfold to more than is taken",
      );
    }
  });
  try {
    // Small steps: deflate unfolds at most about a thousandfold, so the bound is passed by little.
    for (let at = 0; at < data.length; at += 4096) {
      unzlib.push(data.subarray(at, at + 4096), at + 4096 >= data.length);
    }
  } catch (error) {
    if (error instanceof PersonaFileError) throw error;
    // The library throws errors of several types on damaged data; all mean "cannot be looked into", which the caller reports.
    if (!(error instanceof Error)) throw error;
    return null;
  }
  return complete ? head + "\n" + latin1(concat(parts)) : null;
}

/** Learns the secrets of a text that is no character: as JSON where it is JSON, plain or base64, else by shape. */
export function stripSideText(
  text: string,
  path: string,
  secrets: SecretStripper,
  limits: PersonaFileLimits,
): void {
  secrets.stripText(text, path);
  const body = text.slice(Math.max(text.lastIndexOf("\0"), text.indexOf("\n{"), -1) + 1).trim();
  if (body.length < text.length) secrets.stripText(body, path);
  const decoded = body.startsWith("{") || body.startsWith("[") ? body : base64Json(body);
  if (decoded === null) return;
  try {
    secrets.strip(parseJson(decoded, limits).value, path);
  } catch (error) {
    // Not JSON after all: the search by shape above stands.
    if (!(error instanceof PersonaFileError) || error.code === "too_many_secrets") throw error;
  }
}

function base64Json(text: string): string | null {
  const bytes = fromBase64(text);
  return bytes === null || bytes.length === 0 ? null : latin1(bytes);
}

function cardChunk(keyword: string, card: Json): Chunk {
  return { type: "tEXt", data: fromLatin1(`${keyword}\0${toBase64(JSON.stringify(card))}`) };
}

function writeChunks(chunks: Chunk[]): Uint8Array {
  return concat([
    new Uint8Array(signature),
    ...chunks.flatMap(({ type, data }) => {
      const body = concat([fromLatin1(type), data]);
      return [uint32(data.length), body, uint32(crc32(body))];
    }),
  ]);
}

function uint32(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value);
  return bytes;
}

const crcTable = Uint32Array.from({ length: 256 }, (_, n) => {
  for (let bit = 0; bit < 8; bit++) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1;
  return n >>> 0;
});

function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (crcTable[(crc ^ byte) & 0xff] ?? 0) ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}

function bad(what: string): PersonaFileError {
  return new PersonaFileError("bad_png", `this PNG cannot be read: ${what}`);
}
