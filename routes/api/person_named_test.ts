import { deepStrictEqual, match, ok } from "node:assert/strict";
import { tidyPerson } from "./person_named.ts";

const DID = "did:plc:ewvi7nxzyoun6zhxrhs64oiz";

Deno.test("a person named, however it was pasted: the platform's own handle", () => {
  for (
    const handle of [
      "zoe.example",
      "@Zoe.Example",
      " \uff20zoe.example ",
      "@zoe.example\u202c",
      "\u2068@zoe.example\u2069",
      "zoe.example\u200b",
      "https://bsky.app/profile/zoe.example",
      "bsky.app/profile/zoe.example/post/3k?ref=x",
      "at://zoe.example",
      "at://zoe.example/app.bsky.feed.post/3k",
    ]
  ) deepStrictEqual(tidyPerson("bluesky", { handle }), { account: undefined, handle: "zoe.example" }, handle);
  for (const handle of ["@Zoe_1", "https://x.com/zoe_1", "http://mobile.twitter.com/zoe_1/status/1?s=20"]) {
    deepStrictEqual(tidyPerson("x", { handle }), { account: undefined, handle: "zoe_1" }, handle);
  }
  deepStrictEqual(tidyPerson("x", { handle: "https://x.com/homer" }), {
    account: undefined,
    handle: "homer",
  });
});

Deno.test("a person named by an id in the place of the handle, or the other way round in an address: taken as what it is", () => {
  for (const handle of [DID, `https://bsky.app/profile/${DID}`, `at://${DID}`]) {
    deepStrictEqual(tidyPerson("bluesky", { handle }), { account: DID, handle: undefined }, handle);
  }
  deepStrictEqual(tidyPerson("x", { account: "https://x.com/zoe" }), { account: undefined, handle: "zoe" });
  deepStrictEqual(tidyPerson("x", { account: "42\u202c", handle: "123" }), { account: "42", handle: "123" });
  const urn = "urn:li:person:a-B_1";
  deepStrictEqual(tidyPerson("linkedin", { handle: urn }), { account: urn, handle: undefined });
});

Deno.test("a person named by what can never match: refused, with the field and what would be right", () => {
  const refused = (
    platform: Parameters<typeof tidyPerson>[0],
    given: Parameters<typeof tidyPerson>[1],
    field: string,
    reason: RegExp,
  ) => {
    const found = tidyPerson(platform, given);
    ok("reason" in found, JSON.stringify([given, found]));
    deepStrictEqual(found.field, field);
    match(found.reason, reason);
  };
  for (
    const handle of [
      "zoe example",
      "zoe",
      "https://x.com/zoe",
      "https://bsky.app",
      "did:key:z1",
      "zoe@example.org",
    ]
  ) {
    refused("bluesky", { handle }, "handle", /ada\.bsky\.social/);
  }
  for (const handle of ["zoe example", "https://x.com/i/status/1", "https://x.com/", DID, "\u202c"]) {
    refused("x", { handle }, "handle", /up to 15 letters/);
  }
  refused("bluesky", { account: "zoe.example" }, "account", /a DID such as/);
  refused("x", { account: "zoe" }, "account", /a number/);
  refused("linkedin", { account: "zoe" }, "account", /urn:li:person/);
  refused("linkedin", { handle: "zoe" }, "account", /no handles/);
  refused("bluesky", { account: DID, handle: "did:plc:other" }, "handle", /another one/);
});
