import assert from "node:assert/strict";
import { signatureBase, signatureOf, signedHeader, type SignedRequest } from "./oauth1.ts";
import { NOON, withX } from "./testing.ts";

Deno.test("an OAuth 1.0a signature is that of the example in RFC 5849", () => {
  const request: SignedRequest = {
    method: "POST",
    path: "/request?b5=%3D%253D&a3=a&c%40=&a2=r%20b",
    form: [["c2", ""], ["a3", "2 q"]],
  };
  const base = signatureBase("http://example.com", request, [
    ["oauth_consumer_key", "9djdj82h48djs9d2"],
    ["oauth_token", "kkk9d7dh3k39sjv7"],
    ["oauth_signature_method", "HMAC-SHA1"],
    ["oauth_timestamp", "137131201"],
    ["oauth_nonce", "7d8f3e4a"],
  ]);
  assert.equal(
    base,
    "POST&http%3A%2F%2Fexample.com%2Frequest&a2%3Dr%2520b%26a3%3D2%2520q%26a3%3Da%26b5%3D%253D%25253D%26c%2540%3D%26" +
      "c2%3D%26oauth_consumer_key%3D9djdj82h48djs9d2%26oauth_nonce%3D7d8f3e4a%26oauth_signature_method%3DHMAC-SHA1" +
      "%26oauth_timestamp%3D137131201%26oauth_token%3Dkkk9d7dh3k39sjv7",
  );
  // The signature printed in the RFC is not the one of its own base string (errata 2550); this one is.
  assert.equal(signatureOf(base, "j49sk3j29djd", "dh893hdasih9"), "r6/TJjbCOr97/+UU0NsvSne7s5g=");
});

Deno.test("the X stand-in takes a signed request once, in time, with the right keys, over X's own address", async () => {
  await withX(async (x, client) => {
    const keys = x.control.userKeys("marisol_ink");
    const path = "/2/users/me?user.fields=created_at,verified";
    assert.equal((await client.signed(keys, "GET", path)).body.data.username, "marisol_ink");

    const notes: [string, Promise<{ status: number }>][] = [
      ["oauth_nonce was used before", client.signed(keys, "GET", path)],
      ["oauth_timestamp is out of bounds", client.signed(keys, "GET", path, undefined, "n2", NOON - 301_000)],
      ["oauth_timestamp is out of bounds", client.signed(keys, "GET", path, undefined, "n3", NOON + 301_000)],
      [
        "oauth_signature does not match",
        client.signed({ ...keys, accessSecret: "x" }, "GET", path, undefined, "n4"),
      ],
      [
        "oauth_signature does not match",
        client.signed({ ...keys, consumerSecret: "x" }, "GET", path, undefined, "n5"),
      ],
      [
        "oauth_token is unknown or dead",
        client.signed({ ...keys, accessToken: "x" }, "GET", path, undefined, "n6"),
      ],
      [
        "oauth_consumer_key is unknown",
        client.signed({ ...keys, consumerKey: "x" }, "GET", path, undefined, "n7"),
      ],
    ];
    for (const [note, sent] of notes) {
      assert.equal((await sent).status, 401);
      assert.ok(x.control.requests().some((request) => request.note === note), note);
    }
    const header = (origin: string, at: string) =>
      signedHeader(origin, { method: "GET", path: at, form: [] }, keys, NOON, `for ${origin}${at}`);
    for (
      const wrong of [header(x.origin, path), header("https://api.x.com", "/2/users/me"), "OAuth nonsense"]
    ) {
      assert.equal((await client.send("GET", path, undefined, wrong)).status, 401, wrong);
    }
    assert.equal((await client.signed(keys, "POST", "/2/tweets", { text: "signed" }, "n8")).status, 201);
  });
});

Deno.test("keys of OAuth 1.0a that may only read cannot write, and die with the app's access", async () => {
  await withX(async (x, client) => {
    const keys = x.control.userKeys("marisol_ink", { mayWrite: false });
    const refused = await client.signed(keys, "POST", "/2/tweets", { text: "no" });
    assert.deepEqual([refused.status, refused.body.type.split("/").at(-1)], [403, "oauth1-permissions"]);
    assert.equal((await client.signed(keys, "GET", "/2/users/me", undefined, "n2")).status, 200);
    x.control.killTokens("marisol_ink");
    assert.equal((await client.signed(keys, "GET", "/2/users/me", undefined, "n3")).status, 401);
  });
});
