/** The tables tell the same story as the state of the actor, after every event of any life. */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { wantedEffects } from "../../actors/persona/effects/runner.ts";
import { decide } from "../../actors/persona/decide.ts";
import { EVENT_TYPES } from "../../actors/persona/evolve.ts";
import { event, type EventData, type PersonaEvent } from "../../actors/persona/events.ts";
import { live, RUNS, stepsArbitrary, type TimedFact } from "../../actors/persona/random_life.ts";
import type { Command } from "../../actors/persona/commands.ts";
import { FINISHED_POSTS, MEASURED_POSTS, type PersonaState } from "../../actors/persona/state.ts";
import { fullText } from "../../actors/persona/content.ts";
import {
  APPROVED_UNTIL,
  at,
  BLUESKY,
  created,
  draft,
  folded,
  linkedTo,
  NOW,
  SANDBOX,
  SLOT,
  stages,
  testContext,
} from "../../actors/persona/testing.ts";
import type { StoredEvent } from "../log/log.ts";
import { projections } from "./all.ts";
import type { ConnectionRow } from "./connections.ts";
import type { DeadLetterRow } from "./dead_letters.ts";
import type { DueRow } from "./due.ts";
import type { InteractionRow } from "./interactions.ts";
import type { MemoryRow } from "./memories.ts";
import type { PersonaRow } from "./personas.ts";
import type { PostRow } from "./posts.ts";
import type { Projection } from "./projection.ts";
import { iso } from "./row.ts";

/** Folds events into rows as the log does, without a database. */
class Tables {
  #rows = new Map<string, Map<string, Record<string, unknown>>>();

  apply(stored: StoredEvent): void {
    for (const projection of projections) {
      if (!projection.types.includes(stored.type)) continue;
      for (const key of projection.touches(stored)) {
        const rows = this.#table(projection);
        const id = JSON.stringify(projection.key.map((column) => key[column]));
        const row = projection.fold(rows.get(id) ?? null, stored, key);
        if (row === null) rows.delete(id);
        else {
          strictEqual(
            JSON.stringify(projection.key.map((column) => row[column])),
            id,
            "the key of a row changed",
          );
          rows.set(id, row);
        }
      }
    }
  }

  #table(projection: Projection): Map<string, Record<string, unknown>> {
    const rows = this.#rows.get(projection.table) ?? new Map();
    this.#rows.set(projection.table, rows);
    return rows;
  }

  rows<T>(table: string): T[] {
    return [...this.#rows.get(table)?.values() ?? []] as T[];
  }
}

function stored({ id, type, version, by, data, atMs }: TimedFact): StoredEvent {
  const plain = JSON.parse(JSON.stringify(data));
  return {
    position: version,
    id,
    stream: "p1",
    version,
    type,
    schema: 1,
    at: iso(atMs),
    by,
    cause: null,
    correlation: null,
    data: plain,
  };
}

function tablesOf(events: PersonaEvent[]): Tables {
  const tables = new Tables();
  events.forEach(({ type, data }, index) =>
    tables.apply(stored({ id: `e${index}`, type, version: index + 1, by: "user:ann", data, atMs: NOW }))
  );
  return tables;
}

/** Asserts `compare` after every event of any life. */
function always(
  compare: (state: PersonaState, tables: Tables, now: number) => void,
  happened: (type: string) => void = () => {},
): void {
  fc.assert(
    fc.property(stepsArbitrary, (steps) => {
      const tables = new Tables();
      live(steps, ({ after, fact, now }) => {
        tables.apply(stored(fact));
        happened(fact.type);
        compare(after, tables, now);
      });
    }),
    { numRuns: Math.ceil(RUNS / 2), seed: 20_261_122 },
  );
}

Deno.test("projections, any life: posts have the status, text, approval and time of the state", () => {
  always((state, tables) => {
    const rows = new Map(tables.rows<PostRow>("post").map((row) => [row.id, row]));
    for (const post of Object.values(state.posts)) {
      const row = rows.get(post.id);
      ok(row);
      deepStrictEqual(
        [row.status, row.content, row.content_hash, row.prepared, row.verdicts, row.writing, row.sent],
        [
          post.status,
          post.content,
          post.contentHash,
          post.prepared,
          post.verdicts,
          post.writing.state,
          post.sent,
        ],
      );
      const slot = post.slot === null ? [null, null] : [iso(post.slot.at), post.slot.zone];
      deepStrictEqual([row.slot_at, row.slot_zone], slot, post.status);
      if (post.publish !== null) strictEqual(row.attempts, post.publish.attempts);
      deepStrictEqual(
        row.approval && [row.approval.by, row.approval.via, row.approval.expiresAt],
        post.approval && [post.approval.by, post.approval.via, iso(post.approval.expiresAt)],
        post.status,
      );
      // Deleted later, it was published all the same; what is left of a thread that ended half-way never was.
      if (post.status !== "deleted") strictEqual(row.published_at !== null, post.status === "published");
      deepStrictEqual(
        [row.set_id, row.answering, row.url, row.removing, row.measured],
        [post.setId, post.answering, post.sent[0]?.url ?? null, post.removeAt !== null, post.measured],
        post.status,
      );
      ok(row.evidence.length === 0 || post.status !== "published");
    }
  });
});

Deno.test("projections, any life: what was said is answered by the post that the state has for it", () => {
  let answered = 0;
  always((state, tables) => {
    const rows = new Map(tables.rows<InteractionRow>("interaction").map((row) => [row.id, row]));
    for (const one of Object.values(state.interactions)) {
      const row = rows.get(one.id);
      if (one.answeredBy !== null) answered++;
      deepStrictEqual(
        [
          row?.connection_id,
          row?.kind,
          row?.post_id,
          row?.words_ref,
          row?.summons,
          row?.author_hash,
          row?.answered_by,
        ],
        [one.connectionId, one.kind, one.postId, one.wordsRef, one.summons, one.authorHash, one.answeredBy],
      );
    }
  });
  ok(answered > 0, "lives by chance answer something");
});

Deno.test("projections, any life: the persona and its connections are those of the state", () => {
  always((state, tables) => {
    const [persona] = tables.rows<PersonaRow>("persona");
    if (state.life === "deleted") strictEqual(persona, undefined);
    else {deepStrictEqual([persona?.life, persona?.identity, persona?.name], [
        state.life,
        state.identity,
        state.identity.name,
      ]);}
    deepStrictEqual(
      tables.rows<ConnectionRow>("connection").map((row) => [
        row.id,
        row.linked,
        row.health,
        row.account_id,
        row.checking,
        row.words_to_model,
      ]),
      Object.values(state.connections).map((one) => [
        one.connectionId,
        one.linked,
        one.health,
        one.accountId,
        one.checkAsked,
        one.wordsToModel ?? null,
      ]),
    );
  });
});

/**
 * The state as if everything could go on: `due` knows the time of what waits, not whether the persona is paused or its
 * account can be reached.
 */
function unhindered(state: PersonaState): PersonaState {
  const connections = Object.fromEntries(
    Object.entries(state.connections).map((
      [id, one],
    ) => [id, { ...one, linked: true, health: "ok" as const }]),
  );
  const posts = Object.fromEntries(
    Object.entries(state.posts).map(([id, post]) => {
      const accountId = state.connections[post.connectionId]?.accountId ?? "";
      return [id, { ...post, content: post.content && { ...post.content, accountId } }];
    }),
  );
  return { ...state, life: state.life === "deleted" ? "deleted" : "active", connections, posts };
}

Deno.test("projections, any life: `due` has exactly what the state wants, at its time", () => {
  always((state, tables, now) => {
    // A persona that was deleted is woken for nothing: what was out of it is neither measured nor taken down any more.
    const over = state.life === "deleted" ? ["measure", "remove"] : [];
    const all = tables.rows<DueRow>("due").filter((row) => !over.includes(row.reason));
    const rows = all.filter((row) => row.reason !== "check");
    deepStrictEqual(
      all.filter((row) => row.reason === "check").map((row) => row.ref).sort(),
      Object.values(state.connections).filter((one) => one.checkAsked).map((one) => one.connectionId).sort(),
    );
    const wanted = wantedEffects(unhindered(state));
    deepStrictEqual(
      rows.map((row) => `${row.reason} ${row.ref}`).sort(),
      wanted.map(({ kind, postId }) => `${kind} ${postId}`).sort(),
    );
    for (const { kind, postId, at } of wanted) {
      const row = rows.find((one) => one.ref === postId && one.reason === kind);
      // 0 is “at once”: then the row has the time of the event.
      if (at > 0) strictEqual(row?.at, iso(at), kind);
      else ok(row !== undefined && row.at <= iso(now));
    }
    const actual = wantedEffects(state).map(({ kind, postId }) => `${kind} ${postId}`);
    for (const one of actual) ok(rows.some((row) => `${row.reason} ${row.ref}` === one), one);
  });
});

Deno.test("projections, any life: memories are what was said and what is drafted, nothing that was withdrawn", () => {
  always((state, tables) => {
    const rows = new Map(tables.rows<MemoryRow>("memory").map((row) => [row.id, row]));
    for (const post of Object.values(state.posts)) {
      const row = rows.get(post.id);
      if (["withdrawn", "rejected", "failed", "deleted"].includes(post.status) || post.content === null) {
        strictEqual(row, undefined);
      } else {deepStrictEqual([row?.kind, row?.text], [
          post.status === "published" ? "said" : "draft",
          fullText(post.content),
        ]);}
    }
  });
});

Deno.test("projections, any life: each interaction taken in is a row once", () => {
  always((state, tables) => {
    const rows = tables.rows<InteractionRow>("interaction");
    strictEqual(rows.length, state.seen.length);
    for (const row of rows) ok(row.said_at <= row.received_at);
  });
});

Deno.test("projections, any life: what is open among the commands put aside is what the state can retry", () => {
  const statuses = new Set<string>();
  always((state, tables) => {
    const rows = tables.rows<DeadLetterRow>("dead_letter");
    for (const row of rows) statuses.add(row.status);
    deepStrictEqual(
      rows.filter(({ status }) => status === "open").map(({ id, body, crashes }) => [id, body, crashes])
        .sort(),
      Object.values(state.deadLetters).map(({ id, command, crashes }) => [id, command, crashes]).sort(),
    );
    for (const { type, body } of rows) {
      // Nothing is kept of the retry of what is gone.
      if (body === null) ok(type === "retry_dead_letter" || type === "drop_dead_letter");
      else strictEqual(type, body.type);
    }
  });
  deepStrictEqual([...statuses].sort(), ["dropped", "open", "retried"], "lives by chance got there");
});

Deno.test("dead letters, one whose retry failed: the same row, open again, with what it was, its count and the newest error", () => {
  const put = (data: Partial<EventData["CommandDeadLettered"]>) =>
    event("CommandDeadLettered", {
      deadLetterId: "l",
      commandId: "c",
      type: "pause",
      command: { type: "pause" },
      by: "user:ann",
      cause: null,
      reason: "first",
      crashes: 2,
      ...data,
    });
  const again = put({
    commandId: "c2",
    type: "retry_dead_letter",
    command: null,
    by: "user:bob",
    reason: "second",
  });
  const [row, ...others] = tablesOf([created, put({}), again]).rows<DeadLetterRow>("dead_letter");
  deepStrictEqual(others, []);
  deepStrictEqual(row, {
    stream: "p1",
    id: "l",
    command_id: "c",
    type: "pause",
    at: iso(NOW),
    by: "user:ann",
    reason: "second",
    crashes: 4,
    status: "open",
    body: { type: "pause" },
    position: 3,
  });
  const lists = ["DeadLetterRetried", "DeadLetterDropped"] as const;
  deepStrictEqual(
    lists.map((type) =>
      tablesOf([created, put({}), event(type, { deadLetterId: "l" })]).rows<DeadLetterRow>("dead_letter")[0]
        ?.status
    ),
    ["retried", "dropped"],
  );
});

Deno.test("personas, parked and unparked: the row says since when, by whom and why, and is else unchanged", () => {
  const row = (...events: PersonaEvent[]) => tablesOf([created, ...events]).rows<PersonaRow>("persona")[0];
  const parked = event("ActorParked", { reason: "6 crashes in 60 s" });
  deepStrictEqual(row(parked), {
    ...row(),
    parked: { at: iso(NOW), by: "user:ann", reason: "6 crashes in 60 s" },
  });
  deepStrictEqual(row(parked, event("ActorUnparked", {})), row());
  deepStrictEqual(row(parked, event("PersonaPaused", {}))?.parked?.reason, "6 crashes in 60 s");
});

Deno.test("due, each event that makes something due: the row has its reason and its time", () => {
  const rows = (events: PersonaEvent[]) =>
    tablesOf(events).rows<DueRow>("due").map(({ reason, at }) => [reason, at]).sort();
  deepStrictEqual(rows(at("asked")), [["compose", iso(NOW)]]);
  deepStrictEqual(rows(at("approved")), [["expiry", iso(APPROVED_UNTIL)]]);
  deepStrictEqual(rows(at("scheduled")), [["expiry", iso(APPROVED_UNTIL)], ["slot", iso(SLOT)]]);
  deepStrictEqual(rows(at("publishing")), [["publish", iso(NOW)]]);
  deepStrictEqual(rows(at("attempting")), [["interrupted", iso(NOW)]]);
  deepStrictEqual(rows(at("uncertain")), [["reconcile", iso(NOW)]]);
  const unprepared = event("DraftRevised", draft(BLUESKY, "@bob"));
  deepStrictEqual(rows([...at("not_written", BLUESKY), unprepared]), [["prepare", iso(NOW)]]);
  for (const stage of ["published", "rejected", "failed", "expired", "withdrawn"] as const) {
    deepStrictEqual(rows(at(stage)), []);
  }
  for (const stage of ["not_written", "draft", "pending_review"] as const) {
    deepStrictEqual(rows(at(stage)), []);
  }
});

Deno.test("due, a post in doubt without an intent: nothing is due, a person decides", () => {
  const doubt = event("PublishUncertain", {
    postId: "a",
    attempt: 0,
    reason: "copy",
    checks: 0,
    nextCheckAt: 0,
  });
  deepStrictEqual(tablesOf([...at("scheduled"), doubt]).rows("due"), []);
});

Deno.test("projections, times that no calendar holds: the rows are made all the same", () => {
  for (const ms of [Number.NaN, Infinity, -Infinity, 9e15, -9e15]) {
    ok(!Number.isNaN(Date.parse(iso(ms))), String(ms));
  }
  const deferred = event("PublishDeferred", { postId: "a", attempt: 1, until: 9e15, reason: "later" });
  const [row] = tablesOf([...at("attempting"), deferred]).rows<DueRow>("due");
  strictEqual(row?.at, "9999-12-31T00:00:00.000Z");
});

Deno.test("projections, events about rows that do not exist: nothing is made and nothing thrown", () => {
  const tables = new Tables();
  Object.values(stages()).flat().filter(({ type }) => type !== "CompositionRequested").forEach((
    { type, data },
    index,
  ) => tables.apply(stored({ id: `e${index}`, type, version: index + 1, by: "b", data, atMs: NOW })));
  deepStrictEqual(tables.rows("post"), []);
  tables.apply(
    stored({
      id: "e",
      type: "ConnectionLost",
      version: 1,
      by: "b",
      data: { connectionId: "c", reason: "r" },
      atMs: NOW,
    }),
  );
  deepStrictEqual(tables.rows("connection"), []);
});

Deno.test("projections, a second intent after a post was held back: its attempts are counted from the start", () => {
  const held = event("PostHeldBack", { postId: "a", reason: "r", verdicts: [] });
  const again = stages().publishing.slice(-2);
  const tables = tablesOf([created, linkedTo(SANDBOX), ...stages().attempting, held, ...again]);
  strictEqual(tables.rows<PostRow>("post")[0]?.attempts, 0);
});

Deno.test("due, more posts in a week than the state keeps: it has what the state wants, and nothing for ever", () => {
  let state = folded([]);
  const tables = new Tables();
  const commit = (events: PersonaEvent[]) => {
    for (const { type, data } of events) {
      const version = state.version + 1;
      tables.apply(stored({ id: `e${version}`, type, version, by: "user:ann", data, atMs: NOW }));
    }
    state = folded(events, state);
  };
  commit([created, linkedTo(SANDBOX)]);
  const give = (command: Command) => {
    const decision = decide(state, command, testContext());
    if ("refused" in decision) throw new Error(`${command.type}: ${decision.refused.message}`);
    commit(decision.events);
  };
  const posts = MEASURED_POSTS + FINISHED_POSTS + 30;
  for (let n = 0; n < posts; n++) {
    const postId = `p${n}`;
    give({ type: "write", platform: "sandbox", parts: [{ text: `Number ${n}.` }], postId });
    const contentHash = state.posts[postId]?.contentHash ?? "";
    give({ type: "approve", postId, contentHash, then: { kind: "publish" } });
    give({ type: "begin_attempt", postId });
    const sent = [{ id: postId, url: `https://sandbox.example/${n}` }];
    give({ type: "outcome", postId, attempt: 1, outcome: { kind: "sent", sent } });
    // The oldest waits to be deleted all the while.
    if (n === 0) give({ type: "delete_post", postId });
  }
  const wanted = wantedEffects(state);
  deepStrictEqual(
    tables.rows<DueRow>("due").map((row) => `${row.reason} ${row.ref}`).sort(),
    wanted.map(({ kind, postId }) => `${kind} ${postId}`).sort(),
  );
  strictEqual(wanted.filter(({ kind }) => kind === "measure").length, MEASURED_POSTS + 1);
  deepStrictEqual(wanted.filter(({ kind }) => kind === "remove").map(({ postId }) => postId), ["p0"]);
  ok(Object.keys(state.posts).length <= MEASURED_POSTS + FINISHED_POSTS + 1);
});

Deno.test("lives by chance: everything that can happen to a persona happens in some", () => {
  const counts = new Map<string, number>();
  always((_state, tables) => void tables, (type) => counts.set(type, (counts.get(type) ?? 0) + 1));
  // Written by the supervisor alone.
  const apart = new Set(["ActorParked", "ActorUnparked"]);
  const missing = EVENT_TYPES.filter((type) => !apart.has(type) && !counts.has(type));
  deepStrictEqual(missing, [], JSON.stringify(Object.fromEntries(counts)));
});

Deno.test("connections, unlinked while it was to be checked: nobody waits for that any more", () => {
  const { connectionId } = SANDBOX;
  const asked = [created, linkedTo(SANDBOX), event("ConnectionCheckRequested", { connectionId })];
  const checking = (events: PersonaEvent[]) =>
    tablesOf(events).rows<ConnectionRow>("connection")[0]?.checking;
  strictEqual(checking(asked), true);
  strictEqual(checking([...asked, event("ConnectionUnlinked", { connectionId })]), false);
});
