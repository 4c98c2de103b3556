import assert from "node:assert/strict";
import { cidOf, sha256Of } from "./blob.ts";

/** Of no bytes at all, and of "hello world". */
const known = {
  e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855:
    "bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku",
  b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9:
    "bafkreifzjut3te2nhyekklss27nh3k72ysco7y32koao5eei66wof36n5e",
};

Deno.test("cidOf gives the CID that the whole network knows, and sha256Of goes back", () => {
  for (const [sha256, cid] of Object.entries(known)) {
    assert.equal(cidOf(sha256), cid);
    assert.equal(sha256Of(cid), sha256);
  }
});

Deno.test("cidOf refuses what is no SHA-256, sha256Of what cidOf did not make", () => {
  for (const wrong of ["", "00", "Z".repeat(64), "A".repeat(64), "0".repeat(65)]) {
    assert.throws(() => cidOf(wrong), RangeError);
  }
  const [cid = ""] = Object.values(known);
  const wrong = ["", "b", cid.slice(1), cid.slice(0, -1), `${cid}a`, cid.toUpperCase(), `z${cid.slice(1)}`];
  // Of a record, and of bits that mean nothing at the end.
  wrong.push(`bafyrei${cid.slice(7)}`, `${cid.slice(0, -1)}v`);
  for (const each of wrong) assert.equal(sha256Of(each), null, each);
});
