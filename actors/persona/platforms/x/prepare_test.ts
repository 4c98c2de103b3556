import assert from "node:assert/strict";
import { withX } from "./testing.ts";

Deno.test("a text is prepared as X will read it: links, tags, whose the names are, and its weight", async () => {
  await withX(async ({ x, adapter, context }) => {
    const jo = x.control.addAccount("Jo_1");
    const typed = "Cafe\u0301 👩‍🚀 @jo_1 @nobody42 example.org #tree $AAPL";
    const [part, more] = await adapter.prepare(context, [typed, "Only @JO_1"]);
    const text = typed.normalize("NFC");
    assert.equal(part?.text, text);
    const bytes = new TextEncoder().encode(text);
    const seen = part?.facets.map(({ start, end, ...rest }) => [
      new TextDecoder().decode(bytes.slice(start, end)),
      rest,
    ]);
    assert.deepEqual(seen, [
      ["@jo_1", { kind: "mention", handle: "Jo_1", accountId: jo.id }],
      ["example.org", { kind: "link", uri: "http://example.org" }],
      ["#tree", { kind: "tag", tag: "tree" }],
      ["$AAPL", { kind: "cashtag", tag: "AAPL" }],
    ]);
    // An emoji is 2 and any link 23.
    assert.equal(part?.weight, "Café ".length + 2 + " @jo_1 @nobody42 ".length + 23 + " #tree $AAPL".length);
    assert.deepEqual(more?.facets.map(({ kind }) => kind), ["mention"]);
    const [request, ...others] = x.control.requests("usersByUsernames");
    assert.deepEqual([request?.query.usernames, others], ["jo_1,nobody42", []]);
    await adapter.prepare(context, ["@nobody42 and @jo_1"]);
    assert.equal(x.control.requests("usersByUsernames").length, 1, "each is asked for once");
  });
});

Deno.test("where X cannot say whose a name is, nothing is prepared; without names it is not asked", async () => {
  await withX(async ({ x, adapter, context }) => {
    for (const fault of ["empty_2xx", "server_error_before", "half_body"] as const) {
      x.control.fault(fault, { operation: "usersByUsernames" });
      await assert.rejects(adapter.prepare(context, ["@jo"]), { name: "PlatformFailed" });
    }
    const asked = x.control.requests().length;
    assert.deepEqual(await adapter.prepare(context, ["Plain", "one@two.example"]), [
      { text: "Plain", facets: [], weight: 5 },
      { text: "one@two.example", facets: [], weight: 15 },
    ]);
    assert.equal(x.control.requests().length, asked);
  });
});
