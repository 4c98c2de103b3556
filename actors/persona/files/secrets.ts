import { toBase64 } from "./bytes.ts";
import { isObject, type Json } from "./json.ts";
import { PersonaFileError } from "./persona_file.ts";
import { isSecretKey, redactText, removed } from "./secret_shapes.ts";

/**
 * Takes the secrets out of one file. First `strip` every part, which learns the secrets by key and by shape; then
 * `erase` every part, which takes out what was learnt wherever else it is repeated, also URL- or base64-encoded.
 */
export class SecretStripper {
  readonly #paths = new Set<string>();
  readonly #found = new Set<string>();
  readonly #maxSecrets: number;
  #knownForms: string[] | null = null;

  constructor(limits: { secrets: number }) {
    this.#maxSecrets = limits.secrets;
  }

  /** Where secrets stood, in the order they were met. */
  get paths(): string[] {
    return [...this.#paths];
  }

  /** The value with secrets replaced by `[removed]`; `path` is its place in the file. */
  strip(value: Json, path = ""): Json {
    return this.#walk(value, path, false);
  }

  /** Text without secrets; what was found is noted at `path`. */
  stripText(text: string, path: string): string {
    const redacted = redactText(text);
    for (const secret of redacted.found) this.#learn(secret, path);
    return redacted.text;
  }

  /** The value without any repetition of what was learnt. */
  erase(value: Json, path = ""): Json {
    const forms = this.#forms();
    if (forms.length === 0) return value;
    return mapTexts(value, path, (text, at) => this.#eraseText(text, at, forms));
  }

  /** Whether a text, or bytes as latin1, hold a credential: by shape, or one that was learnt. */
  holdsSecret(text: string): boolean {
    return redactText(text).found.length > 0 || this.#forms().some((form) => text.includes(form));
  }

  note(path: string): void {
    this.#paths.add(path === "" ? "(the whole text)" : path);
  }

  #walk(value: Json, path: string, secret: boolean): Json {
    if (typeof value === "string") {
      if (!secret || value === "" || value === removed) return this.stripText(value, path);
      this.#learn(value, path);
      return removed;
    }
    if (typeof value === "number" && secret) {
      this.#learn(String(value), path);
      return removed;
    }
    if (Array.isArray(value)) return value.map((item, i) => this.#walk(item, `${path}[${i}]`, secret));
    if (!isObject(value)) return value;
    // fromEntries defines own properties, so a key called __proto__ stays a plain key.
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => {
        const shown = this.stripText(key, `${path === "" ? "" : path + "."}(a key)`);
        return [shown, this.#walk(item, join(path, shown), secret || this.#names(key, item))];
      }),
    );
  }

  #names(key: string, value: Json): boolean {
    if (!isSecretKey(key)) return false;
    // A number under `token` is a count more often than a credential; under the others it is a PIN.
    return typeof value !== "number" || !/token/i.test(key);
  }

  #learn(secret: string, path: string): void {
    this.note(path);
    this.#found.add(secret);
    this.#knownForms = null;
    if (this.#found.size > this.#maxSecrets) {
      throw new PersonaFileError(
        "too_many_secrets",
        `the file holds more than ${this.#maxSecrets} secrets: take the credentials out and try again`,
      );
    }
  }

  /** The ways a learnt secret may be repeated. Short or purely alphabetic ones are words: erasing them would maim the text. */
  #forms(): string[] {
    if (this.#knownForms) return this.#knownForms;
    const telling = [...this.#found].filter((s) => s.length >= 8 && !/^[A-Za-z]{1,15}$/.test(s));
    const forms = telling.flatMap((s) => {
      const wellFormed = s.toWellFormed();
      const base64 = toBase64(wellFormed).replace(/=+$/, "");
      return [s, encodeURIComponent(wellFormed), base64, base64.replaceAll("+", "-").replaceAll("/", "_")];
    });
    this.#knownForms = [...new Set(forms)].sort((a, b) => b.length - a.length);
    return this.#knownForms;
  }

  #eraseText(text: string, path: string, forms: string[]): string {
    let clean = text;
    for (const form of forms) {
      if (clean.includes(form)) clean = clean.replaceAll(form, removed);
    }
    if (clean !== text) this.note(path);
    return clean;
  }
}

/** Every text in a value replaced, keys too. */
export function mapTexts(value: Json, path: string, change: (text: string, path: string) => string): Json {
  if (typeof value === "string") return change(value, path);
  if (Array.isArray(value)) return value.map((item, i) => mapTexts(item, `${path}[${i}]`, change));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => {
      const shown = change(key, `${path === "" ? "" : path + "."}(a key)`);
      return [shown, mapTexts(item, join(path, shown), change)];
    }),
  );
}

/** `path.key`, with a key that is no plain word in quotes and cut. */
export function join(path: string, key: string): string {
  const plain = /^[\w$-]{1,80}$/.test(key);
  const part = plain ? key : JSON.stringify(key.slice(0, 80).toWellFormed());
  if (path === "") return part;
  return plain ? `${path}.${part}` : `${path}[${part}]`;
}
