/** What the log says of a run, held against what is really there. */
import type { StoredEvent } from "../../db/log/log.ts";
import type { ActorHost } from "./actor_host.ts";
import { isLeft, type Person, type Plan } from "./person.ts";
import type { Said, Stage } from "./stage.ts";

/** Events that have to say why. */
const TELLING = new Set([
  "PublishRejected",
  "PublishUncertain",
  "PublishDeferred",
  "PostHeldBack",
  "ConnectionLost",
  "RemovalFailed",
  "PreparationFailed",
  "SlotMissed",
]);

export interface Verdict {
  /** One line for each promise that was broken. */
  broken: string[];
  /** Parts that have been out, deleted since or not; one that is out twice counts twice. */
  partsOut: number;
}

export async function verdictOf(host: ActorHost, person: Person, stage: Stage): Promise<Verdict> {
  const broken = [...host.violations, ...person.violations, ...stage.blunders(), ...leaks(host, stage)];
  for (const { type, data } of host.events) {
    if (TELLING.has(type) && (typeof data.reason !== "string" || data.reason === "")) {
      broken.push(`${type} does not say why`);
    }
  }
  let partsOut = 0;
  for (const plan of person.plans) {
    const made = await Promise.all(plan.parts.map(({ text }) => stage.said(text)));
    partsOut += made.flat().length;
    broken.push(...judged(plan, made, host, stage));
  }
  return { broken, partsOut };
}

function leaks(host: ActorHost, stage: Stage): string[] {
  const told = JSON.stringify(host.events) + host.noted.join("") + host.notes.join("");
  const held = [...host.vault.values()].flatMap(({ value }) => secretsIn(value));
  const found = new Set([...stage.secrets(), ...held].filter((secret) => told.includes(secret)));
  return [...found].map((secret) => `a secret was told: ${secret.slice(0, 4)}…`);
}

/** What in the text of a stored credential is long enough to be one. */
function secretsIn(text: string): string[] {
  const found: string[] = [text];
  const walk = (value: unknown, name: string): void => {
    if (typeof value === "string" && /token|secret|jwt|access|refresh|password/i.test(name)) {
      found.push(value);
    }
    if (typeof value === "object" && value !== null) {
      for (const [key, inner] of Object.entries(value)) walk(inner, key);
    }
  };
  if (text.startsWith("{")) walk(JSON.parse(text), "");
  return found.filter((secret) => secret.length >= 8);
}

function judged(plan: Plan, made: Said[][], host: ActorHost, stage: Stage): string[] {
  const post = host.state.posts[plan.postId];
  const about = host.events.filter(({ data }) => data.postId === plan.postId);
  const broken: string[] = [];
  const last = about.findLast(({ data }) => typeof data.reason === "string")?.data.reason ?? "";
  const say = (what: string) => broken.push(`${post?.status} (${last}): ${what}`);
  for (const [part, all] of made.entries()) {
    if (all.length > 1) say(`part ${part} is out ${all.length} times`);
  }
  if (!about.some(({ type }) => type === "PostApproved") && made.flat().length > 0) say("nobody approved it");
  checkForm(plan, made, say);
  switch (post?.status) {
    case "published":
    case "deleted":
      checkPublished(plan, about, made, post.status === "published", say);
      break;
    case "failed":
      // Behind a list that lags for longer than two looks are apart, what is out already may be refused.
      if (!stage.lagsLong && made.flat().length !== post.sent.length) say("more is out than is said");
      break;
    case "uncertain":
      if (!isLeft(plan, post)) say("nobody was asked");
      break;
    case "rejected":
      if (made.flat().length > post.sent.length) say("it is out although it was given up");
      break;
    default:
      say("it came to no end");
  }
  return broken;
}

/** In order, each part under the one before it, with its pictures. */
function checkForm(plan: Plan, made: Said[][], say: (what: string) => void): void {
  let above: string | null | undefined;
  for (const [part, [post]] of made.entries()) {
    if (post === undefined) {
      above = null;
      continue;
    }
    if (above === null) say(`part ${part} is out, and one before it is not`);
    if (typeof above === "string" && post.answers !== above) {
      say(`part ${part} is not below the one before it`);
    }
    if (part === 0 && (post.answers !== null) !== plan.answers) {
      say("it does not answer what it is to answer");
    }
    const alts = plan.parts[part]?.media?.map(({ alt }) => alt) ?? [];
    if (JSON.stringify(post.alts) !== JSON.stringify(alts)) say(`part ${part} has other pictures`);
    above = post.id;
  }
}

function checkPublished(
  plan: Plan,
  about: StoredEvent[],
  made: Said[][],
  stays: boolean,
  say: (what: string) => void,
): void {
  const published = about.findLast(({ type }) => type === "PostPublished")?.data;
  const sent = (published?.sent ?? []) as { id: string }[];
  for (const [part, [post]] of made.entries()) {
    if (post === undefined) {
      say(`part ${part} of a published post is not out`);
      continue;
    }
    if (stays && !post.visible && !plan.asked) say(`part ${part} is not to be seen`);
    if (!stays && post.visible) say(`part ${part} is still there`);
    const told = sent[part]?.id;
    if (told === undefined ? published?.how !== "said_by_person" : !told.includes(post.id)) {
      say(`part ${part} is said to be ${told}, and is ${post.id}`);
    }
  }
}
