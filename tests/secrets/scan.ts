/** Looks for planted values, in every form that they may have taken. */
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";

/** Where a value would stand in other clothes. */
function disguises(value: string): string[] {
  const bytes = new TextEncoder().encode(value);
  const inBase64 = [0, 1, 2].flatMap((shift) => {
    const padded = new Uint8Array(shift + bytes.length);
    padded.set(bytes, shift);
    // Characters that neighbours have a part in are left off.
    const text = padded.toBase64({ omitPadding: true }).slice(shift === 0 ? 0 : 4, -2);
    return [text, text.replaceAll("+", "-").replaceAll("/", "_")];
  });
  const escaped = value.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;").replaceAll(
    "'",
    "&#39;",
  );
  return [
    ...new Set([
      value,
      JSON.stringify(value).slice(1, -1),
      escaped,
      encodeURIComponent(value),
      bytes.toHex(),
      ...inBase64,
    ]),
  ];
}

export class Scan {
  found: string[] = [];
  /** Places where the mark was seen: proof that there was something to see. */
  marked: string[] = [];
  #wanted: { name: string; forms: string[] }[];
  #mark: string;

  constructor(planted: Record<string, string>, mark: string) {
    this.#mark = mark;
    for (const [name, value] of Object.entries(planted)) assert.ok(value.length >= 16, name);
    this.#wanted = Object.entries(planted).map(([name, value]) => ({ name, forms: disguises(value) }));
  }

  look(place: string, text: string, except: Set<string> = new Set()): void {
    if (text.includes(this.#mark) || text.includes(Buffer.from(this.#mark).toString("hex"))) {
      this.marked.push(place);
    }
    for (const { name, forms } of this.#wanted) {
      if (!except.has(name) && forms.some((form) => text.includes(form))) {
        this.found.push(`${name} in ${place}`);
      }
    }
  }

  lookAtBytes(place: string, bytes: Uint8Array): void {
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    if (buffer.includes(this.#mark)) this.marked.push(place);
    for (const { name, forms: [plain = ""] } of this.#wanted) {
      if (buffer.includes(plain)) this.found.push(`${name} in ${place}`);
    }
  }
}
