import { createHash } from "node:crypto";
import type { Applied } from "../migrate.ts";
import type { TableShape } from "./tables.ts";

/**
 * A backup file: gzip of lines of JSON.
 * - the first line is the `Header`;
 * - then every row of every table of the header, table after table: `[table's index, value, …]`, each value PostgreSQL's text of it or null;
 * - the last line is the `Trailer`, with the SHA-256 of all bytes before it.
 */
export interface Header {
  format: "digi-persona-backup";
  version: 1;
  createdAt: string;
  /** Position of the last event. */
  head: number;
  epoch: number;
  migrations: Applied[];
  tables: (TableShape & { rows: number })[];
  /** For whoever looks into the file. */
  note: string;
}

export interface Trailer {
  end: true;
  rows: number;
  sha256: string;
}

export type RowLine = [table: number, ...values: (string | null)[]];

/** A file that cannot be restored; the message says why. */
export class BackupUnusable extends Error {
  override name = "BackupUnusable";
}

export const NOTE =
  "The secrets in the table vault are encrypted. Their key (DIGI_PERSONA_KEY, or vault.key in DATA_DIR) is not in " +
  "this file: keep it apart. Password hashes, e-mail addresses and words of other people are in this file.";

/** SHA-256 over lines, each with its line end. */
export class LineHash {
  #hash = createHash("sha256");
  add(line: string): void {
    this.#hash.update(line).update("\n");
  }
  hex(): string {
    return this.#hash.digest("hex");
  }
}

/** No line of ours is longer: an event is at most 1 MB. A longer one means that this is not our file. */
const MAX_LINE_CHARACTERS = 256 * 1024 * 1024;

/** The lines of a backup. Throws BackupUnusable when the file is not gzip, or is cut or damaged. Memory: one line. */
export async function* readLines(file: ReadableStream<Uint8Array<ArrayBuffer>>): AsyncGenerator<string> {
  const text = file.pipeThrough(new DecompressionStream("gzip")).pipeThrough(
    new TextDecoderStream("utf-8", { fatal: true }),
  );
  const parts: string[] = [];
  let held = 0;
  try {
    for await (const chunk of text) {
      let from = 0;
      for (let end = chunk.indexOf("\n"); end >= 0; end = chunk.indexOf("\n", from)) {
        parts.push(chunk.slice(from, end));
        yield parts.join("");
        parts.length = 0;
        held = 0;
        from = end + 1;
      }
      parts.push(chunk.slice(from));
      held += chunk.length - from;
      if (held > MAX_LINE_CHARACTERS) {
        throw new BackupUnusable("The file is not a backup of digi-persona: a line does not end.");
      }
    }
  } catch (error) {
    if (error instanceof TypeError) {
      throw new BackupUnusable("The file is damaged, cut off, or not a backup of digi-persona.", {
        cause: error,
      });
    }
    throw error;
  }
  if (held > 0) throw new BackupUnusable("The file is cut off.");
}

/** Throws BackupUnusable when it is not a header that we can read. */
export function parseHeader(line: string | undefined): Header {
  const header = parse(line) as Partial<Header> | null;
  if (header === null || typeof header !== "object" || header.format !== "digi-persona-backup") {
    throw new BackupUnusable("The file is not a backup of digi-persona.");
  }
  if (header.version !== 1) {
    throw new BackupUnusable(
      `The backup has the format ${header.version}, this program reads 1: use a newer digi-persona.`,
    );
  }
  const { tables, migrations, head, epoch } = header;
  const whole = [head, epoch].every((n) => Number.isSafeInteger(n)) && Array.isArray(migrations) &&
    Array.isArray(tables);
  if (!whole) throw new BackupUnusable("The backup's first line is damaged.");
  return header as Header;
}

export function parse(line: string | undefined): unknown {
  try {
    return JSON.parse(line ?? "");
  } catch (cause) {
    throw new BackupUnusable("The file is damaged, or not a backup of digi-persona.", { cause });
  }
}
