/** The tables tell the same story as the state of the actor, after every event of any life. */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { wantedEffects } from "../../actors/persona/effects/runner.ts";
import { event, type EventData, type PersonaEvent } from "../../actors/persona/events.ts";
import { live, RUNS, stepsArbitrary, type TimedFact } from "../../actors/persona/random_life.ts";
import type { PersonaState } from "../../actors/persona/state.ts";
import { fullText } from "../../actors/persona/content.ts";
import {
  APPROVED_UNTIL,
  at,
  BLUESKY,
  created,
  draft,
  linkedTo,
  NOW,
  SANDBOX,
  SLOT,
  stages,
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
function always(compare: (state: PersonaState, tables: Tables, now: number) => void): void {
  fc.assert(
    fc.property(stepsArbitrary, (steps) => {
      const tables = new Tables();
      live(steps, ({ after, fact, now }) => {
        tables.apply(stored(fact));
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
      strictEqual(row.published_at !== null, post.status === "published");
    }
  });
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
      tables.rows<ConnectionRow>("connection").map((row) => [row.id, row.linked, row.health, row.account_id]),
      Object.values(state.connections).map((
        one,
      ) => [one.connectionId, one.linked, one.health, one.accountId]),
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
    const rows = tables.rows<DueRow>("due");
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
      if (["withdrawn", "rejected", "failed"].includes(post.status) || post.content === null) {
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
