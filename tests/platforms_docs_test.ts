/** docs/platforms.md says what the program's own data says: what accounts may do, limits, prices, rules, retention. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { describe as describeBluesky } from "../actors/persona/platforms/bluesky/describe.ts";
import { limitsOf, maxLengthOf, PLATFORMS } from "../actors/persona/platforms/limits.ts";
import { describeLinkedIn } from "../actors/persona/platforms/linkedin/describe.ts";
import { MEMBER_SCOPES, PAGE_SCOPES } from "../actors/persona/platforms/linkedin/oauth.ts";
import { CALLS_A_DAY } from "../actors/persona/platforms/linkedin/day.ts";
import type { Account, Description, Platform } from "../actors/persona/platforms/port.ts";
import { type KeptFrom, RETENTION } from "../actors/persona/platforms/retention.ts";
import { sandboxAdapter } from "../actors/persona/platforms/sandbox/adapter.ts";
import { describe as describeX } from "../actors/persona/platforms/x/describe.ts";
import { SCOPES } from "../actors/persona/platforms/x/oauth2.ts";
import { PRICES } from "../actors/persona/platforms/x/price_list.ts";
import { writeSecret } from "../actors/persona/platforms/x/secret.ts";
import { checkContent, type Verdict } from "../actors/persona/policy/policy.ts";
import { LINKEDIN, X } from "../actors/persona/policy/testing.ts";
import { BLUESKY, content, IDENTITY, SANDBOX } from "../actors/persona/testing.ts";
import { ALIKE, MIN_LETTERS, SAME_WORDS } from "../actors/persona/policy/likeness.ts";
import { coordinated, MAX_SEEN, TOGETHER_HOURS } from "../actors/supervisor/rules/coordinated.ts";
import { NEAR_DAYS, nearDuplicate } from "../actors/supervisor/rules/near_duplicate.ts";
import { oneReply } from "../actors/supervisor/rules/one_reply.ts";
import { optedOut } from "../actors/supervisor/rules/opted_out.ts";
import { ownPersonas } from "../actors/supervisor/rules/own_personas.ts";
import { renditionLimits } from "../media/limits.ts";
import { DEFAULT_RATE_LIMIT } from "../routes/sandbox/rate_limit.ts";
import { MOST_ANSWERS, MOST_EXCHANGES } from "../routes/sandbox/scripts.ts";
import { ROOT } from "./started_program.ts";

const page = await Deno.readTextFile(join(ROOT, "docs/platforms.md"));

/** The rows of the table that follows the heading or the line, header first, cells as they stand. */
function tableAfter(mark: string): string[][] {
  const [, rest] = page.split(mark, 2);
  assert.ok(rest !== undefined, `“${mark}” is there`);
  const lines = rest.slice(rest.indexOf("\n|") + 1).split("\n");
  const end = lines.findIndex((line) => !line.startsWith("|"));
  return lines.slice(0, end === -1 ? undefined : end).filter((_, index) => index !== 1)
    .map((line) => line.split("|").slice(1, -1).map((cell) => cell.trim()));
}

const linksIn = (cell: string): string[] => [...cell.matchAll(/\]\((\S+?)\)/g)].map(([, link = ""]) => link);
const plain = (cell: string): string => cell.replaceAll(/\[([^\]]+)\]\([^)]+\)/g, "$1");
const spoken = (value: number): string => value.toLocaleString("en-US");
const sorted = (values: Iterable<string>): string[] => [...new Set(values)].sort();

const grantX = writeSecret({
  kind: "oauth2",
  clientId: "app",
  clientSecret: null,
  accessToken: "access",
  refreshToken: "refresh",
  expiresAt: 1,
  scopes: SCOPES,
});
const grantLinkedIn = (author: string, scopes: string[]): Description =>
  describeLinkedIn(
    { author, grant: { access: "access", accessUntil: 1, refresh: null, scopes } },
    { version: "202610", memberAnalytics: false },
    0,
  );
const account: Account = {
  connectionId: "c",
  platform: "sandbox",
  accountId: "a",
  handle: "a",
  service: "https://a.example",
};
/** With every leave that the program asks for. */
const COLUMNS: Record<string, { platform: Platform; description: Description }> = {
  "Sandbox": { platform: "sandbox", description: sandboxAdapter.describe({ account, secret: "" }) },
  "Bluesky": { platform: "bluesky", description: describeBluesky({ secret: "" }) },
  "X": { platform: "x", description: describeX({ account, secret: grantX }) },
  "LinkedIn, member": {
    platform: "linkedin",
    description: grantLinkedIn("urn:li:person:a", MEMBER_SCOPES),
  },
  "LinkedIn, page": {
    platform: "linkedin",
    description: grantLinkedIn("urn:li:organization:7", PAGE_SCOPES),
  },
};
const MAY: Record<string, keyof Description["may"]> = {
  "publish": "post",
  "answer": "reply",
  "send pictures": "media",
  "read what others say to it": "read",
  "see how a post does": "measure",
  "delete": "delete",
  "look for what it sent": "readBack",
};
const PROMISED: Record<Description["promise"], string> = {
  exactly_once: "exactly once",
  at_most_once: "at most once, then looked for",
  person_decides: "a person decides",
};

Deno.test("docs/platforms.md: the table of what an account may do is what its adapter says", () => {
  const [head = [], ...rows] = tableAfter("## At a glance");
  assert.deepEqual(head.slice(1), Object.keys(COLUMNS));
  const cell = (row: string, column: string) =>
    rows.find(([name]) => name === row)?.[head.indexOf(column)] ?? assert.fail(`no row ${row}`);
  for (const [column, { platform, description }] of Object.entries(COLUMNS)) {
    for (const [row, may] of Object.entries(MAY)) {
      const yes = description.may[may] === true ? "yes" : "no";
      assert.equal(cell(row, column).split(/[,:]/)[0], yes, `${column}: ${row}`);
    }
    assert.equal(cell("what is promised", column), PROMISED[description.promise], column);
    assert.equal(cell("what it costs", column) === "nothing", description.prices === null, column);
    const { personApproves, real } = limitsOf(platform);
    assert.equal(cell("who approves", column) === "a person, always", personApproves, column);
    assert.equal(cell("who approves", column).includes("approve:real"), real && !personApproves, column);
  }
  assert.deepEqual(sorted(Object.values(MAY)), sorted(Object.keys(describeBluesky({ secret: "" }).may)));
});

Deno.test("docs/platforms.md: the table of limits is what limits.ts and media/limits.ts say", () => {
  const [, ...rows] = tableAfter("### What fits into a post");
  assert.deepEqual(
    rows,
    PLATFORMS.map((platform) => {
      const { label, unit, maxParts, maxImages, maxReplyImages, pollMs } = limitsOf(platform);
      const { maxBytes, maxSide } = renditionLimits(platform);
      const seconds = pollMs / 1_000;
      const every = seconds < 60
        ? `${seconds} seconds`
        : `${seconds / 60} ${seconds === 60 ? "minute" : "minutes"}`;
      return [
        label,
        `${spoken(maxLengthOf(platform, false))} ${unit}`,
        `${spoken(maxLengthOf(platform, true))} ${unit}`,
        String(maxParts),
        String(maxImages),
        String(maxReplyImages),
        `${maxBytes / 1_000_000} MB, ${spoken(maxSide)} pixels a side`,
        every,
      ];
    }).sort(([one = ""], [other = ""]) => rowOf(rows, one) - rowOf(rows, other)),
  );
  const bytes = limitsOf("bluesky").maxBytes ?? assert.fail("Bluesky limits bytes");
  assert.ok(page.includes(`Bluesky also takes at most ${spoken(bytes)} bytes`));
  const { requests, windowMs } = DEFAULT_RATE_LIMIT;
  assert.equal(windowMs, 60_000);
  assert.ok(page.includes(`${spoken(requests)} requests a minute and account`));
  const { member, application } = CALLS_A_DAY;
  assert.ok(page.includes(`${member} calls a day and account, ${application} a day and app`));
});

const rowOf = (rows: string[][], name: string): number => rows.findIndex(([first]) => first === name);

Deno.test("docs/platforms.md: X's prices are those of the price list, with its date and source", () => {
  const [, ...rows] = tableAfter("## What X costs");
  assert.deepEqual(
    rows.map(([, price = ""]) => Math.round(Number(price.replace("$", "")) * 1_000_000)),
    [
      PRICES.microUsd.post,
      PRICES.microUsd.postWithLink,
      PRICES.microUsd.summonedReply,
      PRICES.microUsd.deletion,
      PRICES.microUsd.readPost,
      PRICES.microUsd.readUser,
      PRICES.microUsd.readOwnPost,
    ],
  );
  assert.equal(rows.length, Object.keys(PRICES.microUsd).length);
  assert.ok(page.includes(`Prices as of ${PRICES.asOf}`) && page.includes(`](${PRICES.source})`));
});

Deno.test("docs/platforms.md: the scopes and callbacks to set up are those that are asked for", () => {
  const named = (scopes: string[]) => scopes.map((scope) => `\`${scope}\``).join(", ");
  const flat = page.replaceAll(/\s+/g, " ");
  for (const scopes of [SCOPES, MEMBER_SCOPES, PAGE_SCOPES]) assert.ok(flat.includes(`${named(scopes)}.`));
  for (const platform of ["x", "linkedin"]) {
    assert.ok(flat.includes(`\`PUBLIC_URL/oauth/${platform}/callback\``), platform);
  }
});

/** Of a post of its own and of an answer, wherever each goes. */
function ownRules(): Verdict[] {
  return [SANDBOX, BLUESKY, X, LINKEDIN].flatMap((connection) =>
    [null, { authorHash: null, kind: "reply" as const, summons: true }].flatMap((answering) =>
      checkContent(content(connection, "Frost."), IDENTITY, connection, { requireAltText: true }, answering)
    )
  );
}

function rulesOfAll(): Verdict[] {
  const answers = { known: true, summons: true, authorHash: null, authorHandle: null };
  return PLATFORMS.flatMap((platform) => [
    nearDuplicate({ persona: "p", platform, texts: ["Frost."] }, []),
    ownPersonas(platform, null),
    coordinated(platform, [], null),
    ...[true, false].map((summons) => oneReply(platform, { ...answers, summons }, null)),
    optedOut(platform, { author: false, named: false }),
  ]).filter((verdict) => verdict !== null);
}

Deno.test("docs/platforms.md: every rule is listed once, with the links that its findings carry", () => {
  for (
    const [mark, verdicts] of [
      ["`actors/persona/policy/`.", ownRules()],
      ["`actors/supervisor/rules/`.", rulesOfAll()],
    ] as const
  ) {
    const [, ...rows] = tableAfter(mark);
    assert.deepEqual(
      rows.map(([rule = ""]) => rule.replaceAll("`", "")).sort(),
      sorted(verdicts.map(({ rule }) => rule)),
    );
    for (const [rule = "", , from = ""] of rows) {
      const sources = verdicts.filter((one) => `\`${one.rule}\`` === rule)
        .flatMap(({ source }) => source === undefined ? [] : [source]);
      assert.deepEqual(sorted(linksIn(from)), sorted(sources), rule);
    }
  }
});

Deno.test("docs/platforms.md: how far rules look, and what the sandbox's audience does at most, is what the code says", () => {
  const flat = page.replaceAll(/\s+/g, " ");
  const counts = ["", "one", "two", "three", "four"];
  for (
    const said of [
      `in the last ${NEAR_DAYS} days`,
      `from ${ALIKE * 100} % of shared groups of four letters on`,
      `from ${SAME_WORDS * 100} % of shared words, in whatever order`,
      `Below ${MIN_LETTERS} letters only the same text counts`,
      `the third persona within ${TOGETHER_HOURS} hours`,
      `Beside more than ${MAX_SEEN} other posts`,
      `at most ${counts[MOST_ANSWERS]} of them say something about one post`,
      `each at most ${MOST_EXCHANGES === 2 ? "twice" : `${MOST_EXCHANGES} times`} in one conversation`,
    ]
  ) assert.ok(flat.includes(said), said);
});

Deno.test("docs/platforms.md: how long words are kept is what retention.ts says", () => {
  const [, ...rows] = tableAfter("## Other people's words");
  const from = (name: string): KeptFrom =>
    PLATFORMS.find((platform) => limitsOf(platform).label === name) ?? "model";
  const span = (ms: number) => ms <= 48 * 3_600_000 ? `${ms / 3_600_000} hours` : `${ms / 86_400_000} days`;
  assert.deepEqual(sorted(rows.map(([name = ""]) => from(name))), sorted(RETENTION.map((one) => one.from)));
  for (const [name = "", words, profile, source = ""] of rows) {
    for (const [kind, said] of [["words", words], ["profile", profile]]) {
      const rule = RETENTION.find((one) => one.from === from(name) && one.kind === kind);
      assert.ok(rule !== undefined, `${name}: ${kind}`);
      assert.equal(said, span(rule.keepMs), `${name}: ${kind}`);
      assert.deepEqual(linksIn(source), rule.source === null ? [] : [rule.source.url], name);
      assert.equal(rule.source === null || plain(source).startsWith(rule.source.name), true, name);
    }
  }
});
