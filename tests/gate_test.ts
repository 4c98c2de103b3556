/** The rules that look at all personas, at the moment of sending: real workers on the real sandbox. */
import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import type { Verdict } from "../actors/persona/policy/policy.ts";
import { getPost } from "../db/read/posts.ts";
import type { FreshDatabase } from "./database.ts";
import { newPersona, type Running, supervisorTest } from "./running_supervisor.ts";

interface Author {
  id: string;
  write(text: string): Promise<string>;
  /** Approves what is there and has it sent. */
  approve(postId: string, pass?: { acknowledged: string[]; seen: string[] }): Promise<void>;
}

async function author(running: Running, { sql }: FreshDatabase): Promise<Author> {
  const id = await newPersona(running);
  const linked = await running.linking.linkSandbox(id, "user:test");
  strictEqual(linked.kind, "linked");
  const give = async (command: Parameters<Running["send"]>[1]) => {
    const answer = await running.send(id, command);
    strictEqual(answer.kind, "committed", JSON.stringify(answer));
  };
  return {
    id,
    async write(text) {
      const postId = crypto.randomUUID();
      await give({ type: "write", postId, platform: "sandbox", parts: [{ text }] });
      return postId;
    },
    async approve(postId, pass) {
      const contentHash = (await getPost(sql, postId))?.contentHash ?? "";
      await give({ type: "approve", postId, contentHash, then: { kind: "publish" }, ...pass });
    },
  };
}

const about = (running: Running, type: string, postId: string) =>
  running.event((event) => event.type === type && event.data.postId === postId);

const shownOn = async ({ sql }: FreshDatabase) =>
  (await sql.query<{ text: string }>("select text from sandbox_post order by text")).map(({ text }) => text);

supervisorTest(
  "two personas that say nearly the same: one goes out, the other waits in review with rule and source",
  async (running, database) => {
    const [ada, ben] = [await author(running, database), await author(running, database)];
    const texts = ["two", "three"].map((weeks) =>
      `The old pear tree by the station is in bloom again, ${weeks} weeks early this year.`
    ) as [string, string];
    const posts: [string, string] = [await ada.write(texts[0]), await ben.write(texts[1])];
    await ada.approve(posts[0]);
    await ben.approve(posts[1]);
    await about(running, "PostPublished", posts[0]);
    const held = await about(running, "PostHeldBack", posts[1]);
    const verdict = (held.data.verdicts as unknown as Verdict[]).find(({ level }) => level === "block");
    strictEqual(verdict?.rule, "near_duplicate");
    match(verdict?.message ?? "", /Too much like what Ada Fern said/);
    match(verdict?.source ?? "", /^https:/);
    const post = await getPost(database.sql, posts[1]);
    strictEqual(post?.status, "pending_review");
    strictEqual(post?.approval, null);
    ok(post?.verdicts.some(({ rule, level }) => rule === "near_duplicate" && level === "block"));
    deepStrictEqual(await shownOn(database), [texts[0]]);
  },
);

supervisorTest(
  "three personas on one link: the third waits, is approved by a person who saw them together, and goes out",
  async (running, database) => {
    const link = "https://example.org/trees";
    const texts = [
      `Trees cool a street more than awnings do: ${link}`,
      `I spent an hour with this map and regret nothing of it. ${link}?utm_source=ben`,
      `Which of the giants on here have you climbed as a child? ${link}#map`,
    ];
    const posts: { by: Author; id: string }[] = [];
    for (const text of texts) {
      const by = await author(running, database);
      const id = await by.write(text);
      posts.push({ by, id });
      await by.approve(id);
    }
    const [first, second, third] = posts as [typeof posts[0], typeof posts[0], typeof posts[0]];
    await about(running, "PostPublished", first.id);
    await about(running, "PostPublished", second.id);
    const held = await about(running, "PostHeldBack", third.id);
    match(String(held.data.reason), /^3 personas on one link .* see them together/);
    const seen = (await running.rules.companions(third.id)).map(({ postId }) => postId);
    deepStrictEqual(seen, [second.id, first.id]);

    await third.by.approve(third.id, { acknowledged: ["coordinated"], seen });
    await about(running, "PostPublished", third.id);
    deepStrictEqual((await shownOn(database)).length, 3);
  },
);
