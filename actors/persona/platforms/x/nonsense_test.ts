/** JSON that is not what X sends, at each place that is looked at: nothing of it breaks, and nothing is believed. */
import assert from "node:assert/strict";
import { answeringAnything, json, NONSENSE } from "../../../../tests/stand_ins/anything.ts";
import { type AdapterContext, PlatformFailed } from "../port.ts";
import { connectX } from "./connect.ts";
import { adapter, contextOf, lost, payload, post } from "./hostile_testing.ts";
import { readSecret } from "./secret.ts";
import { NOON } from "./testing.ts";

/** Everything that the adapter can be asked; what it came to, or the failure that it threw as it should. */
async function askAll(context: AdapterContext): Promise<unknown[]> {
  const said = async (work: Promise<unknown>) => {
    try {
      return await work;
    } catch (error) {
      if (error instanceof PlatformFailed) return error.outcome;
      throw error;
    }
  };
  return [
    await said(adapter.publish(context, payload, [])),
    await said(adapter.reconcile(context, payload, lost)),
    await said(adapter.poll(context, null)),
    await said(adapter.poll(context, JSON.stringify({ since: "5", backlog: null }))),
    await said(adapter.metrics(context, ["123"])),
    await said(adapter.findTarget(context, "123")),
    await said(adapter.prepare(context, ["Hello @jo"])),
    await said(adapter.remove(context, "123")),
    await said(adapter.refresh(context)),
    await said(connectX(readSecret(context.secret), { service: context.account.service, now: () => NOON })),
  ];
}

/** An answer with nonsense at each place that is looked at. */
const AT: Record<string, (nonsense: string) => [body: string, status?: number]> = {
  "the whole answer": (it) => [it],
  "the data": (it) => [`{"data": ${it}, "meta": {"result_count": 0}}`],
  "the list": (it) => [`{"data": [${it}], "meta": ${it}, "includes": ${it}, "errors": ${it}}`],
  "a post's fields": (it) => [post(
    `, "author_id": ${it}, "created_at": ${it}, "entities": ${it}, "referenced_tweets": ${it},
      "in_reply_to_user_id": ${it}, "display_text_range": ${it}, "public_metrics": ${it}`,
  )],
  "a post's entities": (it) => [post(
    `, "author_id": "5", "display_text_range": [${it}], "referenced_posts": [{"type": ${it}, "id": ${it}}],
      "entities": {"urls": [{"url": ${it}, "expanded_url": ${it}, "media_key": ${it}}],
      "mentions": [{"start": ${it}, "id": ${it}, "username": ${it}}]},
      "public_metrics": {"like_count": ${it}, "retweet_count": ${it}}`,
  )],
  "the people": (it) => [`{"data": [{"id": "1", "username": ${it}}, {"id": ${it}, "username": "jo"}],
      "includes": {"users": [{"id": "1", "username": ${it}}]}, "meta": {"result_count": 2}}`],
  "the missing": (
    it,
  ) => [`{"errors": [{"title": ${it}, "type": ${it}, "value": ${it}, "resource_id": ${it}}]}`],
  "the refusal": (
    it,
  ) => [
    `{"title": ${it}, "detail": ${it}, "type": ${it}, "errors": [{"code": ${it}, "message": ${it}}]}`,
    403,
  ],
};

for (const [place, write] of Object.entries(AT)) {
  Deno.test(`X, nonsense in place of ${place}: an outcome or a failure, nothing sent is made up`, async () => {
    for (const [what, nonsense] of Object.entries(NONSENSE)) {
      const [body, status] = write(nonsense);
      await answeringAnything(() => json(body, status), async (server) => {
        const context = contextOf(server);
        const [published, reconciled, ...rest] = await askAll(context) as { kind: string }[];
        assert.notEqual(published?.kind, "sent", what);
        assert.notEqual(reconciled?.kind, "found", what);
        assert.ok(rest.every((one) => one !== undefined));
        assert.ok(context.noteds.flatMap(({ spent = [] }) => spent).every(({ microUsd }) => microUsd >= 0));
      });
    }
  });
}
