/** Persona files between upload and creation: in memory, few, short-lived. What is kept has no secrets any more. */
import type { PersonaFile } from "../../actors/persona/files/persona_file.ts";

/** Previews that may be open at once; the oldest goes. */
const MAX_UPLOADS = 20;
const LIFE_MS = 30 * 60_000;

export class Uploads {
  readonly #files = new Map<string, { file: PersonaFile; owner: string; until: number }>();

  constructor(private readonly now: () => number) {}

  add(file: PersonaFile, owner: string): string {
    const id = crypto.randomUUID();
    this.#files.set(id, { file, owner, until: this.now() + LIFE_MS });
    for (const [old, { until }] of this.#files) {
      if (until < this.now() || this.#files.size > MAX_UPLOADS) this.#files.delete(old);
    }
    return id;
  }

  /** Only for who uploaded it; null when it is gone. */
  find(id: string, owner: string): PersonaFile | null {
    const upload = this.#files.get(id);
    return upload !== undefined && upload.owner === owner && upload.until >= this.now() ? upload.file : null;
  }

  remove(id: string): void {
    this.#files.delete(id);
  }
}
