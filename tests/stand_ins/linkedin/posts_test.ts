import assert from "node:assert/strict";
import { asking, enc, MEMBER, NOW, OTHER, OTHER_PAGE, PAGE } from "./plain_client.ts";
import { SELF_SERVE_SCOPES } from "./world.ts";

const HOUR = 3_600_000;

Deno.test("a post is created with its URN in a header and nothing else, and a page reads it back", async () => {
  await asking(async ({ linkedin, ask, post }) => {
    const text = "Low tide \\(6:40\\) with @[Northern Trams](urn:li:organization:77002) #tide";
    linkedin.control.post({ by: OTHER, text: "Not the page's" });
    const made = await post(text);
    const urn = made.headers.get("x-restli-id") ?? "";
    assert.deepEqual([made.status, made.body, /^urn:li:share:\d{19}$/.test(urn)], [201, "", true]);

    const found = await ask("GET", `/rest/posts?q=author&author=${enc(PAGE)}&count=10&sortBy=CREATED`);
    const [element] = found.body.elements;
    assert.deepEqual([found.status, found.body.paging.total, element.id, element.createdAt], [
      200,
      1,
      urn,
      NOW,
    ]);
    assert.equal(
      element.commentary,
      "Low tide \\(6:40\\) with @[Northern Trams](urn:li:organization:77002) {hashtag|\\#|tide}",
    );
    assert.deepEqual((await ask("GET", `/rest/posts/${enc(urn)}`)).body, element);

    const [seen] = linkedin.control.posts({ author: PAGE, visible: true });
    assert.deepEqual([seen?.text, seen?.cutAt, seen?.createdAt], [
      "Low tide (6:40) with Northern Trams #tide",
      null,
      NOW,
    ]);
    for (const _ of [1, 2]) assert.equal((await ask("DELETE", `/rest/posts/${enc(urn)}`)).status, 204);
    assert.equal((await ask("GET", `/rest/posts/${enc(urn)}`)).status, 404);
    assert.deepEqual(linkedin.control.posts({ author: PAGE, visible: true }), []);
    assert.equal(linkedin.control.posts({ author: PAGE, visible: false }).length, 1);
  });
});

Deno.test("unescaped text is accepted, and cut", async () => {
  await asking(async ({ linkedin, post }) => {
    assert.equal((await post("Two tides (one early)")).status, 201);
    const [seen] = linkedin.control.posts();
    assert.deepEqual([seen?.text, seen?.cutAt], ["Two tides ", 10]);
  });
});

Deno.test("a mention by the wrong name is mere text", async () => {
  await asking(async ({ linkedin, post }) => {
    await post("Hi @[northern trams](urn:li:organization:77002), @[Tomáš](urn:li:person:t0m_Visit)");
    const [seen] = linkedin.control.posts();
    assert.equal(seen?.text, "Hi northern trams, Tomáš");
  });
});

Deno.test("headers, URNs and parameters are judged as LinkedIn judges them", async () => {
  await asking(async ({ linkedin, token, ask }) => {
    const finder = `/rest/posts?q=author&author=${enc(PAGE)}`;
    const cases: [string, Record<string, string | null>, number, string][] = [
      [finder, { "linkedin-version": null }, 400, "VERSION_MISSING"],
      [finder, { "linkedin-version": "202510" }, 426, "NONEXISTENT_VERSION"],
      [finder, { "linkedin-version": "202612" }, 426, "NONEXISTENT_VERSION"],
      [finder, { "linkedin-version": "2026-10" }, 426, "NONEXISTENT_VERSION"],
      [finder, { "linkedin-version": "202511" }, 426, "NONEXISTENT_VERSION"],
      [finder, { "linkedin-version": "202512" }, 200, ""],
      [finder, { "x-restli-protocol-version": null }, 400, "ILLEGAL_ARGUMENT"],
      [finder, { "x-restli-protocol-version": "1.0.0" }, 400, "ILLEGAL_ARGUMENT"],
      [finder, { authorization: null }, 401, "EMPTY_ACCESS_TOKEN"],
      [finder, { authorization: `bearer ${token}` }, 401, "EMPTY_ACCESS_TOKEN"],
      [`/rest/posts?q=author&author=${PAGE}`, {}, 400, "ILLEGAL_ARGUMENT"],
      ["/rest/posts?q=author", {}, 400, "ILLEGAL_ARGUMENT"],
      [`${finder}&fields=id`, {}, 403, "ACCESS_DENIED"],
      [`${finder}&count=101`, {}, 400, "ILLEGAL_ARGUMENT"],
      ["/rest/posts/urn:li:share:1", {}, 400, "ILLEGAL_ARGUMENT"],
      ["/rest/socialActions/urn%3Ali%3Acomment%3A(urn%3Ali%3Aactivity%3A1%2C2)", {}, 400, "ILLEGAL_ARGUMENT"],
      ["/rest/people", {}, 404, "RESOURCE_NOT_FOUND"],
      ["/oauth/v2/authorization", {}, 404, "RESOURCE_NOT_FOUND"],
    ];
    for (const [path, headers, status, code] of cases) {
      const told = await ask("GET", path, undefined, headers);
      assert.deepEqual(
        [told.status, told.body.code ?? ""],
        [status, code],
        `${path} ${JSON.stringify(headers)}`,
      );
    }
    const old = await ask("GET", finder, undefined, { "linkedin-version": "202501" });
    assert.equal(old.body.message, "Requested version 20250101 is not active");
    linkedin.control.sunset({ version: "202610" });
    assert.equal((await ask("GET", finder)).status, 426);
    assert.equal(linkedin.control.refused().length, cases.length + 1);
  });
});

Deno.test("a post's body is judged field by field", async () => {
  await asking(async ({ ask, post }) => {
    const long = "x".repeat(3_001);
    const cases: [Record<string, unknown>, number, string][] = [
      [
        { id: "x" },
        403,
        "Unpermitted fields present in REQUEST_BODY: Data Processing Exception while processing fields [/id]",
      ],
      [
        { content: null },
        403,
        "Unpermitted fields present in REQUEST_BODY: Data Processing Exception while processing fields [/content]",
      ],
      [
        { distribution: { feedDistribution: "MAIN_FEED", x: 1 } },
        403,
        "Unpermitted fields present in REQUEST_BODY: Data Processing Exception while processing fields [/distribution/x]",
      ],
      [
        { author: undefined },
        422,
        "ERROR :: /author :: field is required but not found and has no default value",
      ],
      [{ author: "urn:li:share:1" }, 400, "INVALID_URN_TYPE"],
      [
        { author: OTHER },
        403,
        "Field Value validation failed in REQUEST_BODY: Data Processing Exception while processing fields [/author]",
      ],
      [
        { author: OTHER_PAGE },
        403,
        "Field Value validation failed in REQUEST_BODY: Data Processing Exception while processing fields [/author]",
      ],
      [{ visibility: "CONNECTIONS" }, 400, "INVALID_VALUE_FOR_FIELD"],
      [{ commentary: long }, 400, "FIELD_LENGTH_TOO_LONG"],
      [{ commentary: " \n" }, 400, "INVALID_VALUE_BLANK_FIELD"],
      [{ content: { article: { source: "example.org", title: "x" } } }, 400, "INVALID_VALUE_FOR_FIELD"],
      [{ content: { media: { id: "urn:li:image:none" } } }, 400, "INVALID_URN_ID"],
      [{ content: {} }, 400, "INVALID_CONTENT"],
    ];
    for (const [change, status, words] of cases) {
      const told = await post("Hello", change);
      const said = [told.body.code, told.body.message];
      assert.deepEqual(
        [told.status, said.includes(words)],
        [status, true],
        `${JSON.stringify(change)} ${said}`,
      );
    }
    assert.equal((await post("\\(".repeat(1_500))).status, 201);
    assert.equal((await post("#a ".repeat(1_000))).status, 201);
    assert.equal(
      (await post("A link", { content: { article: { source: "https://example.org/a", title: "A" } } }))
        .status,
      201,
    );
    assert.equal((await ask("POST", "/rest/posts", { x: 1 }, { "content-type": "text/plain" })).status, 415);
  });
});

Deno.test("the same content twice is a duplicate that names the first, for two days after a deletion a dead one", async () => {
  await asking(async ({ linkedin, ask, post }) => {
    const first = (await post("Twice")).headers.get("x-restli-id") ?? "";
    const again = await post("Twice");
    assert.equal(again.status, 422);
    assert.deepEqual(again.body, {
      status: 422,
      errorDetailType: "com.linkedin.common.error.BadRequest",
      message:
        `com.linkedin.content.common.exception.BadRequestResponseException: Content is a duplicate of ${first}`,
      errorDetails: {
        inputErrors: [{ description: "Duplicate post is detected", input: {}, code: "DUPLICATE_POST" }],
      },
    });
    assert.equal((await post("Twice", { author: MEMBER })).status, 201);
    await ask("DELETE", `/rest/posts/${enc(first)}`);
    linkedin.control.advance({ ms: 47 * HOUR });
    assert.match((await post("Twice")).body.message, new RegExp(`${first}$`));
    linkedin.control.fail({ fault: "ghost_duplicate" });
    const ghost = /urn:li:share:\d+$/.exec((await post("Twice")).body.message)?.[0] ?? "";
    assert.equal((await ask("GET", `/rest/posts/${enc(ghost)}`)).status, 404);
    assert.equal((await ask("DELETE", `/rest/posts/${enc(ghost)}`)).status, 204);
    linkedin.control.advance({ ms: HOUR });
    assert.equal((await post("Twice")).status, 201);
    assert.equal(linkedin.control.posts({ author: PAGE, text: "Twice" }).length, 2);
  });
});

Deno.test("a self-serve member posts and deletes and cannot read anything back", async () => {
  await asking(
    async ({ ask, post }) => {
      const mine = await post("Mine", { author: MEMBER, visibility: "CONNECTIONS" });
      const urn = mine.headers.get("x-restli-id") ?? "";
      const cases: [string, string][] = [
        [`/rest/posts/${enc(urn)}`, "partnerApiPostsExternal.GET.20261001"],
        [`/rest/posts?q=author&author=${enc(MEMBER)}`, "partnerApiPostsExternal.FINDER-author.20261001"],
        [`/rest/socialActions/${enc(urn)}/comments`, "partnerApiSocialActions.GET_ALL.20261001"],
        ["/rest/organizationAcls?q=roleAssignee", "organizationAcls.FINDER-roleAssignee.20261001"],
      ];
      for (const [path, what] of cases) {
        assert.deepEqual((await ask("GET", path)).body, {
          status: 403,
          serviceErrorCode: 100,
          code: "ACCESS_DENIED",
          message: `Not enough permissions to access: ${what}`,
        });
      }
      assert.equal(
        (await post("As the page")).body.message,
        "Not enough permissions to access: partnerApiPostsExternal.CREATE.20261001",
      );
      assert.equal((await ask("DELETE", `/rest/posts/${enc(urn)}`)).status, 204);
    },
    {},
    SELF_SERVE_SCOPES,
  );
});

Deno.test("a role that may not read sees an empty list, and without a role there is no page", async () => {
  await asking(async ({ linkedin, ask, post }) => {
    const finder = `/rest/posts?q=author&author=${enc(PAGE)}`;
    await post("Seen");
    const change = { member: "mAr1s0l-Q", organization: 77001 };
    linkedin.control.setRole({ ...change, role: "RECRUITING_POSTER" });
    assert.deepEqual((await ask("GET", finder)).body.elements, []);
    assert.equal((await post("Not mine to say")).status, 403);
    linkedin.control.setRole({ ...change, role: null });
    assert.equal((await ask("GET", finder)).status, 403);
    assert.deepEqual(
      (await ask("GET", "/rest/organizationAcls?q=roleAssignee&state=APPROVED")).body.elements,
      [],
    );
    linkedin.control.setRole({ ...change, role: "ADMINISTRATOR" });
    assert.deepEqual(
      (await ask("GET", "/rest/organizationAcls?q=roleAssignee&role=ADMINISTRATOR")).body.elements,
      [{
        role: "ADMINISTRATOR",
        organization: PAGE,
        roleAssignee: MEMBER,
        state: "APPROVED",
      }],
    );
    const page = await ask("GET", "/rest/organizations/77001");
    assert.deepEqual([page.body.localizedName, page.body.vanityName], ["Tide & Table", "tide-and-table"]);
  });
});

Deno.test("calls are limited by day, UTC, for each member and for the application", async () => {
  await asking(async ({ linkedin, ask }) => {
    const status = async () => (await ask("GET", "/v2/userinfo")).status;
    assert.deepEqual([await status(), await status()], [200, 200]);
    const told = await ask("GET", "/v2/userinfo");
    assert.deepEqual([told.status, told.headers.get("retry-after")], [429, null]);
    assert.match(told.body.message, /throttle APPLICATION_AND_MEMBER DAY limit/);
    const { accessToken } = linkedin.control.grant({ member: "t0m_Visit" });
    const asOther = () => ask("GET", "/v2/userinfo", undefined, { authorization: `Bearer ${accessToken}` });
    assert.equal((await asOther()).status, 200);
    assert.match((await asOther()).body.message, /throttle APPLICATION DAY limit/);
    linkedin.control.advance({ ms: 12 * HOUR - 1 });
    assert.equal(await status(), 429);
    linkedin.control.advance({ ms: 1 });
    assert.equal(await status(), 200);
  }, { limits: { member: 2, application: 3 } });
});
