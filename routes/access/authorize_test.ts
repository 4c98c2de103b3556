import assert from "node:assert/strict";
import fc from "fast-check";
import {
  type Action,
  ACTIONS,
  type ApprovalFacts,
  authorize,
  byOf,
  type Principal,
  type Scope,
  SCOPES,
} from "./authorize.ts";

const owner: Principal = { kind: "user", id: "u1", name: "Ada", role: "owner" };
const admin: Principal = { kind: "admin_token" };
const anonymous: Principal = { kind: "anonymous" };
const real: ApprovalFacts = { platformIsReal: true, platform: "bluesky" };
const sandbox: ApprovalFacts = { platformIsReal: false, platform: "sandbox" };
const linkedin: ApprovalFacts = { platformIsReal: true, platform: "linkedin" };

function token(...scopes: Scope[]): Principal {
  return { kind: "token", id: "t1", name: "cron", scopes, userId: null };
}

function may(principal: Principal, action: Action, facts?: ApprovalFacts): boolean {
  return authorize(principal, action, null, facts).allowed;
}

Deno.test("anonymous: everything but what is public is 401", () => {
  for (const action of ACTIONS) {
    const decision = authorize(anonymous, action, null);
    assert.equal(decision.allowed, action === "public", action);
    if (!decision.allowed) assert.equal(decision.status, 401);
  }
});

Deno.test("an owner in a session: may do everything", () => {
  for (const action of ACTIONS) assert.ok(may(owner, action, real), action);
});

Deno.test("a token without a scope: reaches only what is open to any token, and gets 403", () => {
  const allowed = ACTIONS.filter((action) => may(token(), action, sandbox));
  assert.deepEqual(allowed, ["public", "openapi.read"]);
  const decision = authorize(token(), "persona.list", null);
  assert.ok(!decision.allowed && decision.status === 403 && decision.reason.includes("`read`"));
});

Deno.test("scopes: each gives exactly its own actions", () => {
  const of = (scope: Scope) =>
    ACTIONS.filter((action) => may(token(scope), action, sandbox) && !may(token(), action, sandbox));
  assert.deepEqual(of("read"), [
    "persona.list",
    "persona.read",
    "events.read",
    "live.read",
    "runtime.read",
    "settings.read",
  ]);
  assert.deepEqual(of("write"), [
    "persona.create",
    "persona.import",
    "persona.edit",
    "persona.delete",
    "persona.command",
    "persona.connect",
    "posting.stop",
  ]);
  assert.deepEqual(of("approve"), ["persona.approve", "sandbox.approve"]);
  assert.deepEqual(of("metrics"), ["metrics.read"]);
  assert.deepEqual(of("approve:real"), []);
});

Deno.test("approval by a token: real accounts need approve:real as well", () => {
  assert.ok(may(token("approve"), "persona.approve", sandbox));
  assert.ok(!may(token("approve"), "persona.approve", real));
  assert.ok(!may(token("approve:real"), "persona.approve", real));
  assert.ok(may(token("approve", "approve:real"), "persona.approve", real));
});

Deno.test("approval by a token: what is not known to be the sandbox counts as real", () => {
  assert.ok(!may(token("approve"), "persona.approve"));
  assert.ok(!may(admin, "persona.approve"));
  assert.ok(!may(admin, "persona.approve", { platformIsReal: false, platform: "linkedin" }));
});

Deno.test("approval on LinkedIn: never by any token", () => {
  assert.ok(!may(token(...SCOPES), "persona.approve", linkedin));
  assert.ok(!may(admin, "persona.approve", linkedin));
  assert.ok(may(owner, "persona.approve", linkedin));
});

Deno.test("ADMIN_TOKEN: every right but those of a person, and approves on the sandbox only", () => {
  const refusedActions = ACTIONS.filter((action) => !may(admin, action, sandbox));
  assert.deepEqual(refusedActions, ["posting.lift", "tokens.grant_real_approval", "account.edit"]);
  assert.ok(may(admin, "persona.approve", sandbox));
  assert.ok(!may(admin, "persona.approve", real));
});

Deno.test("lifting Stop all posting: no set of scopes is enough, on any facts", () => {
  fc.assert(fc.property(fc.subarray([...SCOPES]), fc.boolean(), (scopes, platformIsReal) => {
    assert.ok(!may(token(...scopes), "posting.lift", { platformIsReal }));
  }));
});

Deno.test("scopes: one more never takes a right away", () => {
  const facts = fc.constantFrom(real, sandbox, linkedin, {});
  fc.assert(
    fc.property(
      fc.subarray([...SCOPES]),
      fc.constantFrom(...SCOPES),
      fc.constantFrom(...ACTIONS),
      facts,
      (s, more, a, f) => {
        if (may(token(...s), a, f)) assert.ok(may(token(...s, more), a, f));
      },
    ),
  );
});

Deno.test("byOf: names who gave a command, and throws for nobody", () => {
  assert.equal(byOf(owner), "user:u1");
  assert.equal(byOf(token()), "token:t1");
  assert.equal(byOf(admin), "admin-token");
  assert.throws(() => byOf(anonymous));
});
