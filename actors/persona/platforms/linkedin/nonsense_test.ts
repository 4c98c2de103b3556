/** JSON that is not what LinkedIn sends, at each place that is looked at: nothing of it breaks, and nothing is believed. */
import assert from "node:assert/strict";
import { answeringAnything, type Anything, json, NONSENSE } from "../../../../tests/stand_ins/anything.ts";
import { PlatformFailed } from "../port.ts";
import { connectLinkedIn } from "./connect.ts";
import { adapterAt, COMMENT, contextOf, frozen, lost, SHARE } from "./hostile_testing.ts";
import { MEMBER, PAGE, VERSION } from "./testing.ts";

/** Everything that the adapter can be asked; what it came to, or the failure that it threw as it should. */
async function askAll(server: Anything): Promise<unknown[]> {
  const said = async (work: Promise<unknown>) => {
    try {
      return await work;
    } catch (error) {
      if (error instanceof PlatformFailed) return error.outcome;
      throw error;
    }
  };
  const [adapter, page, member] = [
    adapterAt(server),
    contextOf(server),
    contextOf(server, { author: MEMBER }),
  ];
  const application = { clientId: "client", clientSecret: "client-secret" };
  const callback = { code: "code", redirectUri: "https://a.example" };
  const options = { version: VERSION, apiOrigin: server.origin, webOrigin: server.origin, deadlineMs: 300 };
  return [
    await said(adapter.publish(page, frozen(), [])),
    await said(adapter.reconcile(page, frozen(), lost)),
    await said(adapter.publish(page, frozen(PAGE, SHARE), [])),
    await said(adapter.reconcile(page, frozen(PAGE, SHARE), lost)),
    await said(adapter.publish(member, frozen(MEMBER), [])),
    await said(adapter.poll(page, null)),
    await said(adapter.poll(page, '{"since": 5, "newest": 5, "until": null, "seen": []}')),
    await said(adapter.metrics(page, [SHARE, COMMENT])),
    await said(adapter.metrics(member, [SHARE])),
    await said(adapter.findTarget(page, SHARE)),
    await said(adapter.remove(page, SHARE)),
    await said(adapter.refresh(page)),
    await said(connectLinkedIn(application, callback, options)),
  ];
}

/** An answer with nonsense at each place that is looked at. */
const AT: Record<string, (nonsense: string) => [body: string, status?: number]> = {
  "the whole answer": (it) => [it],
  "the list": (it) => [`{"elements": ${it}}`],
  "what is in the list": (it) => [`{"elements": [${it}, ${it}]}`],
  "a post": (it) => [
    `{"elements": [{"id": ${it}, "author": ${it}, "commentary": ${it}, "createdAt": ${it}, "lifecycleState": ${it},
      "content": ${it}}], "id": ${it}, "author": ${it}, "commentary": ${it}, "createdAt": ${it}}`,
  ],
  "a comment": (it) => [
    `{"elements": [{"commentUrn": ${it}, "actor": ${it}, "message": {"text": ${it}}, "created": {"time": ${it}}}]}`,
  ],
  "what others said": (it) => [
    `{"elements": [{"notificationId": ${it}, "lastModifiedAt": ${it}, "action": ${it}}, {"notificationId": "1",
      "lastModifiedAt": 7, "action": "COMMENT", "decoratedSourcePost": {"owner": ${it}, "entity": ${it}},
      "decoratedGeneratedActivity": {"comment": {"entity": ${it}, "owner": ${it}, "text": ${it}}}}]}`,
  ],
  "the figures": (it) => [
    `{"elements": [{"share": ${it}, "count": ${it}, "totalShareStatistics": {"likeCount": ${it}}}],
      "likesSummary": ${it}, "commentsSummary": {"totalFirstLevelComments": ${it}}}`,
  ],
  "who it is": (
    it,
  ) => [`{"sub": ${it}, "name": ${it}, "access_token": "a", "expires_in": 60, "scope": ${it}}`],
  "the roles": (it) => [
    `{"sub": "mAr1s0l-Q", "access_token": "a", "expires_in": 60, "scope": "rw_organization_admin", "vanityName": ${it},
      "elements": [{"organization": ${it}, "role": ${it}, "state": "APPROVED"},
      {"organization": "${PAGE}", "role": "ADMINISTRATOR", "state": "APPROVED"}]}`,
  ],
  "the token": (it) => [
    `{"access_token": ${it}, "expires_in": ${it}, "refresh_token": ${it}, "refresh_token_expires_in": ${it}}`,
  ],
  "the refusal": (it) => [
    `{"message": ${it}, "code": ${it}, "serviceErrorCode": ${it}, "errorDetails": {"inputErrors": [{"code": ${it}}]}}`,
    422,
  ],
};

for (const [place, write] of Object.entries(AT)) {
  Deno.test(`LinkedIn, nonsense in place of ${place}: an outcome or a failure, nothing sent is made up`, async () => {
    for (const [what, nonsense] of Object.entries(NONSENSE)) {
      const [body, status] = write(nonsense);
      await answeringAnything(() => json(body, status), async (server) => {
        const [posted, found, commented, foundComment, membersPost, ...rest] = await askAll(server) as {
          kind: string;
        }[];
        for (const one of [posted, commented, membersPost]) assert.notEqual(one?.kind, "sent", what);
        for (const one of [found, foundComment]) assert.notEqual(one?.kind, "found", what);
        assert.ok(rest.every((one) => one !== undefined));
      });
    }
  });
}
