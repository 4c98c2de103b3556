/** Who a persona is. Plain data, the same in events, state, API and pages; its checks are in `routes/api/schemas/identity.ts`. */

/** What kind of being the persona speaks as. Only `real_person` may never be linked to a real account. */
export type PersonaKind = "fictional" | "own" | "consenting" | "parody" | "real_person";

/** A keyed piece of knowledge: `key` is a short title, `text` what is known. */
export interface Knowledge {
  key: string;
  text: string;
}

export interface Identity {
  /** 1 to 80 characters. */
  name: string;
  kind: PersonaKind;
  /** Who they are and where they come from, plain text, at most 20,000 characters. */
  background: string;
  /** What they want to reach by speaking in public, one or two sentences. */
  purpose: string;
  interests: string[];
  values: string[];
  /** Adjectives: warm, exact, dry. */
  tone: string[];
  expertise: string[];
  /** Rules for what they write, one sentence each. */
  rules: string[];
  /** Words and phrases that may never appear in a text, compared without case. */
  bannedWords: string[];
  /** Handles of people who agreed to be named, with or without `@`; whoever is answered may be named anyway. */
  mayMention: string[];
  /** Posts that show the voice; the writer learns from them. */
  examples: string[];
  knowledge: Knowledge[];
  /** Additional system prompt, as it came with an imported file; shown to the person, fenced in prompts. */
  systemPrompt: string;
  /** IANA time zone that their times are shown in, e.g. `Europe/Lisbon`. */
  zone: string;
  /** BCP 47 language that they write in, e.g. `en`. */
  language: string;
  /** Who runs this persona, as the public may read it; empty until named. Needed before a real account is linked. */
  operatedBy: string;
}

export const emptyIdentity: Identity = {
  name: "",
  kind: "fictional",
  background: "",
  purpose: "",
  interests: [],
  values: [],
  tone: [],
  expertise: [],
  rules: [],
  bannedWords: [],
  mayMention: [],
  examples: [],
  knowledge: [],
  systemPrompt: "",
  zone: "UTC",
  language: "en",
  operatedBy: "",
};
