import { ok, strictEqual } from "node:assert/strict";
import { testOn } from "../../tests/database.ts";
import { putFollow, putMark } from "./marks.ts";
import { putSandboxPost } from "./posts.ts";
import { createSandboxAccount } from "./sandbox.ts";

const AT = "2026-11-22T09:00:00.000Z";
const PEOPLE = ["ada", "bo", "eve", "ida"];
/** Enough that some cross. */
const ROUNDS = 25;

testOn(
  "embedded",
  "people who name, answer, like and follow each other at the same time: nobody waits in a circle",
  async ({ sql }) => {
    for (const id of PEOPLE) {
      await createSandboxAccount(sql, { id, handle: id, name: id, tokenHash: null, createdAt: AT });
    }
    const put = async (author: string, key: string, text: string, replyTo: string | null) => {
      const post = { id: `${author}.${key}`, accountId: author, key, text, language: "en", createdAt: AT };
      return (await putSandboxPost(sql, { ...post, replyTo, quoteOf: null, media: [] }, AT)).kind;
    };
    for (const id of PEOPLE) strictEqual(await put(id, "first", "hello", null), "made");
    for (let round = 0; round < ROUNDS; round++) {
      const done = await Promise.all(PEOPLE.flatMap((id, index) => {
        const others = PEOPLE.toSpliced(index, 1);
        const named = (round % 2 ? others : others.toReversed()).map((other) => `@${other}`).join(" ");
        const other = others[round % 3] ?? "";
        return [
          put(id, `r${round}`, named, `${other}.first`).then((kind) => kind === "made"),
          putMark(sql, "like", id, `${other}.first`, AT),
          putFollow(sql, id, other, AT),
        ];
      }));
      ok(done.every(Boolean));
    }
    const notices = await sql.query("select from sandbox_notice where kind in ('reply', 'mention')");
    strictEqual(notices.length, ROUNDS * PEOPLE.length * 3);
  },
);
