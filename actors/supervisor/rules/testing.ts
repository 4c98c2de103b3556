/** Test equipment: personas of several platforms in a real log, and their posts as far as a test wants them to go. */
import { strictEqual } from "node:assert/strict";
import { openPostgresLog, type PostgresLog } from "../../../db/log/postgres_log.ts";
import { projections } from "../../../db/projections/all.ts";
import type { ForeignWords } from "../../wire.ts";
import { type FreshDatabase, testOn } from "../../../tests/database.ts";
import { authorHash, type Content, contentHash } from "../../persona/content.ts";
import { event, type PersonaEvent } from "../../persona/events.ts";
import { emptyIdentity } from "../../persona/identity.ts";
import type { Facet, Interaction, Platform, Sent } from "../../persona/platforms/port.ts";
import type { Verdict } from "../../persona/policy/policy.ts";
import { createRules, type Rules } from "./rules.ts";

export interface Someone {
  id: string;
  name: string;
  platform: Platform;
  accountId: string;
  handle: string;
  connectionId: string;
}

export interface Draft {
  facets?: Facet[];
  /** More parts of a thread. */
  more?: string[];
  setId?: string;
  /** What it answers, as `heard` gave it. */
  answering?: { interactionId: string; targetId: string };
  acknowledged?: string[];
  seen?: string[];
}

export interface World {
  log: PostgresLog;
  database: FreshDatabase;
  rules: Rules;
  /** ms by which the rules' clock is ahead. */
  later: number;
  persona(name: string, platform?: Platform): Promise<Someone>;
  append(id: string, events: PersonaEvent[], words?: ForeignWords[]): Promise<void>;
  /** Waits for review. */
  draft(who: Someone, text: string, more?: Draft): Promise<string>;
  /** Approved, and its sending begun. */
  send(who: Someone, postId: string, approved?: { acknowledged?: string[]; seen?: string[] }): Promise<void>;
  /** Out, as `sent`; by itself in the sandbox's own form. */
  publish(who: Someone, postId: string, sent?: Sent): Promise<Sent>;
  /** Somebody spoke to the persona. */
  heard(
    who: Someone,
    said: {
      accountId: string;
      handle?: string;
      summons?: boolean;
      targetId?: string;
      kind?: Interaction["kind"];
    },
  ): Promise<{ interactionId: string; targetId: string }>;
  /** Drafts and begins to send. */
  says(who: Someone, text: string, more?: Draft): Promise<string>;
  verdict(who: Someone, postId: string, rule: string): Promise<Verdict | undefined>;
  level(who: Someone, postId: string, rule: string): Promise<Verdict["level"] | undefined>;
}

export function rulesTest(name: string, test: (world: World) => Promise<void>): void {
  testOn("embedded", name, async (database) => {
    const log = await openPostgresLog({ connection: database.config, projections });
    try {
      await test(worldOf(database, log));
    } finally {
      await log.close();
    }
  });
}

const shownAs = (id: string): Sent => ({ id, url: `https://net.example/sandbox?thread=${id}#said-${id}` });

export function worldOf(database: FreshDatabase, log: PostgresLog): World {
  const versions = new Map<string, number>();
  const platforms = new Map<string, Content>();
  const world: World = {
    log,
    database,
    later: 0,
    rules: createRules({ sql: database.sql, now: () => Date.now() + world.later }),
    async append(id, events, words = []) {
      const expectedVersion = versions.get(id) ?? 0;
      const stored = events.map(({ type, data }) => ({
        type,
        schema: 1,
        data: JSON.parse(JSON.stringify(data)),
      }));
      const result = await log.append({ stream: id, expectedVersion, by: "user:ann", events: stored, words });
      strictEqual(result.kind, "committed", JSON.stringify(result));
      versions.set(id, expectedVersion + events.length);
    },
    async persona(name, platform = "sandbox") {
      const id = crypto.randomUUID();
      const who = { id, name, platform, accountId: `account-${name}`, handle: name, connectionId: `c-${id}` };
      const identity = { ...emptyIdentity, name };
      await world.append(id, [
        event("PersonaCreated", { identity, origin: "form", format: null, paused: false }),
        event("ConnectionLinked", {
          connectionId: who.connectionId,
          platform,
          accountId: who.accountId,
          handle: name,
          service: "sandbox:",
          disclosure: "profile_label",
        }),
      ]);
      return who;
    },
    async draft(who, text, { facets = [], more = [], setId, answering } = {}) {
      const postId = crypto.randomUUID();
      const content: Content = {
        connectionId: who.connectionId,
        accountId: who.accountId,
        parts: [{ text, facets }, ...more.map((text) => ({ text, facets: [] }))],
        replyTarget: answering === undefined
          ? null
          : { interactionId: answering.interactionId, id: answering.targetId },
        labels: [],
        disclosure: "profile_label",
        language: "en",
      };
      platforms.set(postId, content);
      const { connectionId, platform } = who;
      const about = answering === undefined
        ? undefined
        : { interactionId: answering.interactionId, kind: "mention" as const, wordsRef: "w" };
      await world.append(who.id, [
        event("DraftWritten", {
          postId,
          connectionId,
          platform,
          brief: "",
          ...(setId === undefined ? {} : { setId }),
          ...(about === undefined ? {} : { answering: about }),
          content,
          contentHash: contentHash(content),
          verdicts: [],
          prepared: true,
        }),
        event("PostSubmitted", { postId }),
      ]);
      return postId;
    },
    async send(who, postId, { acknowledged, seen } = {}) {
      const hash = contentHash(platforms.get(postId) as Content);
      const approved = { postId, contentHash: hash, via: "session" as const, expiresAt: Date.now() + 1e9 };
      await world.append(who.id, [
        event("PostApproved", {
          ...approved,
          ...(acknowledged === undefined ? {} : { acknowledged }),
          ...(seen === undefined ? {} : { seen }),
        }),
        event("PublishRequested", { postId, contentHash: hash, payload: { keys: [], records: [] } }),
      ]);
    },
    async publish(who, postId, sent = shownAs(postId)) {
      await world.append(who.id, [
        event("PublishAttempted", { postId, attempt: 1 }),
        event("PostPublished", { postId, attempt: 1, sent: [sent], how: "sent" }),
      ]);
      return sent;
    },
    async heard(
      who,
      { accountId, handle = "", summons = true, kind = "mention", targetId = crypto.randomUUID() },
    ) {
      const interactionId = crypto.randomUUID();
      const wordsRef = crypto.randomUUID();
      const words: ForeignWords = {
        id: wordsRef,
        stream: who.id,
        kind: "interaction",
        platform: who.platform,
        author: accountId,
        content: { text: "hello", authorId: accountId, authorHandle: handle },
        purgeAt: null,
      };
      await world.append(who.id, [event("InteractionReceived", {
        interactionId,
        connectionId: who.connectionId,
        kind,
        postId: null,
        sourceHash: interactionId,
        wordsRef,
        saidAt: Date.now(),
        authorHash: authorHash(who.platform, accountId),
        summons,
      })], [words]);
      return { interactionId, targetId };
    },
    async says(who, text, more = {}) {
      const postId = await world.draft(who, text, more);
      await world.send(who, postId, more);
      return postId;
    },
    async verdict(who, postId, rule) {
      return (await world.rules.check(who.id, postId)).find((one) => one.rule === rule);
    },
    async level(who, postId, rule) {
      return (await world.verdict(who, postId, rule))?.level;
    },
  };
  return world;
}
