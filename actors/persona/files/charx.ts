import { Unzip, UnzipInflate, zipSync } from "fflate";
import { concat, latin1 } from "./bytes.ts";
import { decodeUtf8, type Json } from "./json.ts";
import type { PersonaFileLimits } from "./limits.ts";
import { type OriginalFile, PersonaFileError } from "./persona_file.ts";
import { stripSideText } from "./png.ts";
import type { SecretStripper } from "./secrets.ts";

/** Characters of a file name in an archive that is written anew; a file with a longer one is left out. */
const maxNameLength = 1_000;
const mediaType = "application/zip";

export interface PersonaArchive {
  /** The text of `card.json`. */
  json: string;
  /** The names of all other files. */
  others: string[];
  inspect(secrets: SecretStripper): void;
  keep(secrets: SecretStripper, card: Json, changed: boolean): OriginalFile;
}

export function isZip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] === 3 && bytes[3] === 4;
}

/** A charx file: a zip with `card.json` at its root. All is unfolded, within the limits, only to look for secrets. */
export function openCharx(bytes: Uint8Array, limits: PersonaFileLimits): PersonaArchive {
  const files = unzip(bytes, limits);
  const card = files.find((file) => file.name === "card.json");
  if (!card) {
    throw new PersonaFileError(
      "no_character",
      "this archive holds no character: expected a file card.json at its root",
    );
  }
  const others = files.filter((file) => file !== card);
  const dropped = new Set<ArchiveFile>();
  const rawHead = latin1(bytes);

  return {
    json: decodeUtf8(card.data),
    others: others.map((file) => file.name),
    inspect(secrets) {
      for (const file of others) {
        const before = secrets.paths.length;
        const name = secrets.stripText(file.name, "archive (a file name)");
        if (!isMedia(file.name)) stripSideText(latin1(file.data), `archive ${name}`, secrets, limits);
        if (secrets.paths.length > before || file.name.length > maxNameLength) dropped.add(file);
      }
    },
    keep(secrets, cleanCard, changed) {
      const kept = others.filter((file) => !dropped.has(file) && !secrets.holdsSecret(latin1(file.data)));
      const sameNames = new Set(files.map((file) => file.name)).size !== files.length;
      // The archive's own comments and extra fields are part of the bytes too.
      const redacted = changed || sameNames || kept.length < others.length || secrets.holdsSecret(rawHead);
      if (!redacted) return { bytes, mediaType, redacted };
      const entries = Object.fromEntries(kept.map((file) => [file.name, file.data]));
      entries["card.json"] = new TextEncoder().encode(JSON.stringify(cleanCard, null, 2));
      return { bytes: zipSync(entries, { level: 6, mtime: new Date(2000, 0, 1) }), mediaType, redacted };
    },
  };
}

interface ArchiveFile {
  name: string;
  data: Uint8Array;
}

function isMedia(name: string): boolean {
  return /\.(?:png|jpe?g|webp|gif|avif|mp3|wav|ogg|flac|m4a|mp4|webm|ttf|otf|woff2?)$/i.test(name);
}

function unzip(bytes: Uint8Array, limits: PersonaFileLimits): ArchiveFile[] {
  const files: ArchiveFile[] = [];
  let unfinished = 0;
  let size = 0;
  const reader = new Unzip((entry) => {
    if (files.length >= limits.archiveFiles) throw bad(`it has more than ${limits.archiveFiles} files`);
    const file: ArchiveFile = { name: entry.name, data: new Uint8Array() };
    const parts: Uint8Array[] = [];
    files.push(file);
    unfinished++;
    entry.ondata = (error, part, final) => {
      // The library hands back here what this callback threw itself.
      if (error instanceof PersonaFileError) throw error;
      if (error) throw bad(`its file number ${files.indexOf(file) + 1} is damaged`);
      parts.push(part);
      size += part.length;
      if (size > limits.decompressedBytes) {
        throw new PersonaFileError(
          "too_large",
          `the archive unfolds to more than ${limits.decompressedBytes} bytes`,
        );
      }
      if (final) {
        file.data = concat(parts);
        unfinished--;
      }
    };
    entry.start();
  });
  reader.register(UnzipInflate);
  try {
    // Small steps: deflate unfolds at most about a thousandfold, so the bound is passed by little.
    for (let at = 0; at < bytes.length; at += 4096) {
      reader.push(bytes.subarray(at, at + 4096), at + 4096 >= bytes.length);
    }
  } catch (error) {
    if (error instanceof PersonaFileError) throw error;
    // The library throws errors of several types on damaged data.
    if (!(error instanceof Error)) throw error;
    throw bad("its data is damaged");
  }
  if (unfinished > 0) throw bad("it is cut off");
  return files;
}

function bad(what: string): PersonaFileError {
  return new PersonaFileError("bad_archive", `this archive cannot be read: ${what}`);
}
