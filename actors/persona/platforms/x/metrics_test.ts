import assert from "node:assert/strict";
import { PlatformFailed } from "../port.ts";
import { metrics } from "./metrics.ts";
import { withX } from "./testing.ts";

for (const answers of ["classic", "current"] as const) {
  Deno.test(`counts of many posts are read, and which are gone, in ${answers}`, async () => {
    await withX(async ({ x, session, context }) => {
      const ids = Array.from(
        { length: 130 },
        (_, at) => x.control.say({ by: "marisol_ink", text: `${at}` }).id,
      );
      const [one = "", two = ""] = ids;
      x.control.setCounts(one, { likes: 7, reposts: 3, bookmarks: 2, impressions: 900 });
      x.control.say({ by: "jo", text: "Yes", replyTo: one });
      x.control.removePost(two);
      const counts = await metrics(session, context, ids);
      assert.deepEqual(counts.get(one), {
        kind: "counted",
        metrics: {
          likes: 7,
          reposts: 3,
          replies: 1,
          quotes: 0,
          bookmarks: 2,
          impressions: 900,
          reached: null,
          clicks: null,
        },
      });
      assert.deepEqual([counts.size, counts.get(two)], [130, { kind: "gone" }]);
      assert.equal(x.control.requests("postsByIds").length, 2);
    }, { settings: { answers } });
  });
}

Deno.test("counts that X does not give are not made up", async () => {
  await withX(async ({ x, session, context }) => {
    const { id } = x.control.say({ by: "marisol_ink", text: "Mine" });
    for (const fault of ["empty_2xx", "html_502_before", "out_of_credit"] as const) {
      x.control.fault(fault, { operation: "postsByIds" });
      await assert.rejects(metrics(session, context, [id]), PlatformFailed);
    }
    const address = `https://x.com/marisol_ink/status/${id}`;
    const known = await metrics(session, context, [id, address, "1,2", `${address}x`]);
    assert.deepEqual([...known.values()].map(({ kind }) => kind), [
      "counted",
      "counted",
      "not_allowed",
      "not_allowed",
    ]);
    await assert.rejects(metrics(session, context, Array(1_001).fill(id)), RangeError);
    assert.equal((await metrics(session, context, [])).size, 0);
  });
});
