import assert from "node:assert/strict";
import { testOn } from "../tests/database.ts";
import { OAUTH_STATE_MS, type OAuthEntry, openOAuthStates } from "./oauth_state.ts";
import { importKey } from "./vault/vault.ts";

const NOW = Date.UTC(2026, 10, 22, 12);
const newKey = () => importKey(crypto.getRandomValues(new Uint8Array(32)).toBase64(), "the key of this test");

testOn(
  "embedded",
  "oauth states: one caller gets each once, within ten minutes, in its own session",
  async ({ sql }) => {
    const states = openOAuthStates(sql, await newKey());
    const entry: OAuthEntry = { stage: "asked", secret: "state-1", sessionKey: "session-a" };
    await states.keep(entry, "verifier", NOW);
    assert.equal(await states.take({ ...entry, stage: "answered" }, NOW), null, "another stage");
    const taken = await Promise.all(Array.from({ length: 8 }, () => states.take(entry, NOW)));
    assert.deepEqual(taken.filter((one) => one !== null), ["verifier"]);

    await states.keep(entry, "verifier", NOW);
    assert.equal(await states.take(entry, NOW + OAUTH_STATE_MS), null, "ten minutes are over");
    assert.equal(await states.take(entry, NOW), null, "what came too late is used up too");

    await states.keep(entry, "verifier", NOW);
    assert.equal(await states.look({ ...entry, sessionKey: "session-b" }, NOW), null);
    assert.equal(await states.look(entry, NOW), "verifier", "looking uses nothing up");
    assert.equal(await states.take({ ...entry, sessionKey: "session-b" }, NOW), null, "another session");
    assert.equal(await states.take(entry, NOW), null, "and it is gone for its own session as well");
  },
);

testOn(
  "embedded",
  "oauth states: rows hold neither state nor value, and open under no other name",
  async ({ sql }) => {
    const key = await newKey();
    const states = openOAuthStates(sql, key);
    const entry: OAuthEntry = { stage: "asked", secret: "state-in-plain-words", sessionKey: "session-a" };
    await states.keep(entry, "a verifier in plain words", NOW);
    const [row] = await sql.query<{ text: string; ciphertext: Uint8Array }>(
      "select s::text as text, ciphertext from oauth_state s",
    );
    assert.ok(row !== undefined);
    assert.doesNotMatch(row.text + new TextDecoder().decode(row.ciphertext), /plain/);
    await sql.query("update oauth_state set session_key = 'session-b'");
    await assert.rejects(states.take({ ...entry, sessionKey: "session-b" }, NOW), /does not open/);
  },
);

testOn(
  "embedded",
  "oauth states: a session has twenty at most, and what is over goes with the next",
  async ({ sql }) => {
    const states = openOAuthStates(sql, await newKey());
    const count = async () =>
      Number((await sql.query<{ n: number }>("select count(*) as n from oauth_state"))[0]?.n);
    const name = (index: number): OAuthEntry => ({
      stage: "asked",
      secret: `state-${index}`,
      sessionKey: "session-a",
    });
    for (let index = 0; index < 25; index++) await states.keep(name(index), "v", NOW + index);
    assert.equal(await count(), 20);
    assert.equal(await states.look(name(4), NOW + 25), null);
    assert.equal(await states.look(name(24), NOW + 25), "v");
    await states.keep({ ...name(99), sessionKey: "session-b" }, "v", NOW + 2 * OAUTH_STATE_MS);
    assert.equal(await count(), 1);
  },
);
