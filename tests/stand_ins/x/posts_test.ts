import assert from "node:assert/strict";
import { MAX_WEIGHT } from "./text.ts";
import { NOON, withX } from "./testing.ts";

Deno.test("a post is there once, with its time, and its text comes back as X gives it", async () => {
  await withX(async (x, client) => {
    const made = await client.say("Tea & toast <now>: example.org and https://example.org/a?b=c");
    assert.equal(made.status, 201);
    assert.match(
      made.body.data.text,
      /^Tea &amp; toast &lt;now&gt;: https:\/\/t\.co\/\w{10} and https:\/\/t\.co\/\w{10}$/,
    );
    const [post] = x.control.posts("marisol_ink");
    assert.equal(post?.id, made.body.data.id);
    assert.equal(post?.createdAt, NOON);
    assert.equal(x.control.everPosted("marisol_ink", post?.text ?? "").length, 1);
    const read = await client.get(`/2/tweets/${post?.id}?tweet.fields=entities,created_at`);
    assert.deepEqual(
      read.body.data.entities.urls.map((url: { expanded_url: string }) => url.expanded_url),
      ["http://example.org", "https://example.org/a?b=c"],
    );
    for (const url of read.body.data.entities.urls) {
      assert.equal([...read.body.data.text].slice(url.start, url.end).join(""), url.url);
    }
    assert.equal(read.body.data.created_at, new Date(NOON).toISOString());
  });
});

Deno.test("what X would refuse in a post is refused, and nothing is posted", async () => {
  await withX(async (x, client) => {
    const wrong: [unknown, number][] = [
      [{}, 400],
      [[], 400],
      [{ text: "" }, 400],
      [{ text: 1 }, 400],
      [{ text: "a", surprise: 1 }, 400],
      [{ text: "a", poll: { options: ["a", "b"], duration_minutes: 5 } }, 400],
      [{ text: "a", reply: {} }, 400],
      [{ text: "a", reply: { in_reply_to_tweet_id: 5 } }, 400],
      [{ text: "a", reply: { in_reply_to_tweet_id: "5", other: 1 } }, 400],
      [{ text: "a", reply: { in_reply_to_tweet_id: "5" } }, 403],
      [{ text: "a", media: { media_ids: [] } }, 400],
      [{ text: "a", media: { media_ids: ["1", "2", "3", "4", "5"] } }, 400],
      [{ text: "a", media: { media_ids: ["1"] } }, 400],
      [{ text: "a", quote_tweet_id: "1" }, 403],
      [{ text: "a", made_with_ai: "yes" }, 400],
      [{ text: "a", reply_settings: "everyone" }, 400],
      [{ text: "$AAPL and $TSLA" }, 403],
      [{ text: "a\uFFFE" }, 400],
      [{ text: "x".repeat(MAX_WEIGHT + 1) }, 403],
    ];
    for (const [body, status] of wrong) {
      assert.equal((await client.post("/2/tweets", body)).status, status, JSON.stringify(body).slice(0, 80));
    }
    assert.deepEqual([x.control.posts(), x.control.spentMicroUsd()], [[], 0]);
  });
});

Deno.test("length is X's: 280 weighted, links 23, Chinese characters and emoji 2", async () => {
  await withX(async (x, client) => {
    const link = "https://example.org/a/very/long/path/that/counts/as/twenty-three";
    const fits = [
      "a".repeat(280),
      "字".repeat(140),
      "👩‍🌾".repeat(140),
      `${"b".repeat(256)} ${link}`,
      "é".normalize("NFD").repeat(280),
    ];
    const tooLong = [
      "a".repeat(281),
      `${"字".repeat(140)}a`,
      `${"👩‍🌾".repeat(140)}a`,
      `${"b".repeat(257)} ${link}`,
    ];
    for (const text of fits) assert.equal((await client.say(text)).status, 201, text.slice(0, 20));
    for (const text of tooLong) {
      const answer = await client.say(text);
      assert.deepEqual([answer.status, answer.body.detail], [403, "Your Tweet text is too long."]);
    }
    x.control.set({ tooLongStatus: 400 });
    assert.equal((await client.say(tooLong[0] ?? "")).status, 400);
  });
});

Deno.test("the same text is a duplicate until it is deleted or a day old", async () => {
  await withX(async (x, client) => {
    const first = await client.say("Once, twice");
    for (const text of ["Once, twice", " Once,  twice"]) {
      const again = await client.say(text);
      assert.equal(again.status, 403);
      assert.equal(again.body.detail, "You are not allowed to create a Tweet with duplicate content.");
      assert.equal(again.body.data, undefined);
    }
    assert.deepEqual((await client.delete(`/2/tweets/${first.body.data.id}`)).body, {
      data: { deleted: true },
    });
    assert.equal((await client.say("Once, twice")).status, 201);
    x.control.advance(24 * 3_600_000 + 1);
    const later = client.with(x.control.grant("marisol_ink").accessToken);
    assert.equal((await later.say("Once, twice")).status, 201);
    assert.equal(x.control.posts("marisol_ink").length, 2);
    assert.equal(x.control.everPosted("marisol_ink", "Once, twice").length, 3);
  });
});

Deno.test("a reply goes only to whom mentioned or quoted the persona, and once; to itself as often as it likes", async () => {
  await withX(async (x, client) => {
    const own = (await client.say("First")).body.data.id;
    assert.equal((await client.say("Second", own)).status, 201);
    assert.equal((await client.say("Third", own)).status, 201);

    const stranger = x.control.say({ by: "jo", text: "Nothing about anyone" });
    const refused = await client.say("Hello Jo", stranger.id);
    assert.equal(refused.status, 403);
    assert.match(
      refused.body.detail,
      /^Reply to this conversation is not allowed because you have not been mentioned/,
    );

    const summons = [
      x.control.say({ by: "jo", text: "What does @Marisol_Ink think?" }),
      x.control.say({ by: "ed", text: "Look at this", quotes: own }),
      x.control.say({ by: "al", text: "Really?", replyTo: own }),
    ];
    for (const [index, { id }] of summons.entries()) {
      assert.equal((await client.say(`Answer ${index}`, id)).status, 201);
      assert.equal((await client.say(`Another ${index}`, id)).status, 403);
    }
    x.control.removePost(stranger.id);
    assert.match((await client.say("Hello?", stranger.id)).body.detail, /deleted or not visible/);
  });
});

Deno.test("only the author deletes, and only what is there", async () => {
  await withX(async (x, client) => {
    const foreign = x.control.say({ by: "jo", text: "mine" });
    assert.equal((await client.delete(`/2/tweets/${foreign.id}`)).status, 403);
    assert.equal((await client.delete("/2/tweets/1")).status, 404);
    assert.equal((await client.delete("/2/tweets/x")).status, 400);
    assert.equal(x.control.posts().length, 1);
  });
});

Deno.test("everything costs what X's list says, and without credit nothing is done", async () => {
  await withX(async (x, client) => {
    const spent: number[] = [];
    const cost = async (what: Promise<unknown>) => {
      await what;
      spent.push(x.control.requests().at(-1)?.costMicroUsd ?? -1);
    };
    const summons = x.control.say({ by: "jo", text: "@marisol_ink ?" });
    await cost(client.say("plain"));
    await cost(client.say("with example.org"));
    await cost(client.say("a reply", summons.id));
    await cost(client.say("plain"));
    await cost(client.get("/2/users/me"));
    const { id } = x.control.account("marisol_ink");
    await cost(client.get(`/2/users/${id}/tweets`));
    await cost(client.delete(`/2/tweets/${x.control.posts("marisol_ink")[0]?.id}`));
    x.control.set({ personaOwnsApp: true });
    await cost(client.get(`/2/users/${id}/mentions`));
    assert.deepEqual(spent, [15_000, 200_000, 10_000, 0, 10_000, 15_000, 10_000, 1_000]);
    assert.equal(x.control.spentMicroUsd(), 261_000);

    x.control.set({ creditMicroUsd: 14_999 });
    const refused = await client.say("more");
    assert.deepEqual([refused.status, refused.body.title], [402, "CreditsDepleted"]);
    assert.deepEqual([x.control.creditMicroUsd(), x.control.everPosted("marisol_ink", "more")], [14_999, []]);
  });
});
