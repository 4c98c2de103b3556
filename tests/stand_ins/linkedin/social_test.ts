import assert from "node:assert/strict";
import { asking, enc, MEMBER, NOW, OTHER, OTHER_PAGE, PAGE } from "./plain_client.ts";
import { SELF_SERVE_SCOPES } from "./world.ts";

const DAY = 86_400_000;
const idOf = (told: { headers: Headers }) => told.headers.get("x-restli-id") ?? "";

/** The first bytes of a PNG of this size: as much as anybody looks at here. */
function png(width: number, height: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(24);
  bytes.set([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const view = new DataView(bytes.buffer);
  view.setUint32(16, width);
  view.setUint32(20, height);
  return bytes;
}

Deno.test("a page reads comments under its posts and answers them", async () => {
  await asking(async ({ linkedin, ask, post }) => {
    const urn = idOf(await post("What do you plant first?"));
    const beans = linkedin.control.comment({ on: urn, by: OTHER, text: "Beans (always) #beans" });
    const comments = `/rest/socialActions/${enc(urn)}/comments`;
    const listed = await ask("GET", comments);
    const [element] = listed.body.elements;
    const activity = linkedin.control.posts()[0]?.activity;
    assert.deepEqual([
      element.actor,
      element.message.text,
      element.object,
      element.commentUrn,
      element.created.time,
    ], [
      OTHER,
      "Beans (always) #beans",
      activity,
      beans,
      NOW,
    ]);
    const answer = { actor: PAGE, object: activity, message: { text: "Same (here)" }, parentComment: beans };
    const made = await ask("POST", comments, answer);
    assert.deepEqual([made.status, made.body, /^\d{19}$/.test(idOf(made))], [201, "", true]);
    const replies = await ask("GET", `/rest/socialActions/${enc(beans)}/comments`);
    assert.deepEqual(
      replies.body.elements.map((one: { id: string; parentComment: string }) => [one.id, one.parentComment]),
      [[idOf(made), beans]],
    );
    assert.deepEqual((await ask("GET", `${comments}/${idOf(made)}`)).body, replies.body.elements[0]);
    const metadata = await ask("GET", `/rest/socialMetadata/${enc(urn)}`);
    assert.deepEqual(metadata.body.commentSummary, { count: 2, topLevelCount: 1 });

    const wrong: [unknown, number][] = [
      [{ ...answer, content: [] }, 403],
      [{ ...answer, object: "urn:li:activity:1" }, 400],
      [{ ...answer, message: { text: "x".repeat(1_251) } }, 400],
      [{ ...answer, actor: OTHER }, 403],
      [{ ...answer, actor: OTHER_PAGE }, 403],
      [{ ...answer, parentComment: "urn:li:comment:(urn:li:activity:1,2)" }, 400],
    ];
    for (const [body, status] of wrong) {
      assert.equal((await ask("POST", comments, body)).status, status, JSON.stringify(body));
    }
    assert.equal((await ask("DELETE", `${comments}/${idOf(made)}?actor=${enc(PAGE)}`)).status, 204);
    assert.equal(linkedin.control.comments({ actor: PAGE, visible: true }).length, 0);
    linkedin.control.remove({ urn });
    for (const on of [urn, beans]) {
      const { parentComment: _, ...plain } = answer;
      assert.equal((await ask("POST", `/rest/socialActions/${enc(on)}/comments`, plain)).status, 404);
    }
  });
});

Deno.test("a member may comment with the self-serve scope, or not, as the stand-in was told", async () => {
  for (const [memberMayComment, status] of [[true, 201], [false, 403]] as const) {
    await asking(
      async ({ linkedin, ask }) => {
        const urn = linkedin.control.post({ by: OTHER, text: "Trams" });
        const made = await ask("POST", `/rest/socialActions/${enc(urn)}/comments`, {
          actor: MEMBER,
          object: urn,
          message: { text: "Late again" },
        });
        assert.equal(made.status, status);
        if (status === 403) assert.match(made.body.message, /partnerApiSocialActions\.CREATE\.20261001$/);
      },
      { memberMayComment },
      SELF_SERVE_SCOPES,
    );
  }
});

Deno.test("reactions are made, counted, replaced and taken back", async () => {
  await asking(async ({ linkedin, ask, post }) => {
    const urn = idOf(await post("Count me"));
    const react = (reactionType: string) =>
      ask("POST", `/rest/reactions?actor=${enc(PAGE)}`, { root: urn, reactionType });
    assert.equal((await react("LIKE")).status, 201);
    assert.equal((await react("PRAISE")).status, 201);
    assert.equal((await react("MEH")).status, 422);
    linkedin.control.react({ on: urn, by: OTHER, type: "PRAISE" });
    const sums = async () => (await ask("GET", `/rest/socialMetadata/${enc(urn)}`)).body.reactionSummaries;
    assert.deepEqual(await sums(), { PRAISE: { reactionType: "PRAISE", count: 2 } });
    assert.equal((await ask("GET", `/rest/reactions/(entity:${enc(urn)})?q=entity`)).body.elements.length, 2);
    assert.equal(
      (await ask("DELETE", `/rest/reactions/(actor:${enc(PAGE)},entity:${enc(urn)})`)).status,
      204,
    );
    assert.equal((await sums()).PRAISE.count, 1);
  });
});

Deno.test("a page's notifications name comments and mentions, newest first, for 60 days", async () => {
  await asking(async ({ linkedin, ask, post }) => {
    const { control } = linkedin;
    const mine = idOf(await post("Mine"));
    const comment = control.comment({ on: mine, by: OTHER, text: "Hello" });
    control.advance({ ms: 1_000 });
    const mention = control.post({ by: OTHER, text: "Well done @[Tide & Table](urn:li:organization:77001)" });
    control.comment({ on: mine, by: PAGE, text: "Thanks" });
    const list = async (actions: string, more = "") =>
      (await ask(
        "GET",
        `/rest/organizationalEntityNotifications?q=criteria&actions=List(${actions})&organizationalEntity=${
          enc(PAGE)
        }${more}`,
      )).body;
    const { elements } = await list("COMMENT,SHARE_MENTION");
    assert.deepEqual(elements.map((one: { action: string }) => one.action), ["SHARE_MENTION", "COMMENT"]);
    assert.deepEqual([elements[0].generatedActivity, elements[0].decoratedGeneratedActivity.share.text], [
      mention,
      "Well done Tide & Table",
    ]);
    assert.deepEqual([elements[1].generatedActivity, elements[1].decoratedGeneratedActivity.comment], [
      comment.replace("urn:li:activity", "activity"),
      { entity: comment, owner: OTHER, text: "Hello", object: control.posts()[0]?.activity },
    ]);
    const recent = await list("COMMENT,SHARE_MENTION", `&timeRange=(start:${NOW + 1},end:${NOW + 5_000})`);
    assert.deepEqual(recent.elements.length, 1);
    assert.equal((await list("COMMENT", `&timeRange=(start:x,end:1)`)).status, 400);
    assert.equal((await list("SHOUT")).status, 400);
    control.fail({ fault: "read_lag" });
    assert.equal((await list("ADMIN_COMMENT")).elements.length, 0);
    assert.equal((await list("ADMIN_COMMENT")).elements.length, 1);
    control.advance({ ms: 60 * DAY + 1 });
    const renewed = control.grant({ member: "mAr1s0l-Q" });
    const gone = await ask(
      "GET",
      `/rest/organizationalEntityNotifications?q=criteria&organizationalEntity=${enc(PAGE)}`,
      undefined,
      { authorization: `Bearer ${renewed.accessToken}` },
    );
    assert.deepEqual(gone.body.elements, []);
  });
});

Deno.test("statistics of a page and of a member's own post are those that were set", async () => {
  await asking(async ({ linkedin, ask, post }) => {
    const share = idOf(await post("Counted"));
    const silent = idOf(await post("Not counted"));
    linkedin.control.measure({ urn: share, impressions: 200, membersReached: 150, clicks: 5, reshares: 2 });
    linkedin.control.react({ on: share, by: OTHER, type: "LIKE" });
    linkedin.control.comment({ on: share, by: OTHER, text: "Nice" });
    const statistics =
      `/rest/organizationalEntityShareStatistics?q=organizationalEntity&organizationalEntity=${enc(PAGE)}`;
    const counts = {
      clickCount: 5,
      commentCount: 1,
      impressionCount: 200,
      likeCount: 1,
      shareCount: 2,
      uniqueImpressionsCount: 150,
      engagement: 9 / 200,
    };
    const some = await ask("GET", `${statistics}&shares=List(${enc(share)},${enc(silent)})`);
    assert.deepEqual(some.body.elements, [{
      share,
      organizationalEntity: PAGE,
      totalShareStatistics: counts,
    }]);
    assert.deepEqual((await ask("GET", statistics)).body.elements[0].totalShareStatistics, counts);
    assert.equal((await ask("GET", `${statistics}&shares=${enc(share)}`)).status, 400);

    const mine = idOf(await post("Mine", { author: MEMBER }));
    linkedin.control.measure({ urn: mine, impressions: 7 });
    const analytics = (urn: string, kind = "share") =>
      `/rest/memberCreatorPostAnalytics?q=entity&entity=(${kind}:${
        enc(urn)
      })&queryType=IMPRESSION&aggregation=TOTAL`;
    const [element] = (await ask("GET", analytics(mine))).body.elements;
    assert.deepEqual(element, { count: 7, metricType: "IMPRESSION", targetEntity: { share: mine } });
    const older = await ask("GET", analytics(mine), undefined, { "linkedin-version": "202604" });
    assert.equal(typeof older.body.elements[0].metricType, "object");
    assert.equal((await ask("GET", analytics(mine, "ugc"))).status, 400);
    assert.equal((await ask("GET", analytics(share))).status, 403);
    const { accessToken } = linkedin.control.grant({
      member: "mAr1s0l-Q",
      scopes: ["openid", "w_member_social", "r_organization_social"],
    });
    const withoutScope = await ask("GET", analytics(mine), undefined, {
      authorization: `Bearer ${accessToken}`,
    });
    assert.deepEqual([withoutScope.status, withoutScope.body.message], [
      403,
      "Not enough permissions to access: memberCreatorPostAnalytics.FINDER-entity.20261001",
    ]);
  });
});

Deno.test("an image is announced, uploaded to the other origin, and stands in a post with its alt text", async () => {
  await asking(async ({ linkedin, ask, post }) => {
    const announce = async (owner = PAGE) =>
      (await ask("POST", "/rest/images?action=initializeUpload", { initializeUploadRequest: { owner } })).body
        .value;
    const { uploadUrl, image, uploadUrlExpiresAt } = await announce();
    assert.deepEqual([new URL(uploadUrl).origin, uploadUrlExpiresAt], [linkedin.webOrigin, NOW + DAY]);
    const withImage = (id: string, author = PAGE) =>
      post("Look", { author, content: { media: { id, altText: "A tide table" } } });
    assert.equal((await withImage(image)).body.code, "MEDIA_ASSET_WAITING_UPLOAD");
    assert.equal((await ask("PUT", uploadUrl, png(1, 1), { authorization: null })).status, 401);
    assert.equal((await ask("PUT", uploadUrl, png(1_200, 800), { "content-type": "image/png" })).status, 201);
    assert.deepEqual((await ask("GET", `/rest/images/${enc(image)}`)).body, {
      id: image,
      owner: PAGE,
      status: "AVAILABLE",
    });
    assert.equal((await withImage(image, MEMBER)).body.code, "INVALID_URN_ID");
    assert.match(idOf(await withImage(image)), /^urn:li:share:/);
    assert.deepEqual(linkedin.control.posts()[0]?.content, { media: { id: image, altText: "A tide table" } });

    const second = await announce();
    await ask("PUT", second.uploadUrl, png(10, 10), { "content-type": "image/png" });
    const several = (...ids: string[]) =>
      post("Several", { content: { multiImage: { images: ids.map((id) => ({ id })) } } });
    assert.equal((await several(image)).status, 400);
    assert.match(idOf(await several(image, second.image)), /^urn:li:ugcPost:/);

    const failing: [Uint8Array<ArrayBuffer>, "image_processing_failed" | null][] = [
      [new TextEncoder().encode("<svg/>"), null],
      [png(8_000, 8_000), null],
      [png(1, 1), "image_processing_failed"],
    ];
    for (const [bytes, fault] of failing) {
      const { uploadUrl: url, image: id } = await announce();
      if (fault !== null) linkedin.control.fail({ fault, on: "PUT /dms-uploads/" });
      assert.equal((await ask("PUT", url, bytes, { "content-type": "image/png" })).status, 201);
      assert.equal((await withImage(id)).body.code, "MEDIA_ASSET_PROCESSING_FAILED");
    }
    const late = await announce();
    linkedin.control.advance({ ms: DAY });
    assert.equal((await ask("PUT", late.uploadUrl, png(1, 1))).body.message, "EXPIRED_UPLOAD_URL");
    assert.equal(JSON.stringify(linkedin.control.requests()).includes("ut="), false);
  });
});

Deno.test("a member who may only write cannot look at an image, not even at his own", async () => {
  await asking(
    async ({ ask }) => {
      const body = { initializeUploadRequest: { owner: MEMBER } };
      const { image } = (await ask("POST", "/rest/images?action=initializeUpload", body)).body.value;
      assert.equal((await ask("GET", `/rest/images/${enc(image)}`)).status, 403);
    },
    {},
    SELF_SERVE_SCOPES,
  );
});
