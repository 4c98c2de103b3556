import { match, strictEqual } from "node:assert/strict";
import { BLUESKY } from "../testing.ts";
import { level, LINKEDIN, ruling } from "./testing.ts";

Deno.test("LinkedIn, what it cannot take: blocked in its own words; no such rule elsewhere", () => {
  strictEqual(level("linkedin_form", "t", { connection: LINKEDIN }), "pass");
  const nobody = { ...LINKEDIN, accountId: "urn:li:unknown:1" };
  match(
    ruling("linkedin_form", "t", { connection: nobody })?.message ?? "",
    /neither a person nor a page/,
  );
  strictEqual(level("linkedin_form", "t", { connection: BLUESKY }), undefined);
});

Deno.test("LinkedIn, approval: every post says that a person has to do it, and where that stands", () => {
  const verdict = ruling("person_approves", "t", { connection: LINKEDIN });
  match(verdict?.message ?? "", /A person has to approve every post here/);
  match(verdict?.source ?? "", /linkedin\.com\/legal/);
  strictEqual(level("person_approves", "t", { connection: BLUESKY }), undefined);
});
