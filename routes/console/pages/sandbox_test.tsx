/** The page of the sandbox, with what its network really holds. */
import assert from "node:assert/strict";
import { putSandboxBlob } from "../../../db/sandbox/blobs.ts";
import { putMark } from "../../../db/sandbox/marks.ts";
import { deleteSandboxPost, type NewSandboxPost, putSandboxPost } from "../../../db/sandbox/posts.ts";
import { createSandboxAccount, putSandboxVoices } from "../../../db/sandbox/sandbox.ts";
import type { SandboxShown } from "../../../db/read/sandbox.ts";
import { testConsole } from "../../../tests/console_site.ts";
import { picture } from "../../sandbox/testing.ts";
import { arranged } from "./sandbox_parts.tsx";

const AT = "2026-11-22T18:00:00.000Z";
const HOSTILE = '<script>alert(1)</script> "onload=alert(1) \u202etxt';

testConsole(
  "the sandbox's page: conversations, who is whose, pictures, counts, quotes; everything foreign is escaped",
  async (site) => {
    const { sql } = site.program;
    await site.createPersona({ name: "Mira Holt" });
    const [account] = await sql.query<{ id: string }>("select account_id as id from connection");
    const mira = account?.id ?? "";
    await createSandboxAccount(sql, {
      id: mira,
      handle: "mira",
      name: "Mira",
      tokenHash: null,
      createdAt: AT,
    });
    const voice = { id: "audience-x", handle: "x_y", name: HOSTILE, bio: HOSTILE, bot: true };
    await putSandboxVoices(sql, [voice, { ...voice, id: "audience-z", handle: "z_z", bot: false }], AT);
    const { sha256, bytes } = await picture(1);
    await putSandboxBlob(sql, sha256, { mime: "image/png", bytes: new Uint8Array(bytes) }, Date.parse(AT));
    const put = async (accountId: string, key: string, text: string, more: Partial<NewSandboxPost> = {}) => {
      const plain = { replyTo: null, quoteOf: null, media: [], language: "en", createdAt: AT };
      const post = { ...plain, id: `${accountId}.${key}`, accountId, key, text, ...more };
      assert.equal((await putSandboxPost(sql, post, AT)).kind, "made");
      return post.id;
    };
    const first = await put(mira, "1", "Look at this.", { media: [{ sha256, alt: HOSTILE }] });
    const answer = await put("audience-x", "2", HOSTILE, { replyTo: first });
    const back = await put(mira, "3", "Thank you.", { replyTo: answer });
    await put("audience-z", "4", "Passing this on.", { quoteOf: answer });
    await putMark(sql, "like", "audience-x", first, AT);
    for (let index = 0; index < 10; index++) {
      await put("audience-z", `r${index}`, `More ${index}.`, { replyTo: first });
    }

    const { text } = await site.get("/sandbox");
    assert.doesNotMatch(text, /<script>alert|"onload|\u202e/);
    assert.match(text, /1 like</);
    assert.match(text, /11 answers</, "the counts of the post");
    assert.match(text, /4 more answers</, "those that the list leaves out");
    assert.match(text, />persona</);
    assert.match(text, />audience · bot</);
    assert.match(text, new RegExp(`<img src="/sandbox/media/${sha256}" alt="&lt;script`));
    assert.match(text, /class="post d2 ours"/, "an answer to an answer stands further in");

    const thread = (await site.get(`/sandbox?thread=${encodeURIComponent(back)}`)).text;
    assert.equal(thread.match(/id="said-/g)?.length, 13, "the whole conversation, from any of its posts");
    assert.match(thread, /class="post d2 ours here"/);
    assert.equal((await site.get("/sandbox?thread=nowhere")).status, 404);
    assert.match((await site.get("/sandbox?account=x_y")).text, /answers @/);
    assert.equal((await site.get("/sandbox?account=nobody")).status, 200);

    const image = await site.get(`/sandbox/media/${sha256}`);
    assert.equal(image.status, 200);
    assert.equal(image.headers.get("content-type"), "image/png");
    assert.equal(image.headers.get("x-content-type-options"), "nosniff");
    assert.equal((await site.get("/sandbox/media/none")).status, 404);

    await deleteSandboxPost(sql, "audience-x", "2", AT);
    const after = (await site.get("/sandbox")).text;
    assert.equal(after.match(/This post was deleted/g)?.length, 2, "where it stood and where it was quoted");
  },
);

Deno.test("a conversation: each answer behind what it answers, a thread at one edge, at most three deep", () => {
  const post = (id: string, replyTo: string | null, accountId = id) =>
    ({ id, replyTo, accountId }) as SandboxShown;
  const placed = arranged([
    post("a", null),
    post("b", "a"),
    post("a2", "a", "a"),
    post("c", "b"),
    post("d", "c"),
    post("e", "d"),
    post("e2", "d"),
    post("lost", "elsewhere"),
  ]);
  assert.deepEqual(placed.map(({ post: { id }, depth, inPlace }) => [id, depth, inPlace]), [
    ["a", 0, true],
    ["a2", 0, true],
    ["b", 1, false],
    ["c", 2, true],
    ["d", 3, true],
    ["e", 3, true],
    ["e2", 3, false],
    ["lost", 0, false],
  ]);
});
