import type { Draft } from "./draft.ts";
import { Fields, fieldsOf } from "./fields.ts";
import { isObject } from "./json.ts";

export type CardFormat = "card_v1" | "card_v2" | "card_v3";

const v1Fields = ["description", "personality", "scenario", "first_mes", "mes_example"];
const v3Fields = [
  "assets",
  "nickname",
  "creator_notes_multilingual",
  "source",
  "group_only_greetings",
  "creation_date",
  "modification_date",
];

/** Which version of the Character Card this is by its shape; null if it is none. */
export function cardFormat(root: Fields): CardFormat | null {
  const { value } = root.value("data") ?? { value: null };
  const spec = specOf(root);
  if (isObject(value)) {
    const data = new Fields(value, "data");
    const looksLikeCard = v1Fields.some((key) => data.has(key)) ||
      data.has("system_prompt", "creator_notes", "extensions");
    if (looksLikeCard || spec.startsWith("chara_card_")) {
      return v3Fields.some((key) => data.has(key)) || /^chara_card_v(?:[3-9]|\d\d)/.test(spec)
        ? "card_v3"
        : "card_v2";
    }
  }
  if (spec.startsWith("chara_card_v1") || v1Fields.some((key) => root.has(key))) return "card_v1";
  return null;
}

/** The `spec` field, empty where there is none. */
export function specOf(root: Fields): string {
  const { value } = root.value("spec") ?? { value: "" };
  return typeof value === "string" ? value : "";
}

/** Fields about the file or for other programs; the original keeps them. */
const asides: Record<string, string> = {
  tags: "words for a catalogue",
  creator: "about the file: kept in the original only",
  creator_notes: "notes for people: kept in the original only",
  creator_notes_multilingual: "notes for people: kept in the original only",
  character_version: "about the file: kept in the original only",
  source: "about the file: kept in the original only",
  creation_date: "about the file: kept in the original only",
  modification_date: "about the file: kept in the original only",
  assets: "pictures, sounds and code are not imported",
  avatar: "pictures, sounds and code are not imported",
  talkativeness: "a setting of another program",
  fav: "a setting of another program",
  chat: "a setting of another program",
};

/** A Character Card of any version. `root` is the whole file; in V2 and later the character is its `data`. */
export function mapCard(root: Fields, format: CardFormat, draft: Draft): void {
  const data = format === "card_v1" ? root : dataOf(root);
  if (format !== "card_v1") checkVersion(root, draft);

  const nickname = data.text("nickname");
  const mirrored = root.text("name"); // V2 and later often repeat the fields of V1 at the root
  if (!data.has("name") && (mirrored !== "" || nickname !== "")) {
    draft.warn("data.name is missing: another name in the file is taken");
  }
  draft.setName(data.text("name").trim() || mirrored.trim() || nickname, nickname);
  for (const key of v1Fields) {
    if (!data.has(key)) draft.warn(`${data.pathOf(key)} is missing: it is taken as empty`);
  }

  draft.addBackground(data.text("description"));
  const personality = data.text("personality");
  const traits = traitsOf(personality);
  if (traits) draft.addWords("tone", traits);
  else draft.addBackground(personality);
  draft.addKnowledge("Scenario", data.text("scenario"));
  draft.addSystemPrompt(data.text("system_prompt"));
  draft.addSystemPrompt(data.text("post_history_instructions"));
  const book = data.fields("character_book");
  if (book) addBook(book, draft);

  for (const key of ["system_prompt", "post_history_instructions", "first_mes", "mes_example", "scenario"]) {
    draft.addPrompt(data.pathOf(key), data.text(key));
  }
  for (const key of ["alternate_greetings", "group_only_greetings"]) {
    data.lines(key).forEach((greeting, i) => draft.addPrompt(`${data.pathOf(key)}[${i}]`, greeting));
  }
  for (const [key, why] of Object.entries(asides)) {
    const item = data.value(key);
    if (item && item.value !== "" && !(Array.isArray(item.value) && item.value.length === 0)) {
      draft.ignore(item.path, why);
    }
  }
  const extensions = data.fields("extensions");
  for (const key of Object.keys(extensions?.object ?? {})) {
    if (extensions && key !== "digi-persona") {
      draft.ignore(extensions.pathOf(key), "an extension of another program: kept in the original only");
    }
  }
  data.value("spec", "spec_version", "data", "create_date");
  for (const key of data.unused()) draft.ignore(data.pathOf(key), "unknown field");
}

function dataOf(root: Fields): Fields {
  const data = root.value("data");
  return fieldsOf(data ?? { value: null, path: "data" });
}

function checkVersion(root: Fields, draft: Draft): void {
  const spec = specOf(root);
  const number = /^chara_card_v(\d{1,4})$/.exec(spec)?.[1];
  if (spec === "") draft.warn("spec is missing: the version was told by the fields");
  else if (number === undefined) {
    draft.warn("spec names no known version: the version was told by the fields");
  } else if (Number(number) > 3) {
    draft.warn(`this is a Character Card V${number}, newer than V3: it was read as V3`);
  }
  const { value } = root.value("spec_version") ?? { value: "" };
  const version = typeof value === "string" || typeof value === "number" ? parseFloat(String(value)) : NaN;
  if (version > 3) draft.warn("spec_version is newer than 3.0: it was read as V3");
}

/** A personality that is only a list of adjectives, like "Helpful, curious, and adaptable"; null if it is prose. */
function traitsOf(personality: string): string[] | null {
  const parts = personality.split(/[,;\n]|\band\b/).map((part) => part.trim().replace(/\.$/, "")).filter((
    part,
  ) => part !== "");
  const areWords = parts.length > 0 && parts.length <= 40 &&
    parts.every((part) => part.length <= 40 && part.split(/\s+/).length <= 3);
  return areWords ? parts : null;
}

function addBook(book: Fields, draft: Draft): void {
  const value = book.value("entries");
  // Some programs write the entries as an object keyed by number.
  const entries = value && isObject(value.value)
    ? Object.entries(value.value).map(([key, item]) => ({ value: item, path: `${value.path}.${key}` }))
    : book.list("entries");
  let disabled = 0;
  for (const item of entries) {
    const entry = fieldsOf(item);
    const { value: enabled } = entry.value("enabled") ?? { value: true };
    if (enabled === false) {
      disabled++;
      continue;
    }
    const title = entry.text("name") || entry.text("comment") || entry.lines("keys", "key").join(", ");
    draft.addKnowledge(title, withoutDecorators(entry.text("content")));
  }
  if (disabled > 0) draft.ignore(`${disabled} entries of ${book.path}`, "switched off in the file");
}

/** V3 entries may begin with lines like `@@depth 4`, which steer another program. */
function withoutDecorators(content: string): string {
  const lines = content.split("\n");
  const first = lines.findIndex((line) => !/^@@@?[a-z_]/.test(line));
  return first < 0 ? "" : lines.slice(first).join("\n");
}
