import assert from "node:assert/strict";
import { hmacSha1, signatureBase, signedHeader } from "./oauth1.ts";

/** The example of X's documents ("Creating a signature"). */
const FIELDS: [string, string][] = [
  ["oauth_consumer_key", "xvz1evFS4wEEPTGEFPHBog"],
  ["oauth_nonce", "kYjzVBB8Y0ZFabxSWbWovY3uYSQ2pTgmZeNu2VS4cg"],
  ["oauth_signature_method", "HMAC-SHA1"],
  ["oauth_timestamp", "1318622958"],
  ["oauth_token", "370773112-GmHxMAgYyLbNEtIKZeRNFsMKPR9EyMZeS9weJAEb"],
  ["oauth_version", "1.0"],
];

Deno.test("a signature is the one of X's own example", async () => {
  const query = new URLSearchParams({
    include_entities: "true",
    status: "Hello Ladies + Gentlemen, a signed OAuth request!",
  });
  const url = `https://api.twitter.com/1.1/statuses/update.json?${query}`;
  const base = signatureBase({ url, method: "post" }, FIELDS);
  const key = "kAcSOqF21Fu85e7zjz7ZN2U4ZRhfV3WpwPAoE3Z7kBw&LswwdoUaIvS8ltyTt5jkRh4J50vUPVVHtR2YPi5kE";
  assert.equal(await hmacSha1(key, base), "hCtSmYh+iHYCEqBWrE7C7hYmtUk=");
});

Deno.test("a signed header names key, token, time in seconds and nonce, and no secret", async () => {
  const keys = { consumerKey: "ck", consumerSecret: "c s", accessToken: "at", accessSecret: "a&s" };
  const header = await signedHeader({
    url: "https://api.x.com/2/tweets",
    method: "POST",
    at: 5_999,
    nonce: "n",
  }, keys);
  assert.match(
    header,
    /^OAuth oauth_consumer_key="ck", oauth_nonce="n", .*oauth_timestamp="5", oauth_token="at", .*oauth_signature="[\w%]+"$/,
  );
  assert.ok(!header.includes("c%20s") && !header.includes("a%26s"));
});
