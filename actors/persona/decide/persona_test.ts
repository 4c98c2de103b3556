import { BLUESKY, created, given, IDENTITY, linkedTo, SANDBOX, stages } from "../testing.ts";
import { event } from "../events.ts";
import type { ConnectionInfo } from "../events.ts";
import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { wantedEffects } from "../effects/runner.ts";

const imported = (paused: boolean) =>
  event("PersonaCreated", { identity: IDENTITY, origin: "import", format: "eliza", paused });

Deno.test("create, a new persona: it is active, an imported one may begin paused", () => {
  given().when({ type: "create", identity: IDENTITY, origin: "form" }).then(created);
  const state = given().when({
    type: "create",
    identity: IDENTITY,
    origin: "import",
    format: "eliza",
    paused: true,
  })
    .then(imported(true));
  strictEqual(state.life, "paused");
  for (const end of [[], [event("PersonaPaused", {})]]) {
    given(created, ...end).when({ type: "create", identity: IDENTITY, origin: "form" }).refused("exists");
  }
  given(created, event("PersonaRetired", {})).when({ type: "create", identity: IDENTITY, origin: "form" })
    .refused("persona_retired");
});

Deno.test("edit, only what changes is written; nothing is refused", () => {
  const asked = given(created).when({
    type: "edit",
    changes: { name: "Ada Fern", tone: ["dry"], purpose: undefined },
  });
  const state = asked.then(event("PersonaEdited", { changes: { tone: ["dry"] } }));
  deepStrictEqual(state.identity, { ...IDENTITY, tone: ["dry"] });
  given(created).when({ type: "edit", changes: { name: "Ada Fern" } }).refused("nothing_changed");
  given(created).when({ type: "edit", changes: {} }).refused("nothing_changed");
});

Deno.test("edit, a persona with a real account: who runs it stays named and it is nobody who lives", () => {
  const real = given(created, linkedTo(BLUESKY));
  real.when({ type: "edit", changes: { operatedBy: " " } }).refused("operator_unnamed", "operatedBy");
  real.when({ type: "edit", changes: { kind: "real_person" } }).refused("real_person", "kind");
  given(created, linkedTo(SANDBOX)).when({ type: "edit", changes: { operatedBy: "" } })
    .then(event("PersonaEdited", { changes: { operatedBy: "" } }));
});

Deno.test("edit, the persona of a real living person: it stays one", () => {
  const identity = { ...IDENTITY, kind: "real_person" as const };
  given(event("PersonaCreated", { identity, origin: "import", format: null, paused: true }))
    .when({ type: "edit", changes: { kind: "fictional" } }).refused("real_person", "kind");
});

Deno.test("pause and resume, each only from the other", () => {
  given(created).when({ type: "pause" }).then(event("PersonaPaused", {}));
  given(created).when({ type: "resume" }).refused("wrong_status");
  const paused = given(created, event("PersonaPaused", {}));
  paused.when({ type: "resume" }).then(event("PersonaResumed", {}));
  paused.when({ type: "pause" }).refused("wrong_status");
  given(created, event("PersonaRetired", {})).when({ type: "resume" }).refused("persona_retired");
});

Deno.test("link, a real account: who runs the persona and that it is a machine must be said", () => {
  given(created).when({ type: "link", connection: BLUESKY }).then(linkedTo(BLUESKY));
  given(created).when({ type: "link", connection: { ...BLUESKY, disclosure: "none" } }).refused(
    "disclosure_missing",
  );
  const unnamed = event("PersonaEdited", { changes: { operatedBy: "  " } });
  given(created, unnamed).when({ type: "link", connection: BLUESKY }).refused(
    "operator_unnamed",
    "operatedBy",
  );
  given(created, unnamed).when({ type: "link", connection: SANDBOX }).then(linkedTo(SANDBOX));
  const identity = { ...IDENTITY, kind: "real_person" as const };
  given(event("PersonaCreated", { identity, origin: "import", format: null, paused: false }))
    .when({ type: "link", connection: BLUESKY }).refused("real_person");
});

Deno.test("link, one account of each platform", () => {
  const second: ConnectionInfo = { ...SANDBOX, connectionId: "c-2", accountId: "account-2" };
  given(created, linkedTo(SANDBOX)).when({ type: "link", connection: second }).refused("connection_in_use");
  given(created, linkedTo(SANDBOX), event("ConnectionUnlinked", { connectionId: SANDBOX.connectionId }))
    .when({ type: "link", connection: second }).then(linkedTo(second));
});

for (const platform of [SANDBOX, BLUESKY]) {
  const other: ConnectionInfo = { ...platform, accountId: "other", handle: "other" };
  const heldBack = event("PostHeldBack", {
    postId: "a",
    reason: "The connection leads to another account now.",
    verdicts: given(created, linkedTo(platform), ...stages(platform).approved).state.posts.a?.verdicts ?? [],
  });

  Deno.test(`link, another ${platform.platform} account: approvals and what waits to be sent are void`, () => {
    for (const stage of ["approved", "scheduled", "publishing"] as const) {
      const state = given(created, linkedTo(platform), ...stages(platform)[stage])
        .when({ type: "link", connection: other }).then(linkedTo(other), heldBack);
      strictEqual(state.posts.a?.status, "pending_review");
      strictEqual(state.posts.a?.approval, null);
      deepStrictEqual(wantedEffects(state), []);
    }
  });

  Deno.test(`link, another ${platform.platform} account: what may be out is left to its outcome and never sent there`, () => {
    for (const stage of ["attempting", "uncertain"] as const) {
      given(created, linkedTo(platform), ...stages(platform)[stage])
        .when({ type: "link", connection: other }).then(linkedTo(other));
    }
    const doubtful = given(created, linkedTo(platform), ...stages(platform).uncertain, linkedTo(other));
    deepStrictEqual(wantedEffects(doubtful.state), [], "it cannot be looked for on another account");
    const absent = event("PublishFoundAbsent", { postId: "a", attempt: 1 });
    doubtful.when({ type: "resolve", postId: "a", outcome: "did_not" }).then(absent, heldBack);
    const late = given(created, linkedTo(platform), ...stages(platform).attempting, linkedTo(other));
    const deferred = event("PublishDeferred", { postId: "a", attempt: 1, until: 0, reason: "r" });
    const { decision } = late.when({
      type: "outcome",
      postId: "a",
      attempt: 1,
      outcome: { kind: "not_sent", reason: "r" },
    });
    if ("refused" in decision) throw new Error(decision.refused.message);
    deepStrictEqual(decision.events.map(({ type }) => type), [deferred.type, heldBack.type]);
  });

  Deno.test(`link, the same ${platform.platform} account again: approvals hold, what waited goes on`, () => {
    given(created, linkedTo(platform), ...stages(platform).approved)
      .when({ type: "link", connection: platform }).then(linkedTo(platform));
  });
}

Deno.test("link, another account: where the last poll ended is forgotten, for the same one it is kept", () => {
  const polled = event("PollCompleted", { connectionId: SANDBOX.connectionId, cursor: "12" });
  const again = given(created, linkedTo(SANDBOX), polled, linkedTo(SANDBOX));
  strictEqual(again.state.connections[SANDBOX.connectionId]?.cursor, "12");
  const other = given(created, linkedTo(SANDBOX), polled, linkedTo({ ...SANDBOX, accountId: "other" }));
  strictEqual(other.state.connections[SANDBOX.connectionId]?.cursor, null);
});

Deno.test("unlink, a linked connection only, also of a retired persona", () => {
  const command = { type: "unlink" as const, connectionId: SANDBOX.connectionId };
  const unlinked = event("ConnectionUnlinked", { connectionId: SANDBOX.connectionId });
  given(created, linkedTo(SANDBOX)).when(command).then(unlinked);
  given(created, linkedTo(SANDBOX), event("PersonaRetired", {})).when(command).then(unlinked);
  given(created, linkedTo(SANDBOX), unlinked).when(command).refused("no_connection");
  given(created).when({ ...command, connectionId: "constructor" }).refused("no_connection");
});

const withdrawn = event("PostWithdrawn", { postId: "a" });
const WAITING = [
  "asked",
  "writing",
  "not_written",
  "draft",
  "pending_review",
  "approved",
  "scheduled",
  "publishing",
  "expired",
] as const;

Deno.test("retire, what has not gone out is withdrawn, what may be on its way is left to its outcome", () => {
  const retired = event("PersonaRetired", {});
  for (const stage of WAITING) {
    given(created, linkedTo(SANDBOX), ...stages()[stage]).when({ type: "retire" }).then(withdrawn, retired);
  }
  for (const stage of ["attempting", "uncertain", "published", "rejected", "failed", "withdrawn"] as const) {
    given(created, linkedTo(SANDBOX), ...stages()[stage]).when({ type: "retire" }).then(retired);
  }
  given(created, event("PersonaPaused", {})).when({ type: "retire" }).then(retired);
});

Deno.test("retire, an attempt that turns out not to have left: the post is withdrawn, not tried again", () => {
  const asked = given(created, linkedTo(SANDBOX), ...stages().attempting, event("PersonaRetired", {})).when({
    type: "outcome",
    postId: "a",
    attempt: 1,
    outcome: { kind: "not_sent", reason: "refused" },
  });
  const until = Date.UTC(2026, 10, 22, 9, 0, 1);
  const state = asked.then(
    event("PublishDeferred", { postId: "a", attempt: 1, until, reason: "refused" }),
    withdrawn,
  );
  deepStrictEqual(wantedEffects(state), []);
});

Deno.test("delete, not while a post may be on its way; else everything ends", () => {
  for (const stage of ["attempting", "uncertain"] as const) {
    given(created, linkedTo(SANDBOX), ...stages()[stage]).when({ type: "delete" }).refused("wrong_status");
  }
  const rest = [
    event("ConnectionUnlinked", { connectionId: SANDBOX.connectionId }),
    event("PersonaDeleted", {}),
  ];
  for (const stage of WAITING) {
    given(created, linkedTo(SANDBOX), ...stages()[stage]).when({ type: "delete" }).then(withdrawn, ...rest);
  }
  given(created, linkedTo(SANDBOX), ...stages().published, event("PersonaRetired", {}))
    .when({ type: "delete" }).then(...rest);
});
