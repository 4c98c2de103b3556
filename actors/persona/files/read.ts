import type { Identity } from "../identity.ts";
import { type CardFormat, cardFormat, mapCard, specOf } from "./card.ts";
import { isZip, openCharx } from "./charx.ts";
import { Draft } from "./draft.ts";
import { isEliza, mapEliza } from "./eliza.ts";
import { Fields, fieldsOf } from "./fields.ts";
import { decodeUtf8, type Json, parseJson } from "./json.ts";
import { defaultLimits, type PersonaFileLimits } from "./limits.ts";
import { mergeOwn, readOwnPart } from "./own.ts";
import { type OriginalFile, type PersonaFile, PersonaFileError } from "./persona_file.ts";
import { isPng, openPng } from "./png.ts";
import { portraitOf, realPersonSigns } from "./real_person.ts";
import { mapTexts, SecretStripper } from "./secrets.ts";
import { cardOf, elizaOf } from "./write.ts";
import { collectPrompts } from "./prompts.ts";

/**
 * Reads a persona file: an elizaOS character or a Character Card, as JSON, PNG or charx. Told apart by shape. Nothing
 * in it is followed, fetched or run, and no secret in it gets into the result.
 *
 * @param limits bounds that differ from the defaults
 * @throws {PersonaFileError} and nothing else, for every file that cannot be read
 */
export function readPersonaFile(bytes: Uint8Array, limits: Partial<PersonaFileLimits> = {}): PersonaFile {
  const bounds = { ...defaultLimits, ...limits };
  const opened = open(bytes, bounds);
  const parsed = parseJson(opened.json, bounds);
  const secrets = new SecretStripper(bounds);
  const repaired = repair(parsed.value);
  const stripped = secrets.strip(repaired.value);
  const stoodInCard = secrets.paths.length;
  opened.inspect(secrets);
  const clean = secrets.erase(stripped);
  const changed = stoodInCard > 0 || parsed.repeatedKeys || differs(clean, stripped);

  const draft = new Draft(bounds);
  if (repaired.changed) draft.warn("characters that cannot be stored were taken out");
  if (parsed.repeatedKeys) {
    draft.warn("a key stands twice in one object: only the last one counts and was kept");
  }
  for (const name of opened.others) {
    draft.ignore(
      `file ${secrets.stripText(name, "archive (a file name)")}`,
      "only card.json is read from an archive",
    );
  }
  const root = fieldsOf({ value: clean, path: "" });
  const format = formatOf(root);
  const identity = identityOf(root, format, draft);
  collectPrompts(clean, draft);
  judgeKind(identity, root, draft);

  const original = opened.keep(secrets, clean, changed);
  for (const warning of opened.warnings) draft.warn(warning);
  return {
    format,
    container: opened.container,
    identity,
    prompts: draft.prompts,
    ignored: draft.ignored,
    warnings: draft.warnings,
    strippedSecrets: secrets.paths.map((path) => ({ path })),
    original,
  };
}

interface Opened {
  container: PersonaFile["container"];
  json: string;
  warnings: string[];
  /** Names of files beside the character. */
  others: string[];
  inspect(secrets: SecretStripper): void;
  keep(secrets: SecretStripper, card: Json, changed: boolean): OriginalFile;
}

function open(bytes: Uint8Array, limits: PersonaFileLimits): Opened {
  if (bytes.length === 0) {
    throw new PersonaFileError("empty", "the file is empty: expected JSON, a PNG or a charx archive");
  }
  if (bytes.length > limits.fileBytes) {
    throw new PersonaFileError(
      "too_large",
      `the file has ${bytes.length} bytes: at most ${limits.fileBytes} are taken`,
    );
  }
  if (isPng(bytes)) return { container: "png", others: [], ...openPng(bytes, limits) };
  if (isZip(bytes)) return { container: "charx", warnings: [], ...openCharx(bytes, limits) };
  const mediaType = "application/json";
  return {
    container: "json",
    json: decodeUtf8(bytes),
    warnings: [],
    others: [],
    inspect() {},
    keep: (_, card, changed) => ({
      bytes: changed ? new TextEncoder().encode(JSON.stringify(card, null, 2) + "\n") : bytes,
      mediaType,
      redacted: changed,
    }),
  };
}

/** What the database cannot store, NUL and lone surrogates, is taken out before anything looks at the texts. */
function repair(value: Json): { value: Json; changed: boolean } {
  let changed = false;
  const repaired = mapTexts(value, "", (text) => {
    const plain = text.replaceAll("\0", "").toWellFormed();
    if (plain !== text) changed = true;
    return plain;
  });
  return { value: repaired, changed };
}

function differs(a: Json, b: Json): boolean {
  return a !== b && JSON.stringify(a) !== JSON.stringify(b);
}

function formatOf(root: Fields): PersonaFile["format"] {
  const card = cardFormat(root);
  if (card !== null && card !== "card_v1") return card;
  if (isEliza(root)) return "eliza";
  if (card !== null) return card;
  if (specOf(root) === "lorebook_v3") {
    throw new PersonaFileError(
      "unknown_format",
      "this is a lore book, no character: expected a Character Card with the book in it",
    );
  }
  throw new PersonaFileError(
    "unknown_format",
    "this JSON is no persona that is known: expected an elizaOS character (name, bio, …) or a Character Card " +
      "(name, description, … or spec and data)",
  );
}

function identityOf(root: Fields, format: PersonaFile["format"], draft: Draft): Identity {
  map(root, format, draft);
  const own = readOwnPart(root, draft);
  if (!own) return draft.identity;
  const written = new Draft(draft.limits);
  if (own.name.trim() === "") own.name = draft.identity.name;
  const again = new Fields(format === "eliza" ? elizaOf(own) : cardOf(own));
  map(again, format, written);
  return mergeOwn(own, draft.identity, written.identity, draft);
}

function map(root: Fields, format: "eliza" | CardFormat, draft: Draft): void {
  if (format === "eliza") mapEliza(root, draft);
  else mapCard(root, format, draft);
}

function judgeKind(identity: Identity, root: Fields, draft: Draft): void {
  const people = root.list("people").flatMap(({ value }) => typeof value === "string" ? [value] : []);
  const notes = root.fields("data")?.value("creator_notes")?.value;
  const { likely, signs } = realPersonSigns(
    portraitOf(identity, root.text("username"), people, typeof notes === "string" ? [notes] : []),
  );
  if (likely) {
    identity.kind = "real_person";
    const seen = signs.map(({ sign }) => sign).join("; ");
    draft.warn(`this seems to be a real living person, so it cannot be linked to a real account (${seen})`);
  } else if (identity.kind === "own" || identity.kind === "consenting") {
    draft.warn("the file says that a real person speaks or agreed to it: make sure that this is true");
  }
}
