/** From what a person typed or a writer wrote to the content that is approved, with what the rules say of it. */
import type { TypedPart } from "../commands.ts";
import type { Content } from "../content.ts";
import { contentHash } from "../content.ts";
import type { Answering } from "../events.ts";
import { limitsOf } from "../platforms/limits.ts";
import { detectFacets } from "../platforms/sandbox/facets.ts";
import type { Part } from "../platforms/port.ts";
import { checkContent } from "../policy/policy.ts";
import type { ConnectionState, PersonaState } from "../state.ts";
import { repair } from "../text.ts";
import { answeredBy } from "./answered.ts";
import type { Context } from "./decision.ts";

/** UTF-16 units of all parts together: more than any platform takes, and what is found in them still fits into a frame. */
const MAX_TYPED = 80_000;

export function wrongParts(parts: TypedPart[]): string | null {
  if (parts.length === 0 || parts.every((part) => part.text.trim() === "")) return "The text is empty.";
  const length = parts.reduce((sum, { text }) => sum + text.length, 0);
  if (length > MAX_TYPED) return `All parts together have ${length} characters; at most ${MAX_TYPED} can be.`;
  const empty = parts.findIndex((part) => part.text.trim() === "");
  return empty === -1 ? null : `Part ${empty + 1} is empty.`;
}

export function partsOf(typed: TypedPart[]): Part[] {
  return typed.map(({ text, media = [] }) => ({
    text: repair(text),
    facets: [],
    ...(media.length === 0 ? {} : { media: media.map((one) => ({ ...one, alt: repair(one.alt) })) }),
  }));
}

/** Where the platform is not asked what a text holds, the text itself says it; a handle is nobody's until then. */
function withFacets(part: Part): Part {
  return { ...part, facets: detectFacets(part.text).filter((facet) => facet.kind !== "mention") };
}

export function contentOf(state: PersonaState, connection: ConnectionState, plain: Part[]): Content {
  const parts = limitsOf(connection.platform).needsPreparation ? plain : plain.map(withFacets);
  return {
    connectionId: connection.connectionId,
    accountId: connection.accountId,
    parts,
    replyTarget: null,
    labels: [],
    disclosure: connection.disclosure,
    language: state.identity.language,
  };
}

/** A reply is never prepared at once: what it answers has to be looked up. */
export function drafted(
  state: PersonaState,
  connection: ConnectionState,
  content: Content,
  context: Context,
  answering: Answering | null | undefined,
) {
  const prepared = !limitsOf(connection.platform).needsPreparation && answering == null;
  return { ...judged(state, connection, content, context, answering), prepared };
}

export function judged(
  state: PersonaState,
  connection: ConnectionState,
  content: Content,
  context: Context,
  answering: Answering | null | undefined,
) {
  return {
    content,
    contentHash: contentHash(content),
    verdicts: checkContent(
      content,
      state.identity,
      connection,
      context.policy,
      answeredBy(state, answering),
    ),
  };
}
