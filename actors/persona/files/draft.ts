import { emptyIdentity, type Identity } from "../identity.ts";
import type { PersonaFileLimits } from "./limits.ts";
import { expandMacros } from "./macros.ts";
import { type PersonaFile, PersonaFileError } from "./persona_file.ts";

type WordList = "interests" | "values" | "tone" | "expertise" | "bannedWords";
type LineList = "rules" | "examples";

/**
 * An identity under construction, with its preview: every text that goes in is trimmed, freed from macros and cut to
 * its limit, and what was cut is told.
 */
export class Draft {
  readonly identity: Identity = {
    ...emptyIdentity,
    interests: [],
    values: [],
    tone: [],
    expertise: [],
    rules: [],
    bannedWords: [],
    examples: [],
    knowledge: [],
  };
  readonly prompts: PersonaFile["prompts"] = [];
  readonly ignored: PersonaFile["ignored"] = [];
  readonly #warnings = new Set<string>();
  readonly #macros = new Set<string>();
  #calledAs = "";

  constructor(readonly limits: PersonaFileLimits) {}

  /** Must come first: `calledAs` (or else the name) replaces `{{char}}`. */
  setName(name: string, calledAs = ""): void {
    // A name that names itself with a macro has nothing to be replaced by.
    const plain = cut(this.#clean(name), this.limits.nameLength);
    if (plain === "") {
      throw new PersonaFileError(
        "missing",
        `name must be 1 to ${this.limits.nameLength} characters of text`,
        "name",
      );
    }
    if (plain.length < this.#clean(name).length) this.#truncated("name", this.limits.nameLength);
    this.identity.name = plain;
    this.#calledAs = cut(this.#clean(calledAs), this.limits.nameLength) || plain;
  }

  addBackground(text: string): void {
    const more = this.#text(text);
    if (more === "") return;
    const all = this.identity.background === "" ? more : `${this.identity.background}\n\n${more}`;
    this.identity.background = this.#cut("background", all, this.limits.backgroundLength);
  }

  addSystemPrompt(text: string): void {
    const more = this.#text(text);
    if (more === "") return;
    const all = this.identity.systemPrompt === "" ? more : `${this.identity.systemPrompt}\n\n${more}`;
    this.identity.systemPrompt = this.#cut("systemPrompt", all, this.limits.promptLength);
  }

  addWords(list: WordList, words: string[]): void {
    this.#addTo(list, words, this.limits.wordLength);
  }

  addLines(list: LineList, lines: string[]): void {
    this.#addTo(list, lines, this.limits.lineLength);
  }

  /** Without a key, the text's beginning is its title. */
  addKnowledge(key: string, text: string): void {
    const plain = this.#text(text);
    if (plain === "") return;
    const { knowledge } = this.identity;
    const max = this.limits.knowledgeEntries;
    if (knowledge.length >= max) return this.warn(`knowledge was cut to its first ${max} entries`);
    const title = this.#text(cut(key, 10 * this.limits.knowledgeKeyLength)).replace(/\s+/g, " ") ||
      titleOf(plain);
    knowledge.push({
      key: this.#cut("the title of a piece of knowledge", title, this.limits.knowledgeKeyLength),
      text: this.#cut("a piece of knowledge", plain, this.limits.knowledgeTextLength),
    });
  }

  /** Word for word, for the preview. */
  addPrompt(label: string, text: string): void {
    if (text.trim() === "" || this.prompts.some((prompt) => prompt.label === label)) return;
    this.#noteMacros(text);
    if (this.prompts.length >= this.limits.reportEntries) {
      return this.warn(`only the first ${this.limits.reportEntries} prompts are listed`);
    }
    this.prompts.push({
      label: cut(label, 200),
      text: this.#cut(`prompt ${cut(label, 200)}`, text, this.limits.promptLength),
    });
  }

  ignore(what: string, why: string): void {
    if (this.ignored.length >= this.limits.reportEntries) {
      return this.warn(`only the first ${this.limits.reportEntries} ignored things are listed`);
    }
    this.ignored.push({ what: cut(what, 200), why });
  }

  warn(text: string): void {
    if (this.#warnings.size < this.limits.reportEntries) this.#warnings.add(text);
  }

  get warnings(): string[] {
    const macros = [...this.#macros].map((macro) => `{{${macro}}}`);
    const kept = macros.filter((macro) => !replacedMacros.test(macro));
    const all = [...this.#warnings];
    if (macros.length > kept.length) all.push("macros for names were found and replaced: look at the texts");
    if (kept.length > 0) {
      all.push(
        `macros were found that mean nothing here and stay as they are: ${kept.slice(0, 20).join(", ")}`,
      );
    }
    return all;
  }

  #addTo(list: WordList | LineList, texts: string[], maxLength: number): void {
    const max = this.limits.listEntries;
    for (const text of texts) {
      const plain = this.#text(text);
      if (plain === "") continue;
      if (this.identity[list].length >= max) return this.warn(`${list} was cut to its first ${max} entries`);
      this.identity[list].push(this.#cut(`an entry of ${list}`, plain, maxLength));
    }
  }

  #text(text: string): string {
    const { text: expanded } = expandMacros(text, this.#calledAs);
    this.#noteMacros(text);
    return this.#clean(expanded);
  }

  #clean(text: string): string {
    return text.replaceAll("\r\n", "\n").trim();
  }

  #noteMacros(text: string): void {
    for (const macro of expandMacros(text, "").macros) {
      if (this.#macros.size < 50) this.#macros.add(macro);
    }
  }

  #cut(what: string, text: string, max: number): string {
    if (text.length > max) this.#truncated(what, max);
    return cut(text, max).trim();
  }

  #truncated(what: string, max: number): void {
    this.warn(`${what} was longer than ${max} characters and was cut`);
  }
}

const replacedMacros = /^\{\{(?:char|charname|agentname|user\d*|username|bot|comment|original)\}\}$/;

/** At most `max` UTF-16 units, never half a surrogate pair. */
export function cut(text: string, max: number): string {
  if (text.length <= max) return text;
  const end = /[\uD800-\uDBFF]/.test(text.charAt(max - 1)) ? max - 1 : max;
  return text.slice(0, end);
}

const titleLength = 60;

/** The first words of a text. */
export function titleOf(text: string): string {
  const line = cut(text, 1_000).split("\n", 1)[0]?.replace(/\s+/g, " ").trim() ?? "";
  if (line.length <= titleLength) return line;
  const start = cut(line, titleLength - 1);
  const space = start.lastIndexOf(" ");
  return `${(space > titleLength / 2 ? start.slice(0, space) : start).replace(/[\s,;:.–—-]+$/, "")}…`;
}
