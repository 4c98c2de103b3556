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
    await adapter.prepare(context, ["@JO_1 again"]);
    assert.equal(x.control.requests("usersByUsernames").length, 1, "who is known is not asked for again");
  });
});

Deno.test("a handle that was nobody's and has an owner now is named; one is not believed for ever", async () => {
  await withX(async ({ x, adapter, context, pass }) => {
    const named = async (text: string) =>
      (await adapter.prepare(context, [text]))[0]?.facets.map((one) => "accountId" in one && one.accountId);
    assert.deepEqual(await named("@new_person"), []);
    const { id } = x.control.addAccount("new_person");
    assert.deepEqual(await named("@new_person"), [id]);
    const asked = x.control.requests("usersByUsernames").length;
    await named("@new_person");
    assert.equal(x.control.requests("usersByUsernames").length, asked);
    pass(3_600_000);
    await named("@new_person");
    assert.equal(x.control.requests("usersByUsernames").length, asked + 1);
  });
});

Deno.test("what looks like a name and is too long for one is text, and X is not asked about it", async () => {
  await withX(async ({ x, adapter, context }) => {
    const jo = x.control.addAccount("Jo_1");
    const [part] = await adapter.prepare(context, ["@a_name_too_long_1 and @jo_1"]);
    assert.deepEqual(part?.facets.map((one) => "accountId" in one && one.accountId), [jo.id]);
    assert.deepEqual(x.control.requests("usersByUsernames").map(({ query }) => query.usernames), ["jo_1"]);
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
