import assert from "node:assert/strict";
import { confidential, readSecret, writeSecret, type XSecret } from "./secret.ts";

const keys: XSecret = {
  kind: "oauth1",
  consumerKey: "ck",
  consumerSecret: "cs",
  accessToken: "at",
  accessSecret: "as",
};
const grant: XSecret = {
  kind: "oauth2",
  clientId: "id",
  clientSecret: null,
  accessToken: "at",
  refreshToken: "rt",
  expiresAt: 5,
  scopes: ["tweet.read"],
};

Deno.test("a secret of either kind is read as it was written, without what does not belong to it", () => {
  assert.deepEqual(readSecret(writeSecret(keys)), keys);
  assert.deepEqual(readSecret(writeSecret(grant)), grant);
  assert.deepEqual(readSecret(JSON.stringify({ ...keys, surprise: 1 })), keys);
});

Deno.test("a secret with anything empty, missing or of another kind is neither written nor read, and never quoted", () => {
  const wrong: Record<string, unknown>[] = [
    { ...keys, accessSecret: "" },
    { ...keys, consumerKey: "with space" },
    { ...grant, accessToken: "" },
    { ...grant, refreshToken: "" },
    { ...grant, clientSecret: undefined },
    { ...grant, expiresAt: NaN },
    { ...grant, scopes: [""] },
    { ...grant, kind: "oauth3" },
    {},
  ];
  for (const value of wrong) {
    assert.throws(() => writeSecret(value as unknown as XSecret), /missing or empty/);
    assert.throws(() => readSecret(JSON.stringify(value)), /not readable/);
  }
  assert.throws(() => readSecret("top-secret{"), (error: Error) => !error.message.includes("top-secret"));
});

Deno.test("what is confidential is every key and token, and nothing that is empty", () => {
  assert.deepEqual(confidential(keys), ["ck", "cs", "at", "as"]);
  assert.deepEqual(confidential(grant), ["at", "rt"]);
});
