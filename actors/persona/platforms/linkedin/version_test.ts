import assert from "node:assert/strict";
import { checkVersion, versionEnd, versionWarning } from "./version.ts";

Deno.test("a version is a year and a month", () => {
  assert.equal(checkVersion("202610"), "202610");
  for (const wrong of ["", "202613", "202600", "2026-10", "20261001"]) {
    assert.throws(() => checkVersion(wrong), new RegExp(`not "${wrong}"`));
  }
});

Deno.test("the operator is warned from 60 days before a version's end on, and no earlier", () => {
  const end = versionEnd("202610");
  assert.equal(end, Date.UTC(2027, 9, 1));
  const days = (before: number) => versionWarning("202610", end - before * 86_400_000);
  assert.equal(days(61), null);
  assert.match(days(60) ?? "", /until 2027-10-01, 60 days from now/);
  assert.match(days(1) ?? "", /1 day from now/);
  assert.match(days(0) ?? "", /ended on 2027-10-01/);
});
