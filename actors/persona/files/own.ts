import { emptyIdentity, type Identity, type PersonaKind } from "../identity.ts";
import { cut, type Draft } from "./draft.ts";
import { type Fields, fieldsOf } from "./fields.ts";
import type { Json, JsonObject } from "./json.ts";
import type { PersonaFileLimits } from "./limits.ts";
import { PersonaFileError } from "./persona_file.ts";

/** The key of our part in a file's `extensions` (cards) or `settings` (elizaOS). */
export const ownKey = "digi-persona";

const kinds: PersonaKind[] = ["fictional", "own", "consenting", "parody", "real_person"];

/**
 * Our part of an exported file: all of the identity but who runs it, and who agreed to be named by it, which every
 * installation says for itself.
 */
export function ownPart(identity: Identity): JsonObject {
  const { operatedBy: _operatedBy, mayMention: _mayMention, knowledge, ...rest } = identity;
  return {
    version: 1,
    identity: { ...rest, knowledge: knowledge.map(({ key, text }): Json => ({ key, text })) },
  };
}

/** The identity in a file that digi-persona wrote; null in any other. */
export function readOwnPart(root: Fields, draft: Draft): Identity | null {
  const holder = root.fields("data")?.fields("extensions") ?? root.fields("extensions") ??
    root.fields("settings");
  const part = holder?.fields(ownKey);
  if (!part) return null;
  const from = part.fields("identity");
  if (!from) {
    draft.ignore(part.path, "expected an identity in it");
    return null;
  }
  if (part.value("version")?.value !== 1) {
    draft.warn(`${part.path} has a version that is not known: it was read as version 1`);
  }
  const { limits } = draft;
  const words = (key: string) => lines(from, key, limits.wordLength, limits, draft);
  const texts = (key: string) => lines(from, key, limits.lineLength, limits, draft);
  return {
    name: limited(from, "name", limits.nameLength, draft),
    kind: kindOf(from),
    background: limited(from, "background", limits.backgroundLength, draft),
    purpose: limited(from, "purpose", limits.purposeLength, draft),
    interests: words("interests"),
    values: words("values"),
    tone: words("tone"),
    expertise: words("expertise"),
    rules: texts("rules"),
    bannedWords: words("bannedWords"),
    mayMention: [],
    examples: texts("examples"),
    knowledge: from.list("knowledge").slice(0, limits.knowledgeEntries).map((item) => {
      const entry = fieldsOf(item);
      return {
        key: limited(entry, "key", limits.knowledgeKeyLength, draft),
        text: limited(entry, "text", limits.knowledgeTextLength, draft),
      };
    }),
    systemPrompt: limited(from, "systemPrompt", limits.promptLength, draft),
    zone: zoneOf(from, draft),
    language: languageOf(from, draft),
    operatedBy: "",
  };
}

/**
 * Our part says more than the standard fields, but another program may have changed those since: a field counts as ours
 * only if the standard fields still say what we wrote.
 *
 * @param own our part
 * @param mapped what the standard fields say now
 * @param written what the standard fields of an export of `own` say
 */
export function mergeOwn(own: Identity, mapped: Identity, written: Identity, draft: Draft): Identity {
  const changed =
    (["name", "background", "systemPrompt", "tone", "interests", "examples", "rules", "knowledge"] as const)
      .filter((key) => JSON.stringify(mapped[key]) !== JSON.stringify(written[key]));
  const merged: Identity = { ...own };
  for (const key of changed) {
    Object.assign(merged, { [key]: mapped[key] });
    draft.warn(`${key} was changed by another program since the export: the newer one is taken`);
  }
  return merged;
}

function limited(from: Fields, key: string, max: number, draft: Draft): string {
  const text = from.text(key);
  if (text.length > max) draft.warn(`${from.pathOf(key)} was longer than ${max} characters and was cut`);
  return cut(text, max);
}

function lines(
  from: Fields,
  key: string,
  maxLength: number,
  limits: PersonaFileLimits,
  draft: Draft,
): string[] {
  const all = from.lines(key);
  if (all.length > limits.listEntries) {
    draft.warn(`${from.pathOf(key)} was cut to its first ${limits.listEntries} entries`);
  }
  if (all.some((line) => line.length > maxLength)) {
    draft.warn(`entries of ${from.pathOf(key)} were cut to ${maxLength} characters`);
  }
  return all.slice(0, limits.listEntries).map((line) => cut(line, maxLength));
}

function kindOf(from: Fields): PersonaKind {
  const text = from.text("kind") || emptyIdentity.kind;
  const kind = kinds.find((known) => known === text);
  if (!kind) {
    throw new PersonaFileError(
      "wrong_type",
      `${from.pathOf("kind")} must be one of ${kinds.join(", ")}`,
      from.pathOf("kind"),
    );
  }
  return kind;
}

function zoneOf(from: Fields, draft: Draft): string {
  const zone = from.text("zone") || emptyIdentity.zone;
  try {
    new Intl.DateTimeFormat("en", { timeZone: zone });
    return zone;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    draft.warn(`${from.pathOf("zone")} names no known time zone: UTC is taken`);
    return emptyIdentity.zone;
  }
}

function languageOf(from: Fields, draft: Draft): string {
  const language = from.text("language") || emptyIdentity.language;
  try {
    Intl.getCanonicalLocales(language);
    return language;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    draft.warn(`${from.pathOf("language")} is no language tag: ${emptyIdentity.language} is taken`);
    return emptyIdentity.language;
  }
}
