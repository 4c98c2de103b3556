/** Connecting X as a person does, through the real routes and against the stand-in. */
import assert from "node:assert/strict";
import { connectionSecret } from "../actors/persona/platforms/registry.ts";
import { Browser, STANDING, testConnecting, type World } from "./connecting.ts";
import { Scan } from "./secrets/scan.ts";
import { until } from "./started_program.ts";
import { admin, ORIGIN } from "./whole_app.ts";

const OVER = "/connections/not-connected";

/** Fills in the form and goes to X; the address of the consent page. */
async function begin({ ann, x }: World, personaId: string, fields: Record<string, string> = {}) {
  const asked = await ann.post(`/personas/${personaId}/connections/x`, {
    ...STANDING,
    way: "leave",
    clientId: x.app.clientId,
    clientSecret: x.app.clientSecret,
    ...fields,
  });
  assert.equal(asked.status, 200, asked.text);
  return new URL(asked.to);
}

/** What the person does at X; where the browser is sent then. */
const agree = ({ x }: World, consent: URL, username = "marisol_ink") =>
  x.control.decide(consent.href, { approve: true, username });

async function connections({ call }: World, personaId: string) {
  // deno-lint-ignore no-explicit-any
  return (await call("GET", `/api/v1/personas/${personaId}/connections`, admin)).body.items as any[];
}

/** X's price for telling whose an account is. */
const ONE_READ = [{ what: "read", count: 1, microUsd: 10_000 }];

const spentAnywhere = async ({ database }: World) =>
  (await database.sql.query("select connection_id from platform_spend")).length;

const real = async (world: World, personaId: string) =>
  (await connections(world, personaId)).filter((one) => one.platform === "x" && one.linked);

testConnecting(
  "X by leave: shown, confirmed, then kept; looked after on page and API; and no secret is anywhere",
  async (world) => {
    const { ann, x, vault, database, reports, output, call } = world;
    const personaId = await world.createPersona();
    const page = await ann.get(`/personas/${personaId}/connections?connect=x`);
    assert.match(page.text, new RegExp(`${ORIGIN}/oauth/x/callback`), "the address to copy");

    const consent = await begin(world, personaId);
    assert.equal(consent.searchParams.get("redirect_uri"), `${ORIGIN}/oauth/x/callback`);
    const state = consent.searchParams.get("state") ?? "";
    assert.ok(state.length >= 43);
    const [row] = await database.sql.query<{ text: string }>("select s::text as text from oauth_state s");
    assert.ok(row !== undefined && !row.text.includes(state), "the state is kept as a hash");

    const back = agree(world, consent);
    const code = new URL(back).searchParams.get("code") ?? "";
    const answer = await ann.get(back);
    assert.equal(answer.status, 303);
    assert.equal(answer.headers.get("referrer-policy"), "no-referrer");
    assert.match(answer.to, /^\/personas\/[0-9a-f-]{36}\/connections\/confirm\/[\w-]{43}$/);
    assert.deepEqual(await real(world, personaId), [], "nothing is linked before the person says so");

    const offer = await ann.get(answer.to);
    assert.match(offer.text, /Is this the right account\?[\s\S]*@marisol_ink/);
    assert.equal((await (await world.elsewhere()).get(answer.to)).text.includes("@marisol_ink"), false);
    const accountId = x.control.account("marisol_ink").id;
    assert.equal((await ann.post(answer.to, { accountId: "1" })).status, 422, "another account than offered");
    assert.equal(await spentAnywhere(world), 0, "what nobody confirmed is counted nowhere");
    const [first, second] = await Promise.all([
      ann.post(answer.to, { accountId }),
      ann.post(answer.to, { accountId }),
    ]);
    assert.deepEqual([first.status, second.status].sort(), [200, 422], "confirmed once");

    const [linked] = await real(world, personaId);
    assert.deepEqual(
      [linked.handle, linked.accountId, linked.service, linked.disclosure, linked.health],
      ["marisol_ink", accountId, x.origin, "profile_label", "ok"],
    );
    assert.equal(linked.description.promise, "at_most_once");
    assert.equal(linked.description.may.post, true);
    assert.deepEqual(linked.use.spent, ONE_READ, "the account that was read, once");
    assert.match((await ann.get(`/personas/${personaId}/connections`)).text, /\$0\.01/);
    const kept = JSON.parse((await vault.get(connectionSecret(linked.id)))?.value ?? "{}");
    assert.deepEqual([kept.kind, kept.clientId, kept.clientSecret], [
      "oauth2",
      x.app.clientId,
      x.app.clientSecret,
    ]);
    const { body: persona } = await call("GET", `/api/v1/personas/${personaId}`, admin);
    assert.equal(persona.operatedBy, STANDING.operatedBy, "who runs it was said in the form");

    const checked = await ann.post(`/personas/${personaId}/connections/${linked.id}/check`, {});
    assert.equal(checked.status, 200, checked.text);
    // How a call went is written down a moment after it.
    let looked = await ann.get(`/personas/${personaId}/connections`);
    await until("the check to be noted", async () => {
      looked = await ann.get(`/personas/${personaId}/connections`);
      return looked.text.includes("went well");
    });
    for (
      const words of [
        /✓ works/,
        /href="https:\/\/x\.com\/marisol_ink"/,
        /renewed by itself, next in/,
        /at most once, then looked for/,
        /This month/,
        /post with a link/,
        /went well/,
      ]
    ) assert.match(looked.text, words);

    const scan = new Scan({
      state,
      code,
      "client secret": x.app.clientSecret,
      "access token": kept.accessToken,
      "refresh token": kept.refreshToken,
    }, "marisol_ink");
    scan.look("pages", ann.seen.join("\n"));
    scan.look("reports", reports.join("\n"));
    scan.look("output", output.join("\n"));
    const { body: events } = await call("GET", "/api/v1/events?limit=200", admin);
    scan.look("events", JSON.stringify(events));
    for (const table of ["oauth_state", "vault", "event", "connection", "command", "platform_call"]) {
      const rows = await database.sql.query<{ text: string }>(`select t::text as text from ${table} t`);
      scan.look(table, rows.map(({ text }) => text).join("\n"));
    }
    assert.deepEqual(scan.found, []);
    assert.ok(scan.marked.includes("events") && scan.marked.includes("pages"), "there was something to see");
  },
);

testConnecting(
  "X by leave: a state holds once, for ten minutes, for its session and its platform, and for who may still connect",
  async (world) => {
    const { ann, clock, x, access } = world;
    const personaId = await world.createPersona();
    const offered = /\/connections\/confirm\//;
    const tokens = () => x.control.requests().filter(({ operation }) => operation === "token").length;

    // Missing, tampered with, several times, without a session
    const first = agree(world, await begin(world, personaId));
    const without = new URL(first);
    without.searchParams.delete("state");
    assert.equal((await ann.get(without.href)).to, OVER, "missing");
    const tampered = new URL(first);
    tampered.searchParams.set("state", `${tampered.searchParams.get("state")?.slice(0, -1)}_`);
    assert.equal((await ann.get(tampered.href)).to, OVER, "tampered with");
    const twice = new URL(first);
    twice.searchParams.append("state", "another");
    assert.equal((await ann.get(twice.href)).to, OVER, "two of them");
    assert.equal((await new Browser(world.hono, "").get(first)).to, OVER, "logged out");
    const asToken = await world.hono.request(ORIGIN + new URL(first).pathname + new URL(first).search, {
      headers: { host: "127.0.0.1", authorization: `Bearer ${world.tokens.everyScope}` },
    });
    assert.equal(asToken.headers.get("location"), OVER, "a token");
    assert.equal(tokens(), 0, "X was asked nothing");

    // Once
    assert.match((await ann.get(first)).to, offered);
    assert.equal((await ann.get(first)).to, OVER, "again");
    assert.equal(tokens(), 1);

    // With the code of before: X refuses, and the person reads so
    const replay = await begin(world, personaId);
    const stale = new URL(first);
    stale.searchParams.set("state", replay.searchParams.get("state") ?? "");
    const refused = await ann.get(stale.href);
    assert.match((await ann.get(refused.to)).text, /Nothing was connected/);

    // Another session of the same person
    const second = agree(world, await begin(world, personaId));
    assert.equal((await (await world.elsewhere()).get(second)).to, OVER, "another session");
    assert.equal((await ann.get(second)).to, OVER, "and it is spent by that");

    // Another platform's way back
    const third = new URL(agree(world, await begin(world, personaId)));
    third.pathname = "/oauth/linkedin/callback";
    assert.equal((await ann.get(third.href)).to, OVER);

    // A row that was changed: reported without the address, and the code stays out of the browser's history
    const broken = agree(world, await begin(world, personaId));
    await world.database.sql.query("update oauth_state set ciphertext = '\\x00' where stage = 'asked'");
    assert.equal((await ann.get(broken)).to, OVER);
    assert.match(world.reports.join("\n"), /does not open/);
    assert.doesNotMatch(world.reports.join("\n"), /code=|state=/);

    // Too late; and an offer that was left lying
    const fourth = agree(world, await begin(world, personaId));
    clock.ahead = 10 * 60_000;
    assert.equal((await ann.get(fourth)).to, OVER, "ten minutes later");
    const fifth = (await ann.get(agree(world, await begin(world, personaId)))).to;
    clock.ahead += 10 * 60_000;
    const late = await ann.post(fifth, { accountId: x.control.account("marisol_ink").id });
    assert.equal(late.status, 422);
    assert.match(late.text, /ten minutes/);

    // The offer is of one persona
    const other = await world.createPersona();
    const sixth = (await ann.get(agree(world, await begin(world, personaId)))).to;
    const moved = sixth.replace(personaId, other);
    assert.doesNotMatch((await ann.get(moved)).text, /@marisol_ink/);
    assert.equal((await ann.post(moved, { accountId: x.control.account("marisol_ink").id })).status, 422);

    // Leave was not given
    const denied = x.control.decide((await begin(world, personaId)).href, {
      approve: false,
      username: "marisol_ink",
    });
    assert.match((await ann.get((await ann.get(denied)).to)).text, /No leave was given on X/);

    // The session ended while the person was away
    const seventh = agree(world, await begin(world, personaId));
    const [{ id = "" } = {}] = await world.database.sql.query<{ id: string }>("select id from access_user");
    await access.sessions.endAllOf(id, "logged_out");
    assert.equal((await ann.get(seventh)).to, OVER);
    assert.deepEqual(await real(world, personaId), []);
    assert.deepEqual(await real(world, other), []);
  },
);

testConnecting(
  "X by leave: what was not agreed to is said; a dead one is mended under its id; another account takes a yes; one of another persona is refused",
  async (world) => {
    const { ann, x, vault } = world;
    const personaId = await world.createPersona();
    const account = (name: string) => x.control.account(name).id;

    // The first step: who runs it, that it says so, and no real person
    const form = `/personas/${personaId}/connections/x`;
    for (
      const [fields, said] of [
        [{ operatedBy: " " }, /Name who runs this persona/],
        [{ kind: "real_person" }, /real living person/],
        [{ clientId: "" }, /client id of your app/],
      ] as const
    ) {
      const { disclose, ...rest } = STANDING;
      const refused = await ann.post(form, { ...rest, disclose, clientId: x.app.clientId, ...fields });
      assert.equal(refused.status, 422);
      assert.match(refused.text, said);
    }
    const unlabelled = await ann.post(form, { operatedBy: "Fern", kind: "fictional", clientId: "c" });
    assert.match(unlabelled.text, /has to say that a machine writes there/);

    // Pictures and renewal were not agreed to: told, and linked all the same
    const narrow = await begin(world, personaId);
    narrow.searchParams.set("scope", "tweet.read tweet.write users.read");
    const told = (await ann.get(agree(world, narrow))).to;
    assert.match((await ann.get(told)).text, /Not agreed to:[\s\S]*media\.write, offline\.access/);
    assert.equal((await ann.post(told, { accountId: account("marisol_ink") })).status, 200);
    const [before] = await real(world, personaId);
    assert.deepEqual(before.description.missingScopes, ["media.write", "offline.access"]);

    // Nothing but reading: refused
    const readOnly = await begin(world, personaId);
    readOnly.searchParams.set("scope", "tweet.read users.read offline.access");
    const cannot = (await ann.get(agree(world, readOnly))).to;
    assert.match((await ann.get(cannot)).text, /cannot be connected/);
    assert.equal((await ann.post(cannot, { accountId: account("marisol_ink") })).status, 422);

    // Again with everything, the app's secret left empty: the same id, and the secret is still there
    x.control.killTokens("marisol_ink");
    await ann.post(`/personas/${personaId}/connections/${before.id}/check`, {});
    const dead = await ann.get(`/personas/${personaId}/connections`);
    assert.match(dead.text, /Needs attention/);
    const whole = await begin(world, personaId, { clientId: "", clientSecret: "" });
    const mended = (await ann.get(agree(world, whole))).to;
    assert.equal((await ann.post(mended, { accountId: account("marisol_ink") })).status, 200);
    const [after] = await real(world, personaId);
    assert.deepEqual([after.id, after.health, after.description.missingScopes], [before.id, "ok", []]);
    const kept = JSON.parse((await vault.get(connectionSecret(after.id)))?.value ?? "{}");
    assert.equal(kept.clientSecret, x.app.clientSecret);

    // Another account takes the person's yes
    const swap = (await ann.get(agree(world, await begin(world, personaId), "tide_table"))).to;
    assert.match((await ann.get(swap)).text, /take the place of[\s\S]*marisol_ink/);
    const unsaid = await ann.post(swap, { accountId: account("tide_table") });
    assert.equal(unsaid.status, 422);
    assert.equal((await real(world, personaId))[0].handle, "marisol_ink");
    assert.equal((await ann.post(swap, { accountId: account("tide_table"), replace: "on" })).status, 200);
    const [swapped] = await real(world, personaId);
    assert.deepEqual([swapped.id, swapped.handle], [before.id, "tide_table"]);

    // An account of another persona is refused, and what that persona has stays
    const other = await world.createPersona();
    const taken = (await ann.get(agree(world, await begin(world, other), "tide_table"))).to;
    assert.match((await ann.get(taken)).text, /belongs to another persona already/);
    const refused = await ann.post(taken, { accountId: account("tide_table") });
    assert.equal(refused.status, 422);
    assert.match(refused.text, /belongs to another persona already/);
    assert.deepEqual(await real(world, other), []);

    // Disconnected: its credentials are gone
    assert.equal(
      (await ann.post(`/personas/${other}/connections/${swapped.id}/unlink`, {})).status,
      404,
      "another persona's page",
    );
    assert.equal((await ann.post(`/personas/${personaId}/connections/${swapped.id}/unlink`, {})).status, 200);
    assert.equal(await vault.get(connectionSecret(swapped.id)), null);
    const ends = x.control.requests("revoke").map(({ status }) => status);
    assert.deepEqual(ends, [200], "X is told that the leave ends");
  },
);

testConnecting("X by four keys: in the console after a look, by the API with the handle", async (world) => {
  const { ann, x, call, vault } = world;
  const personaId = await world.createPersona();
  const keys = x.control.userKeys("marisol_ink");
  const form = `/personas/${personaId}/connections/x`;

  const wrong = await ann.post(form, { ...STANDING, way: "keys", ...keys, accessSecret: "not-the-secret" });
  assert.equal(wrong.status, 422, wrong.text);
  assert.doesNotMatch(wrong.text, new RegExp(keys.accessToken));
  const missing = await ann.post(form, { ...STANDING, way: "keys", ...keys, consumerSecret: "" });
  assert.match(missing.text, /Give all four keys/);
  const offered = await ann.post(form, { ...STANDING, way: "keys", ...keys });
  assert.equal(offered.status, 200, offered.text);
  assert.deepEqual(await real(world, personaId), []);
  assert.match((await ann.get(offered.to)).text, /@marisol_ink/);
  const accountId = x.control.account("marisol_ink").id;
  assert.equal((await ann.post(offered.to, { accountId })).status, 200);
  const [linked] = await real(world, personaId);
  assert.equal(linked.description.may.post, null, "keys do not say what they are good for");
  const before = (await vault.get(connectionSecret(linked.id)))?.value;

  // By the API: another persona, another account
  const other = await world.createPersona();
  const path = `/api/v1/personas/${other}/connections`;
  const theirs = { platform: "x", ...x.control.userKeys("tide_table"), disclose: true };
  const attempt = async (body: Record<string, unknown>) => {
    const answer = await call("POST", path, admin, body);
    return [answer.status, answer.body.code, answer.body.field];
  };
  assert.deepEqual(await attempt(theirs), [422, "operator_unnamed", "operatedBy"]);
  const named = { ...theirs, operatedBy: "Fern", kind: "own" };
  assert.deepEqual(await attempt({ ...named, disclose: false }), [422, "disclosure_missing", "disclose"]);
  assert.deepEqual((await attempt({ ...named, kind: "real_person" }))[0], 400);
  assert.deepEqual(await attempt({ ...named, handle: "marisol_ink" }), [422, "invalid", "handle"]);
  assert.deepEqual((await attempt({ ...named, ...keys }))[1], "connection_in_use");
  assert.deepEqual((await attempt({ platform: "linkedin" }))[0], 400);
  const spentBefore = await spentAnywhere(world);
  const made = await call("POST", path, admin, { ...named, handle: "@Tide_Table" });
  assert.deepEqual([made.status, made.body.handle], [201, "tide_table"], JSON.stringify(made.body));
  assert.deepEqual([spentBefore, (await real(world, other))[0].use.spent], [1, ONE_READ]);
  const persona = (await call("GET", `/api/v1/personas/${other}`, admin)).body;
  assert.deepEqual([persona.operatedBy, persona.kind], ["Fern", "own"]);

  // A failed link leaves what was there
  const third = await call("POST", path, admin, { ...named, ...keys, replace: true });
  assert.equal(third.body.code, "connection_in_use");
  assert.equal((await vault.get(connectionSecret(linked.id)))?.value, before);
  assert.equal(
    (await call("POST", `/api/v1/personas/${personaId}/commands`, admin, { type: "retire" })).status,
    200,
  );
  const late = await call("POST", `/api/v1/personas/${personaId}/connections`, admin, {
    platform: "x",
    ...x.control.userKeys("marisol_ink"),
    disclose: true,
  });
  assert.equal(late.body.code, "persona_retired", JSON.stringify(late.body));
  assert.equal((await vault.get(connectionSecret(linked.id)))?.value, before);
});

testConnecting(
  "behind a proxy the way back is PUBLIC_URL's, and the settings' app needs no typing",
  async (world) => {
    const { ann, x } = world;
    const personaId = await world.createPersona();
    const page = await ann.get(`/personas/${personaId}/connections?connect=x`);
    assert.match(page.text, /https:\/\/personas\.example\.org\/oauth\/x\/callback/);
    const consent = await begin(world, personaId, { clientId: "", clientSecret: "" });
    assert.equal(
      consent.searchParams.get("redirect_uri"),
      "https://personas.example.org/oauth/x/callback",
    );
    assert.equal(consent.searchParams.get("client_id"), x.app.clientId);
    const offer = (await ann.get(agree(world, consent))).to;
    assert.equal((await ann.post(offer, { accountId: x.control.account("marisol_ink").id })).status, 200);
    assert.equal((await real(world, personaId)).length, 1);
  },
  { publicUrl: "https://personas.example.org", appsInSettings: true },
);
