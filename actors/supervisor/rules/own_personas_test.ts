import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import type { Command } from "../../persona/commands.ts";
import type { PlatformAdapter } from "../../persona/platforms/port.ts";
import { sandboxAdapter } from "../../persona/platforms/sandbox/adapter.ts";
import { event } from "../../persona/events.ts";
import { mention } from "../../persona/policy/testing.ts";
import { rulesTest, type Someone, type World } from "./testing.ts";

type Named<T extends string> = Extract<T, `${string}${"like" | "repost" | "follow" | "quote"}${string}`>;

Deno.test("own personas, likes, reposts, follows and quotes: no command and no call of an adapter makes one", () => {
  // Does not compile once there is one.
  const commands: never[] = [] as Named<Command["type"]>[];
  const calls: never[] = [] as Named<keyof PlatformAdapter>[];
  deepStrictEqual([...commands, ...calls], []);
  deepStrictEqual(Object.keys(sandboxAdapter).filter((name) => /like|repost|follow|quote/i.test(name)), []);
});

async function levelOfLink(world: World, who: Someone, uri: string) {
  const facets = [{ kind: "link" as const, uri, start: 0, end: 1 }];
  return await world.level(who, await world.draft(who, `look ${uri}`, { facets }), "own_personas");
}

rulesTest("own personas, on X: led to by any address of the post or of the account", async (world) => {
  const [ada, ben] = [await world.persona("Ada", "x"), await world.persona("Ben", "x")];
  const id = "1990000000000000001";
  const post = await world.says(ben, "The old pear tree by the station is in bloom again");
  await world.publish(ben, post, { id, url: `https://x.com/Ben/status/${id}` });
  for (
    const uri of [
      `https://x.com/Ben/status/${id}`,
      `https://x.com/Ben/status/${id}?s=20`,
      `https://x.com/ben/status/${id}/`,
      `https://twitter.com/Ben/status/${id}`,
      `http://mobile.x.com/Ben/status/${id}`,
      `https://x.com/i/status/${id}`,
      `https://x.com/i/web/status/${id}`,
      `https://x.com/renamed_since/status/${id}`,
      "https://x.com/Ben",
    ]
  ) strictEqual(await levelOfLink(world, ada, uri), "block", uri);
  strictEqual(await levelOfLink(world, ada, "https://x.com/zoe/status/1990000000000000002"), "pass");
  strictEqual(await levelOfLink(world, ada, "https://x.com/Ada"), "pass", "its own");
  strictEqual(await levelOfLink(world, ben, `https://x.com/i/status/${id}`), "pass", "its own");
  const elsewhere = await world.persona("Cyd", "bluesky");
  strictEqual(
    await levelOfLink(world, elsewhere, `https://x.com/i/status/${id}`),
    "block",
    "another platform",
  );
});

rulesTest(
  "own personas, on Bluesky: led to by DID, by handle, and by the page of the account",
  async (world) => {
    const [ada, ben] = [await world.persona("Ada", "bluesky"), await world.persona("Ben.example", "bluesky")];
    const account = {
      platform: "bluesky" as const,
      service: "https://pds.example",
      disclosure: "none" as const,
    };
    const did = "did:plc:ben";
    const linked = { ...account, connectionId: ben.connectionId, accountId: did, handle: "Ben.example" };
    await world.append(ben.id, [event("ConnectionLinked", linked)]);
    const post = await world.says(ben, "Another thing about the harbour at night");
    const url = `https://bsky.app/profile/${did}/post/3lbq2k4m5nc2x`;
    await world.publish(ben, post, { id: `at://${did}/app.bsky.feed.post/3lbq2k4m5nc2x`, url });
    for (
      const uri of [
        url,
        `${url}?ref=x`,
        "https://bsky.app/profile/ben.example/post/3lbq2k4m5nc2x",
        "https://bsky.app/profile/renamed.example/post/3lbq2k4m5nc2x",
        "https://bsky.app/profile/BEN.example",
        `https://bsky.app/profile/${did}`,
      ]
    ) strictEqual(await levelOfLink(world, ada, uri), "block", uri);
    strictEqual(
      await levelOfLink(world, ada, "https://bsky.app/profile/zoe.example/post/3lbq2k4m5nc2y"),
      "pass",
    );
  },
);

rulesTest("own personas, a post that a person found: known by the address that was given", async (world) => {
  const [ada, ben] = [await world.persona("Ada", "x"), await world.persona("Ben", "x")];
  const url = "https://x.com/Ben/status/1990000000000000003";
  const post = await world.says(ben, "A third matter about roots and rain in July weather");
  await world.publish(ben, post, { id: url, url });
  strictEqual(await levelOfLink(world, ada, "https://twitter.com/i/status/1990000000000000003"), "block");
});

rulesTest("own personas, an account that was replaced by another one: it is still ours", async (world) => {
  const [ada, ben] = [await world.persona("Ada", "bluesky"), await world.persona("Ben", "bluesky")];
  const named = await world.draft(ada, "hello", { facets: [mention("Ben", ben.accountId)] });
  const answer = await world.draft(ada, "hi", {
    answering: await world.heard(ada, { accountId: ben.accountId }),
  });
  const link = (who: Someone, accountId: string, handle: string) =>
    world.append(who.id, [event("ConnectionLinked", {
      connectionId: who.connectionId,
      platform: "bluesky",
      accountId,
      handle,
      service: "https://pds.example",
      disclosure: "none",
    })]);
  await link(ben, "did:plc:other", "ben2.example");
  match((await world.verdict(ada, named, "own_personas"))?.message ?? "", /^Names Ben/);
  match((await world.verdict(ada, answer, "own_personas"))?.message ?? "", /^Answers Ben/);
  await link(ada, ben.accountId, "ben");
  strictEqual(await world.level(ada, named, "own_personas"), "pass", "it is its own now");
});

rulesTest("own personas: named, answered or led to, by account and never by an old handle", async (world) => {
  const [ada, ben] = [await world.persona("Ada", "bluesky"), await world.persona("Ben", "bluesky")];
  const level = async (facets: ReturnType<typeof mention>[]) =>
    await world.level(ada, await world.draft(ada, "hello", { facets }), "own_personas");
  strictEqual(await level([mention("anything", ben.accountId)]), "block");
  strictEqual(await level([mention(ben.handle, "did:plc:somebody-else")]), "pass");
  strictEqual(await level([mention(ada.handle, ada.accountId)]), "pass", "its own account");

  const heard = await world.heard(ada, { accountId: ben.accountId });
  const answer = await world.draft(ada, "hello", { answering: heard });
  match((await world.verdict(ada, answer, "own_personas"))?.message ?? "", /^Answers Ben, another persona/);
  const stranger = await world.heard(ada, { accountId: "did:plc:zoe" });
  const fine = await world.draft(ada, "hello", { answering: stranger });
  strictEqual(await world.level(ada, fine, "own_personas"), "pass");

  const post = await world.says(ben, "The old pear tree by the station is in bloom again");
  const { id, url } = await world.publish(ben, post);
  const link = { kind: "link" as const, uri: url, start: 0, end: 1 };
  const leads = await world.draft(ada, "look", { facets: [link] });
  match((await world.verdict(ada, leads, "own_personas"))?.message ?? "", /^Leads to Ben/);
  const unknownAuthor = await world.draft(ada, "hi", { answering: { ...stranger, targetId: id } });
  strictEqual(await world.level(ada, unknownAuthor, "own_personas"), "block", "known by the post alone");
  const own = await world.draft(ben, "my own", { facets: [link] });
  strictEqual(await world.level(ben, own, "own_personas"), "pass");
});

rulesTest(
  "own personas, an account of odd characters or one unlinked since: recognised all the same",
  async (world) => {
    const ada = await world.persona("Ada", "linkedin");
    const ben = await world.persona('B"e\\n\u00e9/ü', "linkedin");
    const heard = await world.heard(ada, { accountId: ben.accountId });
    const answer = await world.draft(ada, "hello", { answering: heard });
    await world.append(ben.id, [event("ConnectionUnlinked", { connectionId: ben.connectionId })]);
    strictEqual(await world.level(ada, answer, "own_personas"), "block");
  },
);

rulesTest("own personas, in the sandbox: named in the text, which has no facets", async (world) => {
  const ada = await world.persona("ada.fern");
  await world.persona("ben.fern");
  strictEqual(
    await world.level(ada, await world.draft(ada, "what does @ben.fern say?"), "own_personas"),
    "block",
  );
  strictEqual(
    await world.level(ada, await world.draft(ada, "what does @zoe.fern say?"), "own_personas"),
    "pass",
  );
});
