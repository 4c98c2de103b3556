/** Test equipment of the rules: what one of them says of a text. */
import type { ConnectionInfo } from "../events.ts";
import type { Identity } from "../identity.ts";
import type { Facet, Part } from "../platforms/port.ts";
import { BLUESKY, content, IDENTITY, SANDBOX } from "../testing.ts";
import { type Answered, checkContent, type Verdict } from "./policy.ts";

export const X: ConnectionInfo = {
  ...BLUESKY,
  connectionId: "c-x",
  platform: "x",
  accountId: "1",
  service: "https://api.x.com",
};

export const LINKEDIN: ConnectionInfo = {
  ...BLUESKY,
  connectionId: "c-linkedin",
  platform: "linkedin",
  accountId: "urn:li:organization:7",
  service: "https://api.linkedin.com",
};

export interface Given {
  identity?: Partial<Identity>;
  /** @default the sandbox */
  connection?: ConnectionInfo;
  /** Of the only part. */
  facets?: Part["facets"];
  /** In place of the text. */
  parts?: Part[];
  answering?: Answered;
}

/** Undefined where the rule does not speak. */
export function ruling(rule: string, text: string, given: Given = {}): Verdict | undefined {
  const { identity = {}, connection = SANDBOX, facets = [], parts = [{ text, facets }], answering } = given;
  return checkContent(
    { ...content(connection, text), parts },
    { ...IDENTITY, ...identity },
    connection,
    { requireAltText: true },
    answering,
  ).find((one) => one.rule === rule);
}

export const level = (rule: string, text: string, given?: Given) => ruling(rule, text, given)?.level;

export const mention = (handle: string, accountId: string): Facet => (
  { kind: "mention", handle, accountId, start: 0, end: 1 }
);
