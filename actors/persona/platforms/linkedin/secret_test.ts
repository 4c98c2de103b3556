import assert from "node:assert/strict";
import { type LinkedInSecret, readSecret, writeSecret } from "./secret.ts";

const secret: LinkedInSecret = {
  clientId: "client",
  clientSecret: "hush",
  author: "urn:li:organization:1",
  grant: { access: "AQV1", accessUntil: 5, refresh: { token: "AQW1", until: 9 }, scopes: ["openid"] },
};

Deno.test("a secret is read as it was written", () => {
  assert.deepEqual(readSecret(writeSecret(secret)), secret);
  const plain = { ...secret, grant: { ...secret.grant, refresh: null } };
  assert.deepEqual(readSecret(writeSecret(plain)), plain);
});

Deno.test("a secret with anything empty is neither written nor read, and never quoted", () => {
  const { grant } = secret;
  const broken: LinkedInSecret[] = [
    { ...secret, clientId: "" },
    { ...secret, clientSecret: "" },
    { ...secret, author: "urn:li:share:1" },
    { ...secret, grant: { ...grant, access: "" } },
    { ...secret, grant: { ...grant, accessUntil: NaN } },
    { ...secret, grant: { ...grant, refresh: { token: "", until: 9 } } },
    { ...secret, grant: { ...grant, scopes: [""] } },
  ];
  for (const one of broken) {
    assert.throws(() => writeSecret(one), /must be whole/);
    assert.throws(() => readSecret(JSON.stringify(one)), (error: Error) => !/AQV|hush/.test(error.message));
  }
  assert.throws(() => readSecret("AQV1 hush"), (error: Error) => !/AQV|hush/.test(error.message));
});
