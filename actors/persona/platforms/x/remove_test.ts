import assert from "node:assert/strict";
import { remove } from "./remove.ts";
import { withX } from "./testing.ts";

Deno.test("a post is deleted, and again is as good", async () => {
  await withX(async ({ x, session, context }) => {
    const { id } = x.control.say({ by: "marisol_ink", text: "Mine" });
    assert.deepEqual(await remove(session, context, id), { kind: "removed" });
    assert.deepEqual(x.control.posts(), []);
    const other = x.control.say({ by: "marisol_ink", text: "Also mine" });
    const address = `https://twitter.com/marisol_ink/status/${other.id}?s=20`;
    assert.deepEqual(await remove(session, context, address), { kind: "removed" });
    assert.deepEqual(x.control.posts(), []);
    assert.deepEqual(await remove(session, context, id), { kind: "removed" });
  });
});

Deno.test("a deletion whose answer is lost is uncertain, and doing it again settles it", async () => {
  await withX(async ({ x, session, context }) => {
    for (const fault of ["reset_after", "half_body", "html_2xx", "server_error_before"] as const) {
      const { id } = x.control.say({ by: "marisol_ink", text: fault });
      x.control.fault(fault, { operation: "deletePost" });
      assert.equal((await remove(session, context, id)).kind, "uncertain", fault);
      assert.deepEqual(await remove(session, context, id), { kind: "removed" }, fault);
    }
    assert.deepEqual(x.control.posts(), []);
  });
});

Deno.test("what is another's, or no id, is not deleted, and is not said to be", async () => {
  await withX(async ({ x, session, context }) => {
    const { id } = x.control.say({ by: "jo", text: "Theirs" });
    assert.equal((await remove(session, context, id)).kind, "rejected");
    assert.equal((await remove(session, context, "../users/me")).kind, "rejected");
    assert.equal(x.control.posts().length, 1);
  });
});
