import assert from "node:assert/strict";
import { withX } from "./testing.ts";

for (const answers of ["classic", "current"] as const) {
  Deno.test(`a post that is there can be answered, one that is gone cannot, in ${answers}`, async () => {
    await withX(async ({ x, adapter, context }) => {
      const { id } = x.control.say({ by: "jo", text: "@marisol_ink ?" });
      assert.deepEqual(await adapter.findTarget(context, id), { id });
      x.control.removePost(id);
      assert.equal(await adapter.findTarget(context, id), null);
      assert.equal(await adapter.findTarget(context, "at://elsewhere"), null);
    }, { settings: { answers } });
  });
}

for (const fault of ["empty_2xx", "html_502_before", "unauthorized", "rate_limited_code"] as const) {
  Deno.test(`where X cannot be asked (${fault}), nobody says that what is answered is gone`, async () => {
    await withX(async ({ x, adapter, context }) => {
      const { id } = x.control.say({ by: "jo", text: "@marisol_ink ?" });
      x.control.fault(fault, { operation: "postsByIds" });
      await assert.rejects(adapter.findTarget(context, id), { name: "PlatformFailed" });
      assert.deepEqual(await adapter.findTarget(context, id), { id });
    }, { auth: "oauth1" });
  });
}

Deno.test("an answer of X that does not speak of a post does not say that it is gone", async () => {
  let body = {};
  const vague = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen: () => {} },
    () => Response.json(body),
  );
  await withX(async ({ adapter, context }) => {
    const account = { ...context.account, service: `http://127.0.0.1:${vague.addr.port}` };
    const other = { resource_id: "41", title: "Not Found Error" };
    for (
      body of [{}, { data: [] }, { errors: [other] }, {
        errors: [{ ...other, resource_id: "42", title: "Odd" }],
      }]
    ) {
      await assert.rejects(adapter.findTarget({ ...context, account }, "42"), { name: "PlatformFailed" });
      await assert.rejects(adapter.metrics({ ...context, account }, ["42"]), { name: "PlatformFailed" });
    }
    body = { errors: [{ resource_id: "42", title: "Authorization Error" }] };
    assert.equal(await adapter.findTarget({ ...context, account }, "42"), null);
    const measured = await adapter.metrics({ ...context, account }, ["42"]);
    assert.deepEqual(measured.get("42"), { kind: "not_allowed" });
  });
  await vague.shutdown();
});
