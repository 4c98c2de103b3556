import assert from "node:assert/strict";
import { authorizeUrl, exchangeCode, refreshGrant } from "./oauth.ts";
import type { LinkedInSecret } from "./secret.ts";

const secret: LinkedInSecret = {
  clientId: "client",
  clientSecret: "hush",
  author: "urn:li:person:a",
  grant: { access: "old", accessUntil: 5, refresh: { token: "keep", until: 9_000 }, scopes: ["openid"] },
};

/** A token endpoint that answers with what a stand-in never would. */
async function answering(body: unknown, use: (webOrigin: string) => Promise<void>): Promise<void> {
  const server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen: () => {} },
    () => Response.json(body),
  );
  try {
    await use(`http://127.0.0.1:${server.addr.port}`);
  } finally {
    await server.shutdown();
  }
}

Deno.test("the member is asked for exactly the scopes, and the state goes along", () => {
  const ask = {
    clientId: "client",
    redirectUri: "https://a.example/back?x=1",
    scopes: ["openid", "profile"],
    state: "s&1",
  };
  assert.equal(
    authorizeUrl(ask),
    "https://www.linkedin.com/oauth/v2/authorization?response_type=code&client_id=client" +
      "&redirect_uri=https%3A%2F%2Fa.example%2Fback%3Fx%3D1&state=s%261&scope=openid%20profile",
  );
});

Deno.test("what an answer leaves out or leaves empty stays as it was", async () => {
  for (const left of [{}, { refresh_token: "", refresh_token_expires_in: 0, scope: "" }]) {
    await answering({ access_token: "new", expires_in: 60, ...left }, async (webOrigin) => {
      assert.deepEqual(await refreshGrant(secret, { webOrigin, now: () => 1_000 }), {
        kind: "granted",
        grant: {
          access: "new",
          accessUntil: 61_000,
          refresh: { token: "keep", until: 9_000 },
          scopes: ["openid"],
        },
      });
    });
  }
});

Deno.test("an answer without a token that can be used is a failure, not a grant", async () => {
  const broken = [{}, [], { access_token: "", expires_in: 60 }, { access_token: "new" }, {
    access_token: "new",
    expires_in: "60",
  }];
  for (const body of broken) {
    await answering(body, async (webOrigin) => {
      assert.equal((await refreshGrant(secret, { webOrigin })).kind, "failed", JSON.stringify(body));
      const code = { code: "c", redirectUri: "https://a.example" };
      assert.equal((await exchangeCode(secret, code, { webOrigin })).kind, "failed");
    });
  }
});

Deno.test("without a refresh token nothing is asked", async () => {
  const plain = { ...secret, grant: { ...secret.grant, refresh: null } };
  assert.equal((await refreshGrant(plain, { webOrigin: "http://127.0.0.1:9" })).kind, "refused");
});
