import assert from "node:assert/strict";
import type { Fault } from "../../../../tests/bluesky_network/fault_proxy.ts";
import type { AdapterContext, Outcome } from "../port.ts";
import { createBlueskyAdapter } from "./adapter.ts";
import { link, payload, type Steps } from "./testing.ts";

const PUT = "com.atproto.repo.putRecord";
const EXPIRED: Fault = { kind: "answer", when: "before", status: 400, body: { error: "ExpiredToken" } };
const UNAUTHORIZED: Fault = {
  kind: "answer",
  when: "before",
  status: 401,
  body: { error: "AuthenticationRequired" },
};

/** Sessions: how they are renewed, and what never replaces them. */
export const sessionSteps: Steps = {
  "session: an expired access token is renewed once for all calls, and kept before it is used": async (
    world,
    linked,
  ) => {
    for (let call = 0; call < 5; call++) world.proxy.inject(PUT, EXPIRED);
    const renewals = () => world.proxy.count("com.atproto.server.refreshSession").received;
    const [before, puts] = [renewals(), world.proxy.count(PUT).forwarded];
    const kept: string[] = [];
    const context: AdapterContext = {
      ...linked,
      keepSecret: (value) => {
        assert.equal(world.proxy.count(PUT).forwarded, puts, "kept before it is used");
        kept.push(value);
        return Promise.resolve();
      },
    };
    const adapter = createBlueskyAdapter();
    const posts = [1, 2, 3, 4, 5].map((n) => adapter.publish(context, payload(`renewed ${n}`), []));
    for (const outcome of await Promise.all(posts)) assert.equal(outcome.kind, "sent");
    assert.equal(renewals(), before + 1);
    assert.equal(kept.length, 1);
    const [old, fresh] = [JSON.parse(linked.secret), JSON.parse(kept[0]!)];
    assert.equal(fresh.password, old.password);
    assert.notEqual(fresh.session.refreshJwt, old.session.refreshJwt);
    assert.equal(
      (await adapter.publish({ ...context, secret: kept[0]! }, payload("renewed 6"), [])).kind,
      "sent",
    );
    assert.equal(renewals(), before + 1);
  },

  "session: a renewed token that could not be kept is not used": async (world, linked) => {
    world.proxy.inject(PUT, EXPIRED);
    const puts = world.proxy.count(PUT).received;
    const context = { ...linked, keepSecret: () => Promise.reject(new Error("vault is down")) };
    const outcome = await createBlueskyAdapter().publish(context, payload("not kept"), []);
    assert.equal(outcome.kind, "not_sent");
    assert.equal(world.proxy.count(PUT).received, puts + 1);
  },

  "session: a dead refresh token falls back to the password, once": async (world) => {
    const own = await link(world.network, world, world.proxy.url);
    const secret = JSON.parse(own.secret);
    secret.session = { accessJwt: "x.y.z", refreshJwt: "x.y.z" };
    const signIns = () => world.proxy.count("com.atproto.server.createSession").received;
    const before = signIns();
    const context = { ...own, secret: JSON.stringify(secret) };
    assert.equal(
      (await createBlueskyAdapter().publish(context, payload("signed in again"), [])).kind,
      "sent",
    );
    assert.equal(signIns(), before + 1);
    assert.equal(own.kept.length, 1);
  },

  "session: a changed password is auth_dead, and nothing is kept": async (world) => {
    const own = await link(world.network, world, world.proxy.url);
    const secret = {
      ...JSON.parse(own.secret),
      password: "another",
      session: { accessJwt: "x.y.z", refreshJwt: "x.y.z" },
    };
    const outcome = await createBlueskyAdapter().publish(
      { ...own, secret: JSON.stringify(secret) },
      payload("no"),
      [],
    );
    assert.equal(outcome.kind, "auth_dead");
    assert.equal(JSON.stringify(outcome).includes("another"), false);
    assert.deepEqual(own.kept, []);
  },

  "session: empty tokens, another account, or no answer at renewal never replace the secret": async (
    world,
  ) => {
    const REFRESH = "com.atproto.server.refreshSession";
    const session = { accessJwt: "a.b.c", refreshJwt: "d.e.f", did: "did:plc:somebodyelse" };
    const answers: [Fault, Outcome["kind"]][] = [
      [{ kind: "answer", when: "before", status: 200, body: { ...session, accessJwt: "" } }, "not_sent"],
      [{ kind: "answer", when: "before", status: 200, body: session }, "auth_dead"],
      [{ kind: "drop", when: "after" }, "not_sent"],
      [{ kind: "answer", when: "before", status: 429 }, "rate_limited"],
    ];
    for (const [fault, kind] of answers) {
      const own = await link(world.network, world, world.proxy.url);
      world.proxy.inject(PUT, UNAUTHORIZED);
      world.proxy.inject(REFRESH, fault);
      assert.equal((await createBlueskyAdapter().publish(own, payload("no"), [])).kind, kind);
      assert.deepEqual(own.kept, []);
    }
  },
};
