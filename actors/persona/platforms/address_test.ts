import { deepStrictEqual, ok } from "node:assert/strict";
import { sentAt } from "./address.ts";
import type { Platform } from "./port.ts";

const DID = "did:plc:aaaaaaaaaaaaaaaaaaaaaaaa";
const idOf = (platform: Platform, url: string, accountId = "1") => {
  const at = sentAt(url, { platform, accountId });
  return "wrong" in at ? null : at.id;
};

Deno.test("an address that a person gives: the platform's own name for the post, whichever page shows it", () => {
  const posts: [Platform, string, string][] = [
    ["x", "https://x.com/adafern/status/1234567890123456789", "1234567890123456789"],
    ["x", "http://mobile.twitter.com/i/web/status/1234567890123456789?s=20", "1234567890123456789"],
    [
      "bluesky",
      "https://bsky.app/profile/ada.example/post/3lbbbbbbbbbbb",
      `at://${DID}/app.bsky.feed.post/3lbbbbbbbbbbb`,
    ],
    [
      "bluesky",
      `https://bsky.app/profile/${DID}/post/3lbbbbbbbbbbb?ref=x`,
      `at://${DID}/app.bsky.feed.post/3lbbbbbbbbbbb`,
    ],
    ["linkedin", "https://www.linkedin.com/feed/update/urn:li:share:712345/", "urn:li:share:712345"],
    ["linkedin", "https://www.linkedin.com/feed/update/urn%3Ali%3AugcPost%3A712345", "urn:li:ugcPost:712345"],
    ["linkedin", "https://www.linkedin.com/posts/ada-fern_trees-share-712345-AbCd", "urn:li:share:712345"],
    [
      "linkedin",
      "https://www.linkedin.com/feed/update/urn:li:activity:7/?commentUrn=urn%3Ali%3Acomment%3A%28urn%3Ali%3Aactivity%3A7%2C9%29",
      "urn:li:comment:(urn:li:activity:7,9)",
    ],
    ["sandbox", "http://127.0.0.1:8000/sandbox?thread=a#said-b", "b"],
  ];
  for (const [platform, url, id] of posts) {
    deepStrictEqual(sentAt(url, { platform, accountId: DID }), { id, url });
  }
});

Deno.test("an address that a person gives, of no post of this account there: said so where that can be told", () => {
  deepStrictEqual(idOf("x", "https://x.com/adafern"), null);
  deepStrictEqual(idOf("x", "https://bsky.app/profile/ada.example/post/3lbbbbbbbbbbb"), null);
  deepStrictEqual(idOf("bluesky", "https://bsky.app/profile/ada.example", DID), null);
  deepStrictEqual(idOf("bluesky", "https://bsky.app/profile/did:plc:other/post/3lbbbbbbbbbbb", DID), null);
  const wrong = sentAt("https://example.org", { platform: "x", accountId: "1" });
  ok("wrong" in wrong && wrong.wrong.includes("https://x.com/"));
});

Deno.test("an address that a person gives, of an activity on LinkedIn: the address is all that is known", () => {
  const url = "https://www.linkedin.com/posts/ada-fern_trees-activity-7123-AbCd";
  deepStrictEqual(idOf("linkedin", url), url);
});
