import { Draft } from "./draft.ts";
import { Fields, fieldsOf, type Item, textOf, wrongType } from "./fields.ts";
import { isObject } from "./json.ts";

/** Fields that only an elizaOS character has, in any of its dialects. */
const telling = [
  "bio",
  "lore",
  "messageExamples",
  "message_examples",
  "postExamples",
  "post_examples",
  "modelProvider",
  "adjectives",
  "topics",
  "style",
  "advanced_planning",
  "advanced_memory",
  "clients",
  "plugins",
];

export function isEliza(root: Fields): boolean {
  return telling.some((key) => root.has(key));
}

/** Why each known field without a place in an identity is left aside. */
const asides: Record<string, string> = {
  id: "the id it had elsewhere",
  username: "accounts are connected here, not imported",
  modelProvider: "the model is chosen in the settings",
  model: "the model is chosen in the settings",
  imageModelProvider: "the model is chosen in the settings",
  modelEndpointOverride: "no address from a file is ever called",
  modelEndpoint: "no address from a file is ever called",
  clients: "accounts are connected here, not imported",
  clientConfig: "accounts are connected here, not imported",
  plugins: "code is never loaded from a file",
  actions: "code is never loaded from a file",
  providers: "code is never loaded from a file",
  evaluators: "code is never loaded from a file",
  secrets: "secrets are never imported",
  people: "a list of people it knows: no part of an identity",
  advanced_planning: "how much it does by itself is decided here",
  advancedPlanning: "how much it does by itself is decided here",
  advanced_memory: "how much it does by itself is decided here",
  advancedMemory: "how much it does by itself is decided here",
  autonomy: "how much it does by itself is decided here",
  twitterProfile: "accounts are connected here, not imported",
  twitterSpaces: "how much it does by itself is decided here",
  nft: "no part of an identity",
  extends: "other files are not followed",
};

/** An elizaOS character: v0, v1, with lore objects, or with `message_examples`. Told apart by nothing: each field is read in every spelling. */
export function mapEliza(root: Fields, draft: Draft): void {
  const username = root.text("username");
  if (!root.has("name") && username !== "") {
    draft.warn("name is missing: the user name is taken in its place");
  }
  draft.setName(root.has("name") ? root.text("name") : username);
  if (!root.has("bio")) draft.warn("bio is missing: the background is empty");

  draft.addSystemPrompt(root.text("system"));
  draft.addPrompt("system", root.text("system"));
  draft.addBackground(root.text("bio"));
  for (const item of root.list("lore")) addLore(item, draft);
  for (const item of [...root.list("knowledge"), ...root.list("documents")]) addKnowledge(item, draft);
  draft.addLines("examples", root.list("postExamples", "post_examples").map(exampleText));
  draft.addWords("interests", root.lines("topics"));
  draft.addWords("tone", root.lines("adjectives"));

  const style = root.fields("style");
  if (style) {
    draft.addLines("rules", [...style.lines("all"), ...style.lines("post")]);
    if (style.lines("chat").length > 0) {
      draft.ignore("style.chat", "rules for chats: kept in the original only");
    }
    for (const key of style.unused()) draft.ignore(style.pathOf(key), "unknown field");
  }

  const conversations = root.list("messageExamples", "message_examples");
  if (conversations.length > 0) {
    draft.ignore(
      `${conversations.length} example conversations`,
      "examples for chats: kept in the original only",
    );
  }
  addTemplates(root, draft);
  ignoreSettings(root, draft);
  for (const [key, why] of Object.entries(asides)) {
    const item = root.value(key);
    if (item && !isEmpty(item)) draft.ignore(describe(item, key), why);
  }
  for (const key of root.unused()) draft.ignore(root.pathOf(key), "unknown field");
}

function addLore(item: Item, draft: Draft): void {
  if (typeof item.value === "string") return draft.addKnowledge("", item.value);
  const lore = fieldsOf(item);
  draft.addKnowledge(
    lore.text("loreKey", "lore_key", "key"),
    lore.text("content", "text") || lore.text("vectorText"),
  );
}

function addKnowledge(item: Item, draft: Draft): void {
  if (typeof item.value === "string") return draft.addKnowledge("", item.value);
  const entry = fieldsOf(item);
  const inner = entry.value("item");
  if (inner) {
    const { value } = inner;
    if (typeof value === "string" || (isObject(value) && !Object.hasOwn(value, "value"))) {
      return addKnowledge(inner, draft);
    }
    // The newest dialect wraps: { item: { case: "path", value: … } }.
    const wrapped = fieldsOf(inner);
    const content = wrapped.value("value");
    if (!content) return;
    if (wrapped.text("case") !== "path" && wrapped.text("case") !== "directory") {
      return addKnowledge(content, draft);
    }
    return draft.ignore(content.path, "points to a file that is not part of this one");
  }
  const path = entry.text("path", "directory");
  const content = entry.text("content", "text");
  if (content !== "") {
    return draft.addKnowledge(entry.text("title", "name") || (path.split("/").at(-1) ?? ""), content);
  }
  draft.ignore(
    path === "" ? item.path : `${item.path}: ${path}`,
    "points to a file that is not part of this one",
  );
}

function exampleText(item: Item): string {
  if (typeof item.value === "string") return item.value;
  const example = fieldsOf(item);
  const content = example.value("content");
  return content && isObject(content.value)
    ? fieldsOf(content).text("text")
    : example.text("text", "content");
}

function addTemplates(root: Fields, draft: Draft): void {
  const templates = root.fields("templates");
  if (!templates) return;
  const keys = Object.keys(templates.object);
  for (const key of keys) {
    const item = templates.value(key);
    if (!item) continue;
    if (isObject(item.value)) throw wrongType(item, "a text");
    draft.addPrompt(item.path, textOf(item));
  }
  if (keys.length > 0) draft.ignore("templates", "prompts of another program: shown, never used");
}

function ignoreSettings(root: Fields, draft: Draft): void {
  const settings = root.fields("settings");
  if (!settings) return;
  for (const key of Object.keys(settings.object)) {
    const item = settings.value(key);
    if (key === "digi-persona" || !item || isEmpty(item)) continue;
    draft.ignore(item.path, key === "secrets" ? "secrets are never imported" : "settings of another program");
  }
}

function isEmpty(item: Item): boolean {
  const { value } = item;
  if (Array.isArray(value)) return value.length === 0;
  return isObject(value) ? Object.keys(value).length === 0 : value === "" || value === false;
}

/** The field, and for a short list of names what it lists. */
function describe(item: Item, key: string): string {
  const { value } = item;
  if (typeof value === "string") return `${key}: ${value}`;
  if (!Array.isArray(value)) return key;
  const names = value.filter((name) => typeof name === "string");
  return names.length > 0 ? `${key}: ${names.slice(0, 20).join(", ")}` : key;
}
