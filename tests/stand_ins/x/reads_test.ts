import assert from "node:assert/strict";
import { withX } from "./testing.ts";

const ids = (answer: { body: { data?: { id: string }[] } }) => (answer.body.data ?? []).map(({ id }) => id);

Deno.test("a timeline is paged from the newest, and starts after since_id", async () => {
  await withX(async (x, client) => {
    const made: string[] = [];
    for (let count = 0; count < 12; count++) {
      made.unshift((await client.say(`Number ${count}`)).body.data.id);
      x.control.advance(1000);
    }
    const path = `/2/users/${x.control.account("marisol_ink").id}/tweets`;
    const first = await client.get(`${path}?max_results=5`);
    assert.deepEqual(ids(first), made.slice(0, 5));
    assert.deepEqual(
      [first.body.meta.result_count, first.body.meta.newest_id, first.body.meta.oldest_id],
      [5, made[0], made[4]],
    );
    const second = await client.get(`${path}?max_results=5&pagination_token=${first.body.meta.next_token}`);
    const third = await client.get(`${path}?max_results=5&pagination_token=${second.body.meta.next_token}`);
    assert.deepEqual([...ids(second), ...ids(third)], made.slice(5));
    assert.equal(third.body.meta.next_token, undefined);
    assert.deepEqual(ids(await client.get(`${path}?since_id=${made[2]}`)), made.slice(0, 2));
    const none = await client.get(`${path}?since_id=${made[0]}`);
    assert.deepEqual(none.body, { meta: { result_count: 0 } });
    for (
      const wrong of ["max_results=4", "max_results=101", "since_id=x", "surprise=1", "pagination_token=x"]
    ) {
      assert.equal((await client.get(`${path}?${wrong}`)).status, 400, wrong);
    }
    assert.equal((await client.get("/2/users/1/tweets")).status, 404);
  });
});

Deno.test("ids rise with time, also within a millisecond and when the clock is set back", async () => {
  let now = Date.UTC(2026, 10, 3);
  await withX(async (_, client) => {
    const made: bigint[] = [];
    for (const step of [0, 0, 5, -1000, 0]) {
      now += step;
      made.push(BigInt((await client.say(`At ${made.length}`)).body.data.id));
    }
    assert.deepEqual(made, [...made].sort((a, b) => (a < b ? -1 : 1)));
    assert.ok(made.every((id) => String(id).length <= 19));
  }, { clock: { now: () => now } });
});

Deno.test("a reply is read back with the name before it, outside its own range, and with what it answers", async () => {
  await withX(async (x, client) => {
    const summons = x.control.say({ by: "jo", text: "@marisol_ink & you?" });
    const made = await client.say("Fine, thanks", summons.id);
    const { id } = x.control.account("marisol_ink");
    const fields =
      "tweet.fields=referenced_tweets,in_reply_to_user_id,display_text_range,conversation_id,entities,author_id";
    const read = await client.get(
      `/2/users/${id}/tweets?${fields}&expansions=referenced_tweets.id,author_id`,
    );
    const [post] = read.body.data;
    assert.deepEqual([post.id, post.text], [made.body.data.id, "@jo Fine, thanks"]);
    assert.equal(post.text.slice(...post.display_text_range), "Fine, thanks");
    assert.deepEqual(post.referenced_tweets, [{ type: "replied_to", id: summons.id }]);
    assert.deepEqual(
      [post.conversation_id, post.in_reply_to_user_id, post.entities.mentions[0].id],
      [summons.id, x.control.account("jo").id, x.control.account("jo").id],
    );
    assert.equal(read.body.includes.tweets[0].text, "@marisol_ink &amp; you?");
    assert.equal(read.body.includes.users[0].username, "marisol_ink");
    assert.equal((await client.get(`/2/users/${id}/tweets?exclude=replies`)).body.meta.result_count, 0);
  });
});

Deno.test("mentions are what others say to the account, since an id", async () => {
  await withX(async (x, client) => {
    const own = (await client.say("Hello @marisol_ink, me")).body.data.id;
    x.control.say({ by: "jo", text: "about nobody" });
    const first = x.control.say({ by: "jo", text: "hey @MARISOL_INK" });
    const second = x.control.say({ by: "ed", text: "no name here", replyTo: own });
    const path = `/2/users/${x.control.account("marisol_ink").id}/mentions`;
    assert.deepEqual(ids(await client.get(path)), [second.id, first.id]);
    assert.deepEqual(ids(await client.get(`${path}?since_id=${first.id}`)), [second.id]);
    x.control.removePost(second.id);
    assert.deepEqual(ids(await client.get(path)), [first.id]);
  });
});

Deno.test("quotes are found by the post that they quote, replies by their conversation", async () => {
  await withX(async (x, client) => {
    const own = (await client.say("Quote me")).body.data.id;
    const quote = x.control.say({ by: "jo", text: "so true", quotes: own });
    const reply = x.control.say({ by: "ed", text: "indeed", replyTo: own });
    const search = (query: string) =>
      client.get(`/2/tweets/search/recent?query=${encodeURIComponent(query)}`);
    assert.deepEqual(ids(await client.get(`/2/tweets/${own}/quote_tweets`)), [quote.id]);
    assert.deepEqual(ids(await search(`quotes_of_tweet_id:${own}`)), [quote.id]);
    assert.deepEqual(ids(await search(`conversation_id:${own} -from:marisol_ink`)), [reply.id]);
    assert.deepEqual(ids(await search('"so true"')), [quote.id]);
    assert.deepEqual(ids(await search("to:marisol_ink is:reply")), [reply.id]);
    assert.equal((await search("lang:en")).status, 400);
  });
});

Deno.test("metrics are as they were set, those that are not public only for the author", async () => {
  await withX(async (x, client) => {
    const own = (await client.say("Count me")).body.data.id;
    const foreign = x.control.say({ by: "jo", text: "re", replyTo: own });
    x.control.setCounts(own, { likes: 3, reposts: 2, impressions: 90 });
    const read = await client.get(
      `/2/tweets?ids=${own},${foreign.id},1&tweet.fields=public_metrics,non_public_metrics`,
    );
    assert.deepEqual(read.body.data[0].public_metrics, {
      retweet_count: 2,
      reply_count: 1,
      like_count: 3,
      quote_count: 0,
      bookmark_count: 0,
      impression_count: 90,
    });
    assert.equal(read.body.data[0].non_public_metrics.impression_count, 90);
    assert.equal(read.body.data[1].non_public_metrics, undefined);
    assert.deepEqual([read.body.errors[0].resource_id, read.body.errors[0].parameter], ["1", "ids"]);
  });
});

Deno.test("new posts are not in what is read while reads lag", async () => {
  await withX(async (x, client) => {
    x.control.set({ lagMs: 5_000 });
    const { id } = (await client.say("Where am I")).body.data;
    const path = `/2/users/${x.control.account("marisol_ink").id}/tweets`;
    assert.deepEqual(ids(await client.get(path)), []);
    assert.equal((await client.get(`/2/tweets/${id}`)).body.errors[0].resource_id, id);
    assert.equal((await client.say("Where am I")).status, 403);
    assert.equal(x.control.posts().length, 1);
    x.control.advance(5_000);
    assert.deepEqual(ids(await client.get(path)), [id]);
  });
});

Deno.test("answers are in the dialect that was asked in, or always in the same one", async () => {
  await withX(async (x, client) => {
    const summons = x.control.say({ by: "jo", text: "@marisol_ink" });
    const { id } = (await client.say("two names for it", summons.id)).body.data;
    const classic = await client.get(
      `/2/tweets/${id}?tweet.fields=public_metrics,referenced_tweets&expansions=referenced_tweets.id`,
    );
    assert.equal(classic.body.data.public_metrics.retweet_count, 0);
    assert.equal(classic.body.includes.tweets[0].id, summons.id);
    const current = await client.get(
      `/2/tweets/${id}?post.fields=public_metrics&expansions=referenced_posts,author_id`,
    );
    assert.equal(current.body.data.public_metrics.repost_count, 0);
    assert.deepEqual(current.body.data.referenced_posts, [{ type: "replied_to", id: summons.id }]);
    assert.equal(current.body.data.author_id, x.control.account("marisol_ink").id);
    assert.equal(current.body.includes.posts[0].id, summons.id);
    assert.equal((await client.get(`/2/tweets/${id}?post.fields=text&tweet.fields=text`)).status, 400);
    assert.equal((await client.get(`/2/tweets/${id}?tweet.fields=article_title`)).status, 400);

    x.control.set({ answers: "current" });
    const turned = await client.get(`/2/tweets/${id}?tweet.fields=public_metrics,author_id`);
    assert.deepEqual([turned.body.data.public_metrics.repost_count, turned.headers.get("api-version")], [
      0,
      "2.167",
    ]);
    assert.match(
      (await client.get("/2/tweets/x")).body.type,
      /^https:\/\/api\.x\.com\/2\/problems\/invalid-request$/,
    );
  });
});

Deno.test("accounts are found by id and by name, whatever its case", async () => {
  await withX(async (x, client) => {
    const { id } = x.control.addAccount("Jo_1", "Jo");
    assert.equal((await client.get("/2/users/by/username/jo_1")).body.data.id, id);
    const some = await client.get("/2/users/by?usernames=jo_1,nobody&user.fields=public_metrics,verified");
    assert.deepEqual([some.body.data[0].username, some.body.errors[0].value], ["Jo_1", "nobody"]);
    assert.equal((await client.get(`/2/users/${id}`)).body.data.name, "Jo");
    assert.equal((await client.get("/2/users/1")).body.errors[0].resource_type, "user");
    assert.equal((await client.get("/2/users/by/username/a-b")).status, 400);
  });
});
