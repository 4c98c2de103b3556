import type { Identity } from "../identity.ts";

/** What a persona file says, ready for a preview. Everything in it is foreign text: shown, never followed. */
export interface PersonaFile {
  format: "eliza" | "card_v1" | "card_v2" | "card_v3";
  container: "json" | "png" | "charx";
  identity: Identity;
  /** Every prompt-like text in the file, word for word except for secrets; `label` says where it stood. */
  prompts: { label: string; text: string }[];
  /** What was left aside, and why. */
  ignored: { what: string; why: string }[];
  warnings: string[];
  /** Where secrets stood; never their values. */
  strippedSecrets: { path: string }[];
  /** Byte for byte what was read, unless `redacted`: then with what must not be kept replaced. */
  original: OriginalFile;
}

export interface OriginalFile {
  bytes: Uint8Array;
  mediaType: string;
  redacted: boolean;
}

export type PersonaFileErrorCode =
  | "empty"
  | "too_large"
  | "not_utf8"
  | "not_json"
  | "too_deep"
  | "too_many_values"
  | "too_many_secrets"
  | "unknown_format"
  | "missing"
  | "wrong_type"
  | "bad_png"
  | "bad_archive"
  | "no_character"
  /** By `readPersonaFileApart` only. */
  | "busy"
  | "too_slow";

/** The only error that reading a persona file throws. Its message holds no value of the file. */
export class PersonaFileError extends Error {
  override readonly name = "PersonaFileError";
  /** @param field the path of the field that is wrong, or null where it is the file itself */
  constructor(readonly code: PersonaFileErrorCode, message: string, readonly field: string | null = null) {
    super(message);
  }
}
