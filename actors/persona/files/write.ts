import type { Identity } from "../identity.ts";
import type { Json, JsonObject } from "./json.ts";
import { ownKey, ownPart } from "./own.ts";

export type ExportFormat = "card_v3" | "eliza";

export interface WrittenFile {
  bytes: Uint8Array;
  mediaType: string;
  fileName: string;
}

/**
 * A persona as a file for others: a Character Card V3 or an elizaOS v1 character, as JSON. What the format has no field
 * for stands in our own part, so that reading the file again gives the same identity, but for `operatedBy`.
 */
export function writePersonaFile(identity: Identity, format: ExportFormat): WrittenFile {
  const json = format === "card_v3" ? cardOf(identity) : elizaOf(identity);
  return {
    bytes: new TextEncoder().encode(JSON.stringify(json, null, 2) + "\n"),
    mediaType: "application/json",
    fileName: `${slug(identity.name)}.${format === "card_v3" ? "card" : "character"}.json`,
  };
}

/** Character Card V3 (spec_version 3.0): every field that the specification requires is there. */
export function cardOf(identity: Identity): JsonObject {
  return {
    spec: "chara_card_v3",
    spec_version: "3.0",
    data: {
      name: identity.name,
      description: identity.background,
      personality: identity.tone.join(", "),
      scenario: "",
      first_mes: "",
      mes_example: identity.examples.map((example) => `<START>\n{{char}}: ${example}`).join("\n"),
      creator_notes: identity.purpose,
      system_prompt: identity.systemPrompt,
      post_history_instructions: "",
      alternate_greetings: [],
      group_only_greetings: [],
      tags: identity.interests,
      creator: "",
      character_version: "1",
      character_book: {
        extensions: {},
        entries: identity.knowledge.map(({ key, text }, i): Json => ({
          keys: [key],
          content: text,
          name: key,
          extensions: {},
          enabled: true,
          insertion_order: i,
          use_regex: false,
          constant: false,
        })),
      },
      extensions: { [ownKey]: ownPart(identity) },
    },
  };
}

/** An elizaOS v1 character. */
export function elizaOf(identity: Identity): JsonObject {
  return {
    name: identity.name,
    system: identity.systemPrompt,
    bio: [identity.background],
    messageExamples: [],
    postExamples: identity.examples,
    topics: identity.interests,
    adjectives: identity.tone,
    knowledge: identity.knowledge.map(({ text }) => text),
    plugins: [],
    settings: { [ownKey]: ownPart(identity) },
    style: { all: identity.rules, chat: [], post: [] },
  };
}

/** The name as a file name: small ASCII letters, digits and single hyphens. */
function slug(name: string): string {
  const ascii = name.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  return ascii.replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "").slice(0, 60) || "persona";
}
