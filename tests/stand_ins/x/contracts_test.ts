import assert from "node:assert/strict";
import { type Contracts, type Exchange, loadContracts } from "./contracts.ts";
import { OPERATIONS } from "./operations.ts";
import { rulesOf } from "./query.ts";
import type { Dialect } from "./world.ts";

const DIALECTS: Dialect[] = ["classic", "current"];

async function judged(use: (contracts: Contracts) => void): Promise<void> {
  const contracts = await loadContracts();
  if (contracts !== null) use(contracts);
}

Deno.test("parameters, their values and scopes of all operations are those of both specifications", async () => {
  await judged((contracts) => {
    for (const operation of OPERATIONS) {
      for (const dialect of DIALECTS) {
        const where = `${operation.name}, ${dialect}`;
        const specified = contracts.parametersOf(operation, dialect);
        const ours = Object.fromEntries(
          Object.entries(rulesOf(operation.query, dialect)).map((
            [name, rule],
          ) => [name, "names" in rule ? [...rule.names].sort() : true]),
        );
        const theirs = Object.fromEntries(
          Object.entries(specified).map((
            [name, values],
          ) => [name, values === true ? true : [...values].sort()]),
        );
        assert.deepEqual(ours, theirs, where);
        assert.deepEqual([...operation.scopes].sort(), contracts.scopesOf(operation, dialect), where);
      }
    }
  });
});

function exchange(changed: Partial<Exchange>): Exchange {
  const operation = OPERATIONS.find(({ name }) => name === "createPost")!;
  return {
    operation,
    parameters: {},
    query: new URLSearchParams(),
    contentType: "application/json",
    body: { text: "a" },
    dialect: "classic",
    status: 201,
    answer: { data: { id: "1", text: "a" } },
    ...changed,
  };
}

Deno.test("the specifications find wrong requests and wrong answers", async () => {
  await judged((contracts) => {
    assert.deepEqual(contracts.broken(exchange({})), []);
    const me = OPERATIONS.find(({ name }) => name === "me")!;
    const posts = OPERATIONS.find(({ name }) => name === "postsOfUser")!;
    const wrong: Partial<Exchange>[] = [
      { body: { text: 1 } },
      { body: { text: "a", surprise: 1 } },
      { body: { text: "a", media: { media_ids: [] } } },
      { contentType: "text/plain" },
      { query: new URLSearchParams("a=b") },
      { status: 200 },
      { answer: { data: { id: 1, text: "a" } } },
      { answer: { data: { text: "a" } } },
      { dialect: "current", answer: { data: { id: "x", text: "a" } } },
      { operation: me, body: undefined, status: 200, answer: { data: { id: "1" } } },
      { operation: posts, body: undefined, status: 200, answer: {}, parameters: { id: "x" } },
      {
        operation: posts,
        body: undefined,
        status: 200,
        answer: {},
        parameters: { id: "1" },
        query: new URLSearchParams("tweet.fields=text&post.fields=text"),
      },
      {
        operation: posts,
        body: undefined,
        status: 200,
        answer: { data: [{ id: "1", text: "a", public_metrics: { retweet_count: 1 } }] },
        parameters: { id: "1" },
      },
    ];
    for (const changed of wrong) {
      assert.notDeepEqual(contracts.broken(exchange(changed)), [], JSON.stringify(changed));
    }
  });
});
