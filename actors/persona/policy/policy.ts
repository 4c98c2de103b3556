/** The rules that every text passes at draft, at approval and at publish. Pure. */
import type { Content } from "../content.ts";
import type { ConnectionInfo } from "../events.ts";
import type { Identity } from "../identity.ts";
import { disclosure, kind } from "./account_rules.ts";
import { length, media } from "./form_rules.ts";
import { cashtags, linkPrice, links } from "./link_rules.ts";
import { linkedInApproval, linkedInForm } from "./linkedin_rules.ts";
import { mentions, solicited } from "./people_rules.ts";
import type { Answered, PolicySettings, Rule, Verdict } from "./rule.ts";
import { bannedWords, hiddenCharacters } from "./word_rules.ts";

export type { Answered, PolicySettings, Verdict };

const RULES: Rule[] = [
  length,
  media,
  linkedInForm,
  disclosure,
  bannedWords,
  hiddenCharacters,
  links,
  linkPrice,
  cashtags,
  mentions,
  solicited,
  kind,
  linkedInApproval,
];

/** The verdict of every rule that the platform knows, in a fixed order. `answering`: null for a post of its own. */
export function checkContent(
  content: Content,
  identity: Identity,
  connection: ConnectionInfo,
  settings: PolicySettings,
  answering: Answered | null = null,
): Verdict[] {
  const text = content.parts.map((part) => part.text).join("\n");
  const subject = { content, identity, connection, settings, answering, text };
  return RULES.map((rule) => rule(subject)).filter((verdict) => verdict !== null);
}

export function blocked(verdicts: Verdict[]): Verdict | undefined {
  return verdicts.find((verdict) => verdict.level === "block");
}
