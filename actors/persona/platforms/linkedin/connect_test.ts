import assert from "node:assert/strict";
import { type Connected, connectLinkedIn } from "./connect.ts";
import { authorizeUrl, MEMBER_SCOPES, PAGE_SCOPES } from "./oauth.ts";
import { readSecret } from "./secret.ts";
import { MEMBER, NOW, PAGE, VERSION, withLinkedIn, type World } from "./testing.ts";

const DAY = 86_400_000;

/** The way through the browser; gives what came of it, and the callback that led there. */
async function connect(world: World, scopes: string[]): Promise<{ connected: Connected; callback: URL }> {
  const { linkedin, now } = world;
  const { clientId, clientSecret, redirectUris: [redirectUri = ""] } = linkedin.application;
  const url = authorizeUrl({ clientId, redirectUri, scopes, state: "s t&te" }, linkedin.webOrigin);
  const callback = new URL(linkedin.control.consent({ url, member: "mAr1s0l-Q" }));
  const connected = await connectLinkedIn(
    { clientId, clientSecret },
    { code: callback.searchParams.get("code") ?? "", redirectUri },
    { version: VERSION, apiOrigin: linkedin.origin, webOrigin: linkedin.webOrigin, now, deadlineMs: 2_000 },
  );
  return { connected, callback };
}

Deno.test("a member's leave opens the member's own account, and says what it may do", async () => {
  await withLinkedIn(async (world) => {
    const { connected, callback } = await connect(world, MEMBER_SCOPES);
    assert.equal(callback.searchParams.get("state"), "s t&te");
    assert.equal(connected.kind, "connected", JSON.stringify(connected));
    const { choices } = connected as Extract<Connected, { kind: "connected" }>;
    assert.equal(choices.length, 1);
    const [{ secret, ...choice } = { secret: "" }] = choices;
    assert.deepEqual(choice, {
      accountId: MEMBER,
      handle: "Marisol Reyes",
      role: null,
      service: world.linkedin.origin,
      refused: null,
      may: {
        post: true,
        reply: true,
        media: true,
        read: false,
        measure: false,
        delete: true,
        readBack: false,
      },
      missingScopes: [],
    });
    const kept = readSecret(secret);
    assert.deepEqual([kept.author, kept.grant.accessUntil, kept.grant.refresh], [
      MEMBER,
      NOW + 60 * DAY,
      null,
    ]);
    assert.deepEqual(world.asked(), ["POST /oauth/v2/accessToken", "GET /v2/userinfo"]);
  });
});

Deno.test("a leave for pages opens each page with its role; one that may not post is refused with its reason", async () => {
  await withLinkedIn(async (world) => {
    world.linkedin.control.setRole({ member: "mAr1s0l-Q", organization: 77002, role: "ANALYST" });
    const { connected } = await connect(world, PAGE_SCOPES);
    assert.equal(connected.kind, "connected", JSON.stringify(connected));
    const { choices } = connected as Extract<Connected, { kind: "connected" }>;
    assert.deepEqual(
      choices.map(({ accountId, handle, role, refused }) => [accountId, handle, role, refused]),
      [
        [MEMBER, "Marisol Reyes", null, "the leave to post is missing (w_member_social)"],
        [PAGE, "tide-and-table", "ADMINISTRATOR", null],
        [
          "urn:li:organization:77002",
          "urn:li:organization:77002",
          "ANALYST",
          "the role ANALYST may not post on this page",
        ],
      ],
    );
    const page = choices[1];
    assert.ok(Object.values(page?.may ?? {}).every(Boolean));
    // What was linked works.
    const context = { ...world.link(PAGE, PAGE_SCOPES), secret: String(page?.secret) };
    assert.equal((await world.adapter.publish(context, world.payload("First"), [])).kind, "sent");
    const wrong = world.linkedin.control.refused().map(({ path }) => path);
    assert.deepEqual(wrong, ["/rest/organizations/77002"]);
  }, { application: { refresh: true } });
});

Deno.test("a code that is not good, and a LinkedIn that does not answer, are told apart, and no secret is told", async () => {
  await withLinkedIn(async (world) => {
    const { linkedin } = world;
    const { clientId, clientSecret, redirectUris: [redirectUri = ""] } = linkedin.application;
    const options = { version: VERSION, apiOrigin: linkedin.origin, webOrigin: linkedin.webOrigin };
    const ask = (code: string) => connectLinkedIn({ clientId, clientSecret }, { code, redirectUri }, options);
    for (const code of ["", "AQTnever-was-a-code"]) {
      const refused = await ask(code);
      assert.deepEqual([refused.kind, "field" in refused && refused.field], ["refused", "code"]);
      assert.ok(!JSON.stringify(refused).includes("AQTnever"));
    }
    for (
      const [fault, on] of [
        ["server_error_before", "POST /oauth"],
        ["half_answer", "POST /oauth"],
        ["junk_answer", "POST /oauth"],
        ["token_in_error", "GET /v2/userinfo"],
        ["junk_answer", "GET /v2/userinfo"],
        ["unavailable_before", "GET /rest/organizationAcls"],
      ] as const
    ) {
      world.fail(fault, on);
      const { connected } = await connect(world, PAGE_SCOPES);
      assert.deepEqual(
        [connected.kind, "field" in connected && connected.field],
        ["refused", "service"],
        fault,
      );
      assert.ok(!/AQ[TVW]\w/.test(JSON.stringify(connected)), JSON.stringify(connected));
    }
  });
});
