import type { Draft } from "./draft.ts";
import { isObject, type Json } from "./json.ts";
import { join } from "./secrets.ts";

/** Keys, split into words, whose texts instruct a model, wherever they stand. */
const promptKey = /(?:^|_)(?:system|prompts?|instructions?|templates?|jailbreak|greeting)(?:_|$)/;

/** Lists every prompt-like text that the mapping did not list already, such as `extensions.depth_prompt.prompt`. */
export function collectPrompts(value: Json, draft: Draft, path = "", inPrompt = false): void {
  if (typeof value === "string") {
    if (inPrompt) draft.addPrompt(path, value);
  } else if (Array.isArray(value)) {
    value.forEach((item, i) => collectPrompts(item, draft, `${path}[${i}]`, inPrompt));
  } else if (isObject(value)) {
    for (const [key, item] of Object.entries(value)) {
      // Our own part of an export repeats what the identity shows.
      if (key === "digi-persona") continue;
      const words = key.slice(0, 100).replace(/([a-z0-9])([A-Z])/g, "$1_$2").replace(/[^A-Za-z0-9]+/g, "_")
        .toLowerCase();
      collectPrompts(item, draft, join(path, key), inPrompt || promptKey.test(words));
    }
  }
}
