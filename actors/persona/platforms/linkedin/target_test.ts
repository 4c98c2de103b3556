import assert from "node:assert/strict";
import { PlatformFailed } from "../port.ts";
import { MEMBER, OTHER, PAGE, withLinkedIn } from "./testing.ts";

Deno.test("what is answered is there or not where a page can see it, else it is taken as given", async () => {
  await withLinkedIn(async ({ linkedin, adapter, link, asked }) => {
    const context = link();
    const post = linkedin.control.post({ by: PAGE, text: "Ours" });
    const { activity = "" } = linkedin.control.posts()[0] ?? {};
    const comment = linkedin.control.comment({ on: post, by: OTHER, text: "When?" });
    const theirs = linkedin.control.post({ by: OTHER, text: "Theirs" });
    for (const id of [post, activity, comment, theirs]) {
      assert.deepEqual(await adapter.findTarget(context, id), { id });
    }
    assert.equal(asked().length, 4);
    assert.equal(await adapter.findTarget(context, `urn:li:comment:(${activity},1)`), null);
    linkedin.control.remove({ urn: post });
    for (const id of [post, comment]) assert.equal(await adapter.findTarget(context, id), null);
    // To this role everything is absent.
    linkedin.control.setRole({ member: "mAr1s0l-Q", organization: 77001, role: "ANALYST" });
    const seen = linkedin.control.post({ by: PAGE, text: "Ours again" });
    assert.deepEqual(await adapter.findTarget(context, seen), { id: seen });
    asked();
    assert.deepEqual(await adapter.findTarget(link(MEMBER), post), { id: post });
    for (const id of ["urn:li:person:x", "https://example.org"]) {
      assert.equal(await adapter.findTarget(context, id), null);
    }
    assert.deepEqual(asked(), []);
  });
});

Deno.test("where LinkedIn cannot be asked, what is answered is neither there nor gone", async () => {
  await withLinkedIn(async ({ adapter, link, fail }) => {
    for (const fault of ["reset_before", "server_error_before", "revoked_token"] as const) {
      fail(fault);
      await assert.rejects(adapter.findTarget(link(), "urn:li:share:1"), PlatformFailed, fault);
    }
  });
});
