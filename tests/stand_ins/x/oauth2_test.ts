import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { USUAL_SCOPES } from "./control.ts";
import type { XStandIn } from "./stand_in.ts";
import { type Client, withX } from "./testing.ts";

const VERIFIER = "a-verifier-that-is-long-enough-to-be-taken-0123456789";
const CALLBACK = "http://127.0.0.1:8000/callback";

function address(x: XStandIn, changed: Record<string, string> = {}): string {
  const url = new URL(x.authorizeUrl);
  url.search = String(
    new URLSearchParams({
      response_type: "code",
      client_id: x.app.clientId,
      redirect_uri: CALLBACK,
      scope: USUAL_SCOPES.join(" "),
      state: "s-1",
      code_challenge: createHash("sha256").update(VERIFIER).digest("base64url"),
      code_challenge_method: "S256",
      ...changed,
    }),
  );
  return url.href;
}

function newCode(x: XStandIn): string {
  const back = new URL(x.control.decide(address(x), { approve: true, username: "marisol_ink" }));
  return back.searchParams.get("code") ?? "";
}

function redeem(client: Client, code: string, changed: Record<string, string> = {}, proof?: string) {
  const fields = { grant_type: "authorization_code", code, redirect_uri: CALLBACK, code_verifier: VERIFIER };
  return client.form("/2/oauth2/token", { ...fields, ...changed }, proof);
}

Deno.test("the consent page sends a person back with a code and the state, or with a refusal", async () => {
  await withX(async (x) => {
    const page = await (await fetch(address(x))).text();
    assert.match(page, /tweet\.write/);
    const decide = (decision: string) =>
      fetch(address(x), {
        method: "POST",
        redirect: "manual",
        body: new URLSearchParams({ decision, username: "marisol_ink" }),
      });
    const [yes, no] = [await decide("approve"), await decide("deny")];
    const back = new URL(yes.headers.get("location") ?? "");
    assert.deepEqual([yes.status, back.origin + back.pathname], [302, CALLBACK]);
    assert.equal(back.searchParams.get("state"), "s-1");
    assert.ok((back.searchParams.get("code") ?? "").length > 20);
    const denied = new URL(no.headers.get("location") ?? "").searchParams;
    assert.deepEqual([denied.get("error"), denied.get("state"), denied.get("code")], [
      "access_denied",
      "s-1",
      null,
    ]);
    await Promise.all([yes.body?.cancel(), no.body?.cancel()]);
  });
});

Deno.test("the consent page refuses a request that X would refuse, and sends nobody anywhere", async () => {
  await withX(async (x) => {
    const wrong: Record<string, string>[] = [
      { response_type: "token" },
      { client_id: "other" },
      { redirect_uri: `${CALLBACK}/` },
      { scope: "tweet.read everything" },
      { scope: "" },
      { state: "" },
      { code_challenge_method: "plain" },
      { code_challenge: "short" },
    ];
    for (const changed of wrong) {
      const response = await fetch(address(x, changed), { redirect: "manual" });
      await response.body?.cancel();
      assert.deepEqual(
        [response.status, response.headers.get("location")],
        [400, null],
        JSON.stringify(changed),
      );
      assert.throws(() => x.control.decide(address(x, changed), { approve: true, username: "marisol_ink" }));
    }
  });
});

Deno.test("a code gives tokens once, in 30 seconds, to the app with the verifier and the same address", async () => {
  await withX(async (x, client) => {
    const code = newCode(x);
    const wrong: Record<string, string>[] = [
      { code_verifier: `${VERIFIER}x` },
      { code_verifier: "short" },
      { redirect_uri: "http://127.0.0.1:8000/other" },
      { code: "other" },
      { surprise: "1" },
      { grant_type: "password" },
    ];
    for (const changed of wrong) {
      assert.equal((await redeem(client, code, changed)).status, 400, JSON.stringify(changed));
    }
    assert.equal((await redeem(client, code, {}, "Basic eDp5")).status, 401);
    const tokens = await redeem(client, code);
    assert.deepEqual([tokens.status, tokens.body.expires_in, tokens.body.token_type], [200, 7200, "bearer"]);
    assert.equal(tokens.body.scope, USUAL_SCOPES.join(" "));
    assert.equal(
      (await client.with(tokens.body.access_token).get("/2/users/me")).body.data.username,
      "marisol_ink",
    );
    assert.equal((await redeem(client, code)).status, 400);

    const late = newCode(x);
    x.control.advance(30_000);
    assert.equal((await redeem(client, late)).status, 400);
  });
});

Deno.test("a refresh token works once, and what came before it is dead", async () => {
  await withX(async (x, client) => {
    const first = x.control.grant("marisol_ink");
    const refresh = (token: string | null) =>
      client.form("/2/oauth2/token", { grant_type: "refresh_token", refresh_token: token ?? "" });
    const second = await refresh(first.refreshToken);
    assert.equal(second.status, 200);
    const again = await refresh(first.refreshToken);
    assert.deepEqual([again.status, again.body.error], [400, "invalid_request"]);
    assert.equal((await client.with(first.accessToken).get("/2/users/me")).status, 401);
    assert.equal((await client.with(second.body.access_token).get("/2/users/me")).status, 200);
    assert.equal((await refresh(second.body.refresh_token)).status, 200);
  });
});

Deno.test("a refresh whose answer is lost has used the refresh token up", async () => {
  await withX(async (x, client) => {
    const { refreshToken } = x.control.grant("marisol_ink");
    const refresh = () =>
      client.form("/2/oauth2/token", { grant_type: "refresh_token", refresh_token: refreshToken ?? "" });
    x.control.fault("reset_before", { operation: "token" });
    await assert.rejects(refresh());
    x.control.fault("reset_after", { operation: "token" });
    await assert.rejects(refresh());
    assert.equal((await refresh()).status, 400);
  });
});

Deno.test("access tokens end after two hours, by revocation, and without offline.access for good", async () => {
  await withX(async (x, client) => {
    const { accessToken, refreshToken } = x.control.grant("marisol_ink");
    const mine = client.with(accessToken);
    x.control.advance(2 * 3_600_000 - 1);
    assert.equal((await mine.get("/2/users/me")).status, 200);
    x.control.advance(1);
    assert.equal((await mine.get("/2/users/me")).status, 401);
    const revoked = await client.form("/2/oauth2/revoke", { token: refreshToken ?? "" });
    assert.deepEqual([revoked.status, revoked.body], [200, { revoked: true }]);
    const refreshed = await client.form("/2/oauth2/token", {
      grant_type: "refresh_token",
      refresh_token: refreshToken ?? "",
    });
    assert.equal(refreshed.status, 400);
    assert.equal(x.control.grant("marisol_ink", { scopes: ["tweet.read", "users.read"] }).refreshToken, null);
  });
});

Deno.test("what lacks a scope is refused, and so is an account that is suspended or locked", async () => {
  await withX(async (x, client) => {
    const reader = client.with(
      x.control.grant("marisol_ink", { scopes: ["tweet.read", "users.read"] }).accessToken,
    );
    assert.equal((await reader.get("/2/users/me")).status, 200);
    assert.deepEqual([(await reader.say("no")).status, x.control.requests().at(-1)?.note], [
      403,
      "the scope tweet.write is missing",
    ]);
    assert.equal((await reader.post("/2/media/upload/initialize", {})).status, 403);
    x.control.setStanding("marisol_ink", "suspended");
    assert.match((await client.say("no")).body.detail, /^Your account is suspended/);
    x.control.setStanding("marisol_ink", "locked");
    assert.match((await client.get("/2/users/me")).body.detail, /temporarily locked/);
    assert.deepEqual(x.control.posts(), []);
  });
});
