/**
 * The rules that look beyond one persona, asked before anything is sent and when it is reviewed. They judge what is
 * committed, never what a worker says. What counts against a post is what began to be sent before it in the log: of two that
 * come at once, the first one goes.
 */
import type { Platform } from "../../persona/platforms/port.ts";
import { bandsOf, sayings } from "../../persona/policy/likeness.ts";
import type { Verdict } from "../../persona/policy/policy.ts";
import { postKey } from "../../persona/policy/lead.ts";
import { type Subjects, subjectsOf, whoKey } from "../../persona/policy/subjects.ts";
import { isOptedOut } from "../../../db/opt_outs.ts";
import {
  type Before,
  getSaying,
  isHashOptedOut,
  likelyAlike,
  onSameSubjects,
  otherAnswer,
  ownAccountMet,
  personaOfPost,
  type Saying,
  type Seen,
} from "../../../db/read/said.ts";
import type { Sql } from "../../../db/sql.ts";
import { type Companion, COORDINATED, coordinated, together, TOGETHER_HOURS } from "./coordinated.ts";
import { NEAR_DAYS, nearDuplicate } from "./near_duplicate.ts";
import { oneReply } from "./one_reply.ts";
import { optedOut } from "./opted_out.ts";
import { ownPersonas } from "./own_personas.ts";

export interface Rules {
  /**
   * What every rule says of a post, in a fixed order; nothing for one that has no text yet. The same for one that is not approved:
   * then all that is out or about to go out counts. `approved`: judged as if a person approved it now and had seen that. Throws where
   * the persona has no such post.
   */
  check(personaId: string, postId: string, approved?: Seen): Promise<Verdict[]>;
  /** The posts that a person has to see together with this one, the newest first; none where it stands alone. */
  companions(postId: string): Promise<Companion[]>;
}

export interface RulesOptions {
  sql: Sql;
  /** ms since the epoch. */
  now(): number;
}

const HOUR_MS = 3_600_000;

interface Subject {
  saying: Saying & { content: NonNullable<Saying["content"]> };
  subjects: Subjects;
  target: string | null;
}

export function createRules({ sql, now }: RulesOptions): Rules {
  const since = (hours: number): string => new Date(now() - hours * HOUR_MS).toISOString();
  const before = ({ saying: { id, position } }: Subject, hours: number): Before => (
    { postId: id, position, since: since(hours) }
  );
  return {
    async check(personaId, postId, approved) {
      const subject = await look(sql, personaId, postId);
      if (subject === null) return [];
      const { persona, platform, content, answers } = subject.saying;
      const texts = content.parts.map(({ text }) => text);
      const [similar, met, near, answer, unwanted] = await Promise.all([
        likelyAlike(sql, before(subject, NEAR_DAYS * 24), platform, [
          ...new Set(sayings(texts).flatMap(bandsOf)),
        ]),
        metOf(sql, subject),
        nearOf(sql, subject, before(subject, TOGETHER_HOURS)),
        answerOf(sql, subject),
        unwantedOf(sql, subject),
      ]);
      const reply = oneReply(platform, answers, answer);
      return [
        nearDuplicate({ persona, platform, texts }, similar),
        ownPersonas(platform, met),
        coordinated(platform, near, letPass(approved ?? subject.saying.approved)),
        ...(reply === null ? [] : [reply]),
        optedOut(platform, unwanted),
      ];
    },
    async companions(postId) {
      const personaId = await personaOfPost(sql, postId);
      const subject = personaId === null ? null : await look(sql, personaId, postId);
      if (subject === null) return [];
      const near = await nearOf(sql, subject, before(subject, TOGETHER_HOURS));
      return together(near).posts.map(({ postId, personaId }) => ({ postId, personaId }));
    },
  };
}

/** What a person has seen beside a post; null where nobody let this rule pass. */
const letPass = ({ acknowledged, seen }: Seen): string[] | null =>
  acknowledged.includes(COORDINATED) ? seen : null;

/** Null where it has no text yet. */
async function look(sql: Sql, personaId: string, postId: string): Promise<Subject | null> {
  const saying = await getSaying(sql, personaId, postId);
  if (saying === null) throw new Error(`persona ${personaId} has no post ${postId}`);
  const { content, platform } = saying;
  if (content === null) return null;
  return {
    saying: { ...saying, content },
    subjects: subjectsOf(platform, content),
    target: content.replyTarget?.id ?? null,
  };
}

async function metOf(sql: Sql, { saying, subjects: { named, leads }, target }: Subject) {
  const authorHash = saying.answers?.authorHash ?? null;
  if (named.length === 0 && leads.length === 0 && authorHash === null && target === null) return null;
  const { persona, platform } = saying;
  return await ownAccountMet(sql, { persona, platform }, {
    accountIds: named.flatMap((one) => one.accountId ?? []),
    handles: named.flatMap((one) => one.accountId === null ? [one.handle] : []),
    authorHash,
    leads,
    target: target === null ? null : postKey(platform, target),
  });
}

async function nearOf(sql: Sql, { saying, subjects }: Subject, before: Before) {
  const { persona, platform, answers } = saying;
  const author = answers?.authorHash ?? null;
  const keys = author === null ? subjects.keys : [...new Set([...subjects.keys, whoKey(author)])];
  if (keys.length === 0) return [];
  const who = whoKey("");
  const authors = keys.filter((key) => key.startsWith(who)).map((key) => key.slice(who.length));
  return await onSameSubjects(sql, before, { persona, sandbox: platform === "sandbox", keys, authors });
}

async function answerOf(sql: Sql, { saying, target }: Subject) {
  const { id: postId, position, persona, answering } = saying;
  if (answering === null) return null;
  const { interactionId } = answering;
  return await otherAnswer(sql, { postId, position }, { persona, interactionId, target });
}

async function unwantedOf(sql: Sql, { saying: { platform, answers }, subjects: { named } }: Subject) {
  const { authorHash = null, authorHandle = null } = answers ?? {};
  const asked = [
    ...named.flatMap(({ accountId, handle }) => accountId === null ? [handle] : [accountId, handle]),
    ...(authorHandle === null ? [] : [authorHandle]),
  ];
  const [listed, byHash] = await Promise.all([
    onList(sql, platform, asked),
    authorHash !== null && isHashOptedOut(sql, platform, authorHash),
  ]);
  return {
    author: byHash || (authorHandle !== null && listed.has(authorHandle)),
    named: named.some(({ accountId, handle }) =>
      listed.has(handle) || (accountId !== null && listed.has(accountId))
    ),
  };
}

/** People whom one question names at most; a long thread may name more. */
const MAX_ASKED = 500;

async function onList(sql: Sql, platform: Platform, asked: string[]): Promise<Set<string>> {
  const found = new Set<string>();
  for (let from = 0; from < asked.length; from += MAX_ASKED) {
    for (const one of await isOptedOut(sql, platform, asked.slice(from, from + MAX_ASKED))) found.add(one);
  }
  return found;
}
