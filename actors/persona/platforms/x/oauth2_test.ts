import assert from "node:assert/strict";
import { base64Url, challengeOf, consentUrl, exchangeCode, renew, revoke } from "./oauth2.ts";
import type { Grant } from "./secret.ts";
import { NOON, withX } from "./testing.ts";

const redirectUri = "http://127.0.0.1:8000/callback";
const verifier = "v".repeat(43);
const signal = new AbortController().signal;

Deno.test("a challenge is the one of RFC 7636, and what is no verifier has none", async () => {
  assert.equal(
    await challengeOf("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"),
    "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
  );
  await assert.rejects(challengeOf("short"), RangeError);
  assert.match(base64Url(crypto.getRandomValues(new Uint8Array(32))), /^[\w-]{43}$/);
});

Deno.test("a person agrees, the code becomes a grant once, the grant renews and ends", async () => {
  await withX(async ({ x, now }) => {
    const { clientId, clientSecret } = x.app;
    const app = { clientId, clientSecret };
    const options = { service: x.origin, now, signal };
    const consent = await consentUrl({ clientId, redirectUri, state: "s1", verifier }, x.authorizeUrl);
    const back = new URL(x.control.decide(consent, { approve: true, username: "marisol_ink" }));
    assert.equal(back.searchParams.get("state"), "s1");
    const code = back.searchParams.get("code") ?? "";

    const wrong = await exchangeCode(app, { code, redirectUri, verifier: "w".repeat(43) }, options);
    assert.equal(wrong.kind, "rejected");
    assert.ok(!JSON.stringify(wrong).includes(code));
    const granted = await exchangeCode(app, { code, redirectUri, verifier }, options);
    assert.ok(granted.kind === "granted");
    assert.equal(granted.grant.expiresAt, NOON + 7_200_000);
    assert.equal((await exchangeCode(app, { code, redirectUri, verifier }, options)).kind, "rejected");

    const renewed = await renew(granted.grant, options);
    assert.ok(renewed.kind === "granted");
    assert.notEqual(renewed.grant.refreshToken, granted.grant.refreshToken);
    assert.equal(
      (await renew(granted.grant, options)).kind,
      "auth_dead",
      "a refresh token is good for one use",
    );
    assert.equal(await revoke(renewed.grant, options), null);
    assert.equal((await renew(renewed.grant, options)).kind, "auth_dead");
    assert.equal(await revoke(renewed.grant, options), null);
  });
});

Deno.test("a wrong app is told apart from a dead grant, and X that breaks from both", async () => {
  await withX(async ({ x, now }) => {
    const options = { service: x.origin, now, signal };
    const app = { clientId: x.app.clientId, clientSecret: "wrong" };
    const refused = await exchangeCode(app, { code: "c", redirectUri, verifier }, options);
    assert.ok(refused.kind === "auth_dead");
    assert.match(refused.reason, /client id and secret/);
    const grant = { ...x.app, ...x.control.grant("marisol_ink") };
    for (const fault of ["html_502_before", "no_id", "half_body", "empty_2xx"] as const) {
      x.control.fault(fault, { operation: "token" });
      assert.equal((await renew(grant, options)).kind, "uncertain", fault);
    }
    x.control.fault("html_502_before", { operation: "revoke" });
    assert.equal((await revoke(grant, options))?.kind, "uncertain");
  });
});

Deno.test("what X leaves out of a renewal stays as it was, and a public app proves nothing but its name", async () => {
  let asked = "";
  let authorization: string | null = "";
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, async (request) => {
    asked = await request.text();
    authorization = request.headers.get("authorization");
    return Response.json({ token_type: "bearer", access_token: "new", refresh_token: "", scope: "" });
  });
  try {
    const grant: Grant = {
      clientId: "public",
      clientSecret: null,
      accessToken: "old",
      refreshToken: "still good",
      expiresAt: 0,
      scopes: ["tweet.read"],
    };
    const service = `http://127.0.0.1:${server.addr.port}`;
    const renewed = await renew(grant, { service, now: () => NOON, signal });
    assert.deepEqual(renewed, {
      kind: "granted",
      grant: { ...grant, accessToken: "new", expiresAt: NOON + 7_200_000 },
    });
    assert.equal(asked, "grant_type=refresh_token&refresh_token=still+good&client_id=public");
    assert.equal(authorization, null);
  } finally {
    await server.shutdown();
  }
});
