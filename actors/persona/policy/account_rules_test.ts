import { match, strictEqual } from "node:assert/strict";
import { BLUESKY } from "../testing.ts";
import { level, LINKEDIN, ruling, X } from "./testing.ts";

Deno.test("disclosure, on a real account: somebody is named and the account says that it is a machine", () => {
  strictEqual(level("disclosure", "t", { connection: BLUESKY }), "pass");
  strictEqual(level("disclosure", "t", { connection: BLUESKY, identity: { operatedBy: " " } }), "block");
  strictEqual(level("disclosure", "t", { connection: { ...BLUESKY, disclosure: "none" } }), "block");
  strictEqual(level("disclosure", "t", { identity: { operatedBy: "" } }), "pass");
});

Deno.test("real_person, on a real account: blocked; in the sandbox it may speak", () => {
  strictEqual(
    level("real_person", "t", { connection: BLUESKY, identity: { kind: "real_person" } }),
    "block",
  );
  strictEqual(level("real_person", "t", { identity: { kind: "real_person" } }), "pass");
  strictEqual(level("real_person", "t", { connection: BLUESKY }), "pass");
});

Deno.test("disclosure, each real platform: what it wants, who runs the persona, and where the rule stands", () => {
  const said = (connection: typeof X) => ruling("disclosure", "t", { connection });
  match(said(X)?.message ?? "", /label “Automated”. The persona is run by Fern Radio/);
  match(said(X)?.source ?? "", /^https:\/\/docs\.x\.com\//);
  match(said(BLUESKY)?.message ?? "", /label for bots/);
  match(said(BLUESKY)?.source ?? "", /^https:\/\/docs\.bsky\.app\//);
  match(said({ ...X, disclosure: "none" })?.message ?? "", /switch it on there/);
  strictEqual(said({ ...X, disclosure: "none" })?.level, "block");
  strictEqual(said(LINKEDIN)?.level, "pass");
});
