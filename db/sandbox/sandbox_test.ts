import { strictEqual } from "node:assert/strict";
import { testOn } from "../../tests/database.ts";
import { createSandboxAccount, putSandboxPost } from "./sandbox.ts";

const AT = "2026-11-22T09:00:00.000Z";
/** Each brings two people who are new; enough that two cross. */
const PAIRS = 30;

testOn(
  "embedded",
  "posts at the same time that bring the same new people in any order: all are written",
  async ({ sql }) => {
    const person = (id: string) => ({ id, handle: id, name: id, createdAt: AT });
    const put = async (author: string, people: string[]) => {
      await createSandboxAccount(sql, { ...person(author), tokenHash: author });
      return () =>
        putSandboxPost(
          sql,
          {
            id: `${author}.1`,
            account_id: author,
            key: "1",
            text: "x",
            language: "en",
            reply_to: null,
            created_at: AT,
          },
          [],
          people.map(person),
        );
    };
    for (let pair = 0; pair < PAIRS; pair++) {
      const people = [1, 2, 3, 4].map((n) => `person-${pair}-${n}`);
      const puts = [await put(`a-${pair}`, people), await put(`b-${pair}`, people.toReversed())];
      for (const { made } of await Promise.all(puts.map((one) => one()))) strictEqual(made, true);
    }
  },
);
