import assert from "node:assert/strict";
import { describeLinkedIn } from "./describe.ts";
import { ANALYTICS_SCOPE, MEMBER_SCOPES, PAGE_SCOPES } from "./oauth.ts";
import { MEMBER, NOW, PAGE } from "./testing.ts";

const DAY = 86_400_000;
const SETTINGS = { version: "202610", memberAnalytics: false };
const grant = { access: "a", accessUntil: NOW + 60 * DAY, refresh: null, scopes: PAGE_SCOPES };

Deno.test("a page can be read back, so it goes out at most once; for a member a person decides", () => {
  const page = describeLinkedIn({ author: PAGE, grant }, SETTINGS, NOW);
  assert.deepEqual(page, {
    limits: {
      maxLength: 3_000,
      unit: "characters",
      maxParts: 1,
      maxImages: 4,
      maxImageBytes: 5_000_000,
    },
    may: { post: true, reply: true, media: true, read: true, measure: true, delete: true, readBack: true },
    missingScopes: [],
    scopes: PAGE_SCOPES,
    accessUntil: NOW + 60 * DAY,
    leaveUntil: NOW + 60 * DAY,
    warnings: [],
    prices: null,
    promise: "at_most_once",
  });
  const member = describeLinkedIn(
    { author: MEMBER, grant: { ...grant, scopes: MEMBER_SCOPES } },
    SETTINGS,
    NOW,
  );
  assert.deepEqual([member.promise, member.may.readBack, member.may.read, member.may.post], [
    "person_decides",
    false,
    false,
    true,
  ]);
});

Deno.test("a description names what is missing and what is near its end", () => {
  const poor = { ...grant, scopes: ["w_organization_social"], accessUntil: NOW + DAY };
  const renewable = { ...poor, refresh: { token: "r", until: NOW + 90 * DAY } };
  const page = describeLinkedIn({ author: PAGE, grant: renewable }, SETTINGS, NOW);
  assert.deepEqual(page.missingScopes, ["r_organization_social", "rw_organization_admin"]);
  assert.deepEqual([page.promise, page.accessUntil, page.leaveUntil], [
    "person_decides",
    NOW + DAY,
    NOW + 90 * DAY,
  ]);
  assert.deepEqual(page.warnings, [
    "The leave lacks r_organization_social, rw_organization_admin: link the account again.",
  ]);
  const warningsOf = (version: string, days: number) =>
    describeLinkedIn({ author: PAGE, grant: { ...grant, accessUntil: NOW + days * DAY } }, {
      ...SETTINGS,
      version,
    }, NOW)
      .warnings;
  assert.match(warningsOf("202610", 14)[0] ?? "", /ends on 2026-12-06: link the account again before/);
  assert.match(warningsOf("202610", -1)[0] ?? "", /ended on 2026-11-21/);
  // Promised until 2027-01-01, 40 days from now.
  assert.match(warningsOf("202601", 60)[0] ?? "", /version 202601 of its API until 2027-01-01, 40 days/);
});

Deno.test("leave to measure a member's posts is missing only where it is asked for, and never a page's", () => {
  const missingOf = (author: string, scopes: string[], memberAnalytics: boolean) =>
    describeLinkedIn({ author, grant: { ...grant, scopes } }, { ...SETTINGS, memberAnalytics }, NOW);
  const lacking = missingOf(MEMBER, MEMBER_SCOPES, true);
  assert.deepEqual([lacking.missingScopes, lacking.may.measure], [[ANALYTICS_SCOPE], false]);
  assert.deepEqual(lacking.warnings, ["The leave lacks r_member_postAnalytics: link the account again."]);
  assert.deepEqual(missingOf(MEMBER, MEMBER_SCOPES, false).missingScopes, []);
  const whole = missingOf(MEMBER, [...MEMBER_SCOPES, ANALYTICS_SCOPE], true);
  assert.deepEqual([whole.missingScopes, whole.may.measure, whole.warnings], [[], true, []]);
  assert.deepEqual(missingOf(PAGE, PAGE_SCOPES, true).missingScopes, []);
});
