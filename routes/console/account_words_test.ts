import assert from "node:assert/strict";
import { accountLook, handleWords } from "./account_words.ts";

Deno.test("a handle is written as its platform writes it, a DID and a name as they are", () => {
  assert.equal(handleWords("x", "ada_fern"), "@ada_fern");
  assert.equal(handleWords("bluesky", "@ada.example"), "@ada.example");
  assert.equal(handleWords("bluesky", "did:plc:abc"), "did:plc:abc");
  assert.equal(handleWords("linkedin", "Ada Fern"), "Ada Fern");
  assert.equal(handleWords("x", ""), "");
});

Deno.test("an account looks as far as it is known: no name is made up for it", () => {
  const look = (platform: "x" | "bluesky" | "linkedin" | "sandbox", accountId: string, handle: string) =>
    accountLook({ platform, accountId, handle }, null);
  assert.deepEqual(look("x", "1", "ada_fern"), { name: "@ada_fern", handle: null, isNameKnown: false });
  assert.deepEqual(look("bluesky", "did:plc:a", "ada.example"), {
    name: "@ada.example",
    handle: null,
    isNameKnown: false,
  });
  assert.deepEqual(look("linkedin", "urn:li:person:a", "Ada Fern"), {
    name: "Ada Fern",
    handle: null,
    isNameKnown: true,
  });
  assert.deepEqual(look("linkedin", "urn:li:organization:4711", "city-arboretum"), {
    name: "city-arboretum",
    handle: "linkedin.com/company/city-arboretum",
    isNameKnown: false,
  });
  assert.deepEqual(look("linkedin", "urn:li:organization:4711", "urn:li:organization:4711"), {
    name: "Page 4711",
    handle: null,
    isNameKnown: false,
  });
  assert.deepEqual(accountLook({ platform: "sandbox", accountId: "a", handle: "ada.fern" }, "Ada Fern"), {
    name: "Ada Fern",
    handle: "@ada.fern",
    isNameKnown: true,
  });
});
