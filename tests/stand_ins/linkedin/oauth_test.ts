import assert from "node:assert/strict";
import { startLinkedInStandIn } from "./stand_in.ts";
import { asking, NOW } from "./plain_client.ts";
import { SELF_SERVE_SCOPES } from "./world.ts";

const DAY = 86_400_000;
type StandIn = Awaited<ReturnType<typeof startLinkedInStandIn>>;

function authorization({ webOrigin, application }: StandIn, change: Record<string, string> = {}): string {
  const url = new URL("/oauth/v2/authorization", webOrigin);
  const { clientId: client_id, redirectUris: [redirect_uri = ""] } = application;
  const scope = "openid profile w_member_social";
  url.search = new URLSearchParams({
    response_type: "code",
    client_id,
    redirect_uri,
    scope,
    state: "s-1 &",
    ...change,
  }).toString();
  return url.href;
}

async function send(url: string, form: Record<string, string>) {
  const response = await fetch(url, { method: "POST", body: new URLSearchParams(form), redirect: "manual" });
  const text = await response.text();
  return {
    status: response.status,
    location: response.headers.get("location"),
    body: text.startsWith("{") ? JSON.parse(text) : text,
  };
}

function exchange({ webOrigin, application }: StandIn, code: string, change: Record<string, string> = {}) {
  return send(`${webOrigin}/oauth/v2/accessToken`, {
    grant_type: "authorization_code",
    code,
    client_id: application.clientId,
    client_secret: application.clientSecret,
    redirect_uri: application.redirectUris[0] ?? "",
    ...change,
  });
}

const codeOf = (location: string) => new URL(location).searchParams.get("code") ?? "";

Deno.test("signing in through the page gives a code, once, and the code a token, once", async () => {
  const linkedin = await startLinkedInStandIn({ now: () => NOW });
  try {
    const page = await (await fetch(authorization(linkedin))).text();
    const consent = /name="consent" value="([^"]+)"/.exec(page)?.[1] ?? "";
    const decision = { consent, member: "mAr1s0l-Q", decision: "allow" };
    const decide = () => send(`${linkedin.webOrigin}/oauth/v2/authorization/decision`, decision);
    const back = new URL((await decide()).location ?? "");
    assert.equal(`${back.origin}${back.pathname}`, linkedin.application.redirectUris[0]);
    assert.equal(back.searchParams.get("state"), "s-1 &");
    assert.equal((await decide()).status, 401);

    const given = await exchange(linkedin, codeOf(back.href));
    assert.equal(given.body.access_token.length, 500);
    assert.deepEqual({ ...given.body, access_token: "" }, {
      access_token: "",
      expires_in: 5_184_000,
      scope: "openid,profile,w_member_social",
      token_type: "Bearer",
    });
    assert.equal((await exchange(linkedin, codeOf(back.href))).status, 401);

    const headers = { authorization: `Bearer ${given.body.access_token}` };
    const me = await fetch(`${linkedin.origin}/v2/userinfo`, { headers });
    assert.deepEqual(await me.json(), {
      sub: "mAr1s0l-Q",
      name: "Marisol Reyes",
      given_name: "Marisol",
      family_name: "Reyes",
      locale: { country: "US", language: "en" },
    });
    const kept = JSON.stringify(linkedin.control.requests());
    const secrets = [linkedin.application.clientSecret, codeOf(back.href), given.body.access_token, consent];
    for (const secret of secrets) assert.equal(kept.includes(secret), false);
    assert.match(kept, /"grant_type","code","client_id","client_secret","redirect_uri"/);
  } finally {
    await linkedin.stop();
  }
});

Deno.test("a sign-in that is wrong or cancelled is told apart", async () => {
  const linkedin = await startLinkedInStandIn({ now: () => NOW, application: { scopes: SELF_SERVE_SCOPES } });
  const { control } = linkedin;
  const sentBack = (url: string, allow = true) =>
    Object.fromEntries(new URL(control.consent({ url, member: "mAr1s0l-Q", allow })).searchParams);
  try {
    const cancelled = sentBack(authorization(linkedin), false);
    assert.deepEqual([cancelled.error, cancelled.state], ["user_cancelled_authorize", "s-1 &"]);
    const foreign = sentBack(authorization(linkedin, { scope: "openid rw_organization_admin" }));
    assert.equal(foreign.error, "unauthorized_scope_error");
    const strangers: Record<string, string>[] = [
      { client_id: "other" },
      { redirect_uri: "http://127.0.0.1:8000/other" },
    ];
    for (const change of strangers) {
      const page = await fetch(authorization(linkedin, change), { redirect: "manual" });
      assert.equal(page.status, 401);
      assert.match(await page.text(), /Bummer/);
    }
    const fresh = () => codeOf(control.consent({ url: authorization(linkedin), member: "mAr1s0l-Q" }));
    const cases: [Record<string, string>, number, string][] = [
      [{ client_secret: "wrong" }, 401, "invalid_client"],
      [{ client_secret: "" }, 400, "invalid_request"],
      [{ redirect_uri: "http://127.0.0.1:8000/other" }, 400, "invalid_redirect_uri"],
      [{ code_verifier: "v".repeat(43) }, 400, "invalid_redirect_uri"],
      [{ grant_type: "password" }, 400, "unsupported_grant_type"],
    ];
    for (const [change, status, error] of cases) {
      const answer = await exchange(linkedin, fresh(), change);
      assert.deepEqual([answer.status, answer.body.error], [status, error], JSON.stringify(change));
    }
    const late = fresh();
    control.advance({ ms: 31 * 60_000 });
    assert.equal((await exchange(linkedin, late)).body.error, "invalid_request");
  } finally {
    await linkedin.stop();
  }
});

Deno.test("tokens expire after 60 days, refresh tokens after 365 and never later, whatever was refreshed", async () => {
  const linkedin = await startLinkedInStandIn({ now: () => NOW, application: { refresh: true } });
  const { control, webOrigin, application: { clientId: client_id, clientSecret: client_secret } } = linkedin;
  const refresh = (refresh_token: string) =>
    send(`${webOrigin}/oauth/v2/accessToken`, {
      grant_type: "refresh_token",
      refresh_token,
      client_id,
      client_secret,
    });
  const introspect = async (token: string) => {
    const { body } = await send(`${webOrigin}/oauth/v2/introspectToken`, { token, client_id, client_secret });
    return body;
  };
  const me = (token: string) =>
    fetch(`${linkedin.origin}/v2/userinfo`, { headers: { authorization: `Bearer ${token}` } });
  const codeAt = async (token: string) => (await (await me(token)).json()).serviceErrorCode ?? 0;
  try {
    const { accessToken, refreshToken } = control.grant({ member: "mAr1s0l-Q" });
    assert.equal(await codeAt(accessToken), 0);
    control.advance({ ms: 60 * DAY - 1_000 });
    assert.equal(await codeAt(accessToken), 0);
    control.advance({ ms: 1_000 });
    assert.equal(await codeAt(accessToken), 65602);
    assert.equal((await introspect(accessToken)).status, "expired");

    const second = await refresh(refreshToken ?? "");
    assert.deepEqual([second.body.expires_in, second.body.refresh_token_expires_in], [
      60 * 86_400,
      305 * 86_400,
    ]);
    assert.equal(second.body.refresh_token, refreshToken);
    control.advance({ ms: 300 * DAY });
    const third = await refresh(refreshToken ?? "");
    assert.equal(third.body.expires_in, 5 * 86_400);
    const seen = await introspect(third.body.access_token);
    assert.deepEqual([seen.active, seen.expires_at], [true, (NOW + 365 * DAY) / 1_000]);
    control.advance({ ms: 5 * DAY });
    assert.equal((await refresh(refreshToken ?? "")).status, 400);

    const again = control.grant({ member: "mAr1s0l-Q" });
    const other = control.grant({ member: "t0m_Visit", scopes: ["openid"] });
    control.grant({ member: "mAr1s0l-Q", scopes: ["openid"] });
    assert.equal(await codeAt(again.accessToken), 65601);
    assert.equal(await codeAt(other.accessToken), 0);
    control.revoke({ member: "t0m_Visit" });
    assert.equal(await codeAt(other.accessToken), 65601);
    assert.equal(await codeAt("made up"), 65600);
    assert.deepEqual(await introspect("made up"), { active: false });
  } finally {
    await linkedin.stop();
  }
});

Deno.test("there is no refresh token for an application that is no partner", async () => {
  await asking(({ linkedin }) => {
    assert.equal(linkedin.control.grant({ member: "mAr1s0l-Q" }).refreshToken, null);
    return Promise.resolve();
  });
});
