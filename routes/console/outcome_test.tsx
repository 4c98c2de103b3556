/** What became of a post, and what stands against one, on its card and its page. */
import assert from "node:assert/strict";
import { getPost } from "../../db/read/posts.ts";
import { type ConsoleSite, testConsole } from "../../tests/console_site.ts";
import { connect, counted, sent, waiting } from "../../tests/sample_publishing.ts";

const SENT = { kind: "sent" as const, sent: [{ id: "77", url: "https://x.com/adafern/status/77" }] };
const LINK = "https://example.org/heat-in-the-city";

async function onX(site: ConsoleSite, name: string): Promise<string> {
  const id = await site.createPersona({ name, operatedBy: "City Arboretum" });
  await connect(site, id, "x", name.toLowerCase());
  return id;
}

const statusOf = async (site: ConsoleSite, id: string, postId: string) =>
  (await site.supervisor.state(id)).posts[postId]?.status;
const hashOf = async (site: ConsoleSite, id: string, postId: string) =>
  (await site.supervisor.state(id)).posts[postId]?.contentHash ?? "";

testConsole("a published post shows its counts, and what its platform does not count", async (site) => {
  const id = await onX(site, "Ada");
  const postId = await waiting(site, id, "x", ["Lindens drip."]);
  await sent(site, id, postId, SENT);
  assert.match((await site.get(`/posts/${postId}`)).text, /looked at an hour after it went out/);
  await counted(site, id, postId, { likes: 1_204, replies: 0 });
  const { text } = await site.get(`/posts/${postId}`);
  assert.match(text, /<dd>1,204<\/dd><dt>likes<\/dt>/);
  assert.match(text, /<dd>0<\/dd><dt>replies<\/dt>/);
  assert.match(text, /Not counted there: reposts, quotes, bookmarks, impressions, people reached, clicks\./);
  const asked = await site.post(`/personas/${id}/posts/${postId}/measure`, {});
  assert.match(asked.text, /The platform is asked/);
  const events = await site.log.readStream(id, 0, 1_000);
  assert.equal(events.at(-1)?.type, "MeasureRequested");
  await site.supervisor.internal(id, { type: "measured", postId, measured: { kind: "gone" } });
  assert.match((await site.get(`/posts/${postId}`)).text, /It was not there any more when X was asked/);
});

testConsole(
  "a post is deleted there after its consequence was said, and shows how that goes",
  async (site) => {
    const id = await onX(site, "Ada");
    const postId = await waiting(site, id, "x", ["Lindens drip."]);
    await sent(site, id, postId, SENT);
    const before = await site.get(`/posts/${postId}`);
    assert.match(before.text, /It is deleted on X\..*It cannot be undone\..*X charges \$0\.01 for it/s);
    const asked = await site.post(`/personas/${id}/posts/${postId}/delete`, {});
    assert.match(asked.text, /being deleted there/);
    assert.doesNotMatch(asked.text, /data-opens="delete-/);
    const failed = { kind: "rejected" as const, reason: "It is pinned." };
    await site.supervisor.internal(id, { type: "removed", postId, result: failed });
    const refused = await site.get(`/posts/${postId}`);
    assert.match(refused.text, /It could not be deleted: It is pinned\./);
    assert.match(refused.text, /data-opens="delete-/);
    await site.post(`/personas/${id}/posts/${postId}/delete`, {});
    await site.supervisor.internal(id, { type: "removed", postId, result: { kind: "removed" } });
    assert.match((await site.get(`/posts/${postId}`)).text, /Deleted on X, /);
  },
);

const NOW = Date.parse("2026-11-24T08:00:00Z");
let now = NOW;

testConsole("a post whose account is gone waits for it, and can be withdrawn", async (site) => {
  const id = await onX(site, "Ada");
  const postId = await waiting(site, id, "x", ["Lindens drip."]);
  await sent(site, id, postId, { kind: "auth_dead", reason: "X takes the leave no more" });
  const { text } = await site.get(`/posts/${postId}`);
  assert.match(text, /waits for its account/);
  assert.match(text, /it goes out once its account is/);
  assert.doesNotMatch(text, /by itself/);
  await site.post(`/personas/${id}/posts/${postId}/withdraw`, {});
  assert.equal((await site.supervisor.state(id)).posts[postId]?.status, "withdrawn");
});

testConsole(
  "a post that its platform makes wait says until when in its persona's zone, and that it is due once the time is over",
  async (site) => {
    now = NOW;
    const id = await onX(site, "Ada");
    await site.give(id, { type: "edit", changes: { zone: "Asia/Tokyo" } });
    const postId = await waiting(site, id, "x", ["Lindens drip."]);
    const until = NOW + 900_000;
    await sent(site, id, postId, { kind: "rate_limited", until, reason: "X asks to wait" });
    const plain = async (path: string) =>
      (await site.get(path)).text.replace(/<[^>]*>/g, "").replace(/\s+/g, " ");
    const page = await plain(`/posts/${postId}`);
    assert.match(page, /X asks to wait/);
    assert.match(page, /Xwaits until 17:15/);
    assert.match(page, /@ada ?· waits until 17:15 \(Tokyo\)/);
    assert.match(page, /Waiting since .*: the next try is at 17:15 \(Tokyo\), by itself\./);
    assert.doesNotMatch(page, /On its way|going out/);
    assert.match(await plain(`/personas/${id}/posts`), /waits until 17:15/);
    await site.give(id, { type: "pause" });
    assert.match(await plain(`/posts/${postId}`), /waits until 17:15/);
    now = until + 1;
    const due = await plain(`/posts/${postId}`);
    assert.match(due, /Waiting since .*: it goes out by itself\./);
    assert.doesNotMatch(due, /waits until/);
  },
  { now: () => now },
);

testConsole("what X charges stands beside the approval; elsewhere nothing does", async (site) => {
  const id = await onX(site, "Ada");
  const plain = await waiting(site, id, "x", ["Lindens drip.", "Aphids do."]);
  const linked = await waiting(site, id, "x", [`Heat: ${LINK}`]);
  const sandbox = await waiting(site, id, "sandbox", ["Moss."]);
  const price = async (postId: string) =>
    /class="price[^>]*>([^<]*)/.exec((await site.get(`/posts/${postId}`)).text)?.[1];
  assert.deepEqual([await price(plain), await price(linked), await price(sandbox)], [
    "costs $0.03",
    "costs $0.20",
    undefined,
  ]);
});

testConsole(
  "the third persona on one link is approved together with the others, and only so",
  async (site) => {
    const say = async (name: string) => {
      const other = await onX(site, name);
      const postId = await waiting(site, other, "x", [`${name} on heat: ${LINK}`]);
      await sent(site, other, postId, {
        kind: "sent",
        sent: [{ id: name, url: `https://x.com/${name}/status/1` }],
      });
    };
    for (const name of ["Milo", "Nora"]) await say(name);
    const id = await onX(site, "Ada");
    const postId = await waiting(site, id, "x", [`Shade is a public good: ${LINK}`]);
    for (const path of [`/posts/${postId}`, "/review"]) {
      const { text } = await site.get(path);
      assert.match(text, /waits for you.*3 personas on one link/s, path);
      assert.match(text, /href="https:\/\/help\.x\.com[^"]*" target="_blank" rel="noopener"/, path);
      assert.match(text, /See them together.*Nora on heat.*Milo on heat/s, path);
      assert.match(text, /Approve together and publish now/, path);
      assert.doesNotMatch(text, />Approve and publish now/, path);
    }
    const at = `/personas/${id}/posts/${postId}/approve`;
    const contentHash = await hashOf(site, id, postId);
    const alone = await site.post(at, { contentHash, then: "publish" });
    assert.deepEqual([alone.status, await statusOf(site, id, postId)], [422, "pending_review"]);
    assert.match(alone.text, /A person has to see them together/);
    const pass = { contentHash, then: "publish", acknowledged: "coordinated" };
    const seenIn = (text: string) => /name="seen" value="([^"]*)"/.exec(text)?.[1] ?? "";
    const seen = seenIn((await site.get(`/posts/${postId}`)).text);
    assert.equal(seen.split(",").length, 2);
    const unseen = await site.post(at, pass);
    assert.deepEqual([unseen.status, await statusOf(site, id, postId)], [422, "pending_review"]);
    await say("Otto");
    const joined = await site.post(at, { ...pass, seen });
    assert.deepEqual([joined.status, await statusOf(site, id, postId)], [422, "pending_review"]);
    assert.match(joined.text, /1 of which nobody has seen with it yet/);
    const all = seenIn((await site.get(`/posts/${postId}`)).text);
    const together = await site.post(at, { ...pass, seen: all });
    assert.deepEqual([together.status, await statusOf(site, id, postId)], [200, "publishing"]);
    const { approval } = await getPost(site.program.sql, postId) ?? {};
    assert.deepEqual([approval?.acknowledged, approval?.seen?.join()], [["coordinated"], all]);
  },
);

testConsole(
  "what another persona said already is blocked before approval, and by the form as well",
  async (site) => {
    const text =
      "Plane trees shed bark the way we shed habits: in plates, when it gets hot, and never in the rain.";
    const other = await onX(site, "Milo");
    await sent(site, other, await waiting(site, other, "x", [text]), SENT);
    const id = await onX(site, "Ada");
    const postId = await waiting(site, id, "x", [text]);
    const page = await site.get(`/posts/${postId}`);
    assert.match(page.text, /✕ blocked:/);
    assert.doesNotMatch(page.text, /data-take-back/);
    const contentHash = await hashOf(site, id, postId);
    const forced = await site.post(`/personas/${id}/posts/${postId}/approve`, {
      contentHash,
      acknowledged: "coordinated",
    });
    assert.deepEqual([forced.status, await statusOf(site, id, postId)], [422, "pending_review"]);
    assert.match((await site.get(`/posts/${postId}/why`)).text, /✕ blocks/);
  },
);
