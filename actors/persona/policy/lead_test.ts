import { deepStrictEqual, notStrictEqual, strictEqual } from "node:assert/strict";
import { leadOf, postKey } from "./lead.ts";

const key = (uri: string) => leadOf(uri).key;
const owner = (uri: string) => {
  const { account } = leadOf(uri);
  return account && `${account.platform} ${account.name}`;
};

Deno.test("lead, a page: the same however its address is written, and whoever shared it", () => {
  const page = "link example.org/trees";
  for (
    const same of [
      "https://example.org/trees",
      "http://www.Example.org/trees/",
      "https://m.example.org/trees",
      "https://www2.example.org/trees",
      "https://www.m.example.org/trees",
      "https://example.org./trees",
      "https://example.org:80/trees",
      "http://example.org:443/trees",
      "https://ann@example.org/trees",
      "https://example.org/%74rees",
      "https://example.org//trees//",
      "https://example.org/trees;a=1",
      "https://example.org/trees/index.html",
      "https://example.org/trees/default.aspx",
      "https://example.org/trees#roots",
      "https://example.org/trees?utm_source=ada&utm_medium=x",
      "https://example.org/trees?_ga=1&msclkid=2",
      "https://example.org/trees?page=2",
    ]
  ) strictEqual(key(same), page, same);
  strictEqual(key("https://example.org/caf%C3%A9"), key("https://example.org/caf%65\u0301"));
  strictEqual(key("https://example.org"), key("https://example.org/index.php?a=1"));
});

Deno.test("lead, another page: another key; what cannot be read is kept as it is", () => {
  for (
    const other of [
      "https://example.org/Trees",
      "https://example.com/trees",
      "https://example.org:8080/trees",
      "https://trees.example.org/trees",
      "https://example.org/trees/oak",
    ]
  ) notStrictEqual(key(other), "link example.org/trees", other);
  strictEqual(key("https://m.co/a"), "link m.co/a", "a site of its own");
  strictEqual(key("no url"), "link no url");
  strictEqual(
    key("https://example.org/%00%ff"),
    "link example.org/%00%FF",
    "nothing that a database refuses",
  );
});

Deno.test("lead, a post on X: one key for each of its addresses, whatever name stands in it", () => {
  const post = "1990000000000000001";
  for (
    const [address, account] of [
      [`https://x.com/Ben/status/${post}`, "x ben"],
      [`https://x.com/Ben/status/${post}?s=20`, "x ben"],
      [`https://x.com/ben/status/${post}/photo/1`, "x ben"],
      [`https://twitter.com/Ben/statuses/${post}/`, "x ben"],
      [`http://mobile.x.com/Ben/status/${post}`, "x ben"],
      [`https://x.com/i/status/${post}`, null],
      [`https://x.com/i/web/status/${post}`, null],
      [`https://x.com/intent/like?tweet_id=${post}`, null],
      [`https://x.com/intent/post?in_reply_to=${post}`, null],
      [`https://fxtwitter.com/Ben/status/${post}`, "x ben"],
    ] as const
  ) {
    strictEqual(key(address), `post x ${post}`, address);
    strictEqual(owner(address), account, address);
  }
  strictEqual(postKey("x", post), `post x ${post}`);
  strictEqual(postKey("x", `https://x.com/i/status/${post}`), `post x ${post}`, "as a person gave it");
  strictEqual(key("https://blog.example/ben/status/17"), "link blog.example/ben/status/17");
});

Deno.test("lead, a post on Bluesky: by DID, by handle and as a record it is one", () => {
  const post = "3lbq2k4m5nc2x";
  for (
    const address of [
      `https://bsky.app/profile/did:plc:ben/post/${post}`,
      `https://bsky.app/profile/did%3Aplc%3Aben/post/${post}?ref=x`,
      `https://deer.social/profile/did:plc:ben/post/${post}`,
      `http://127.0.0.1:2583/xrpc/com.atproto.repo.getRecord?repo=did%3Aplc%3Aben&collection=app.bsky.feed.post&rkey=${post}`,
      `https://embed.bsky.app/embed/did:plc:ben/app.bsky.feed.post/${post}`,
    ]
  ) deepStrictEqual([key(address), owner(address)], [`post bluesky ${post}`, "bluesky did:plc:ben"], address);
  const byHandle = `https://bsky.app/profile/Ben.example/post/${post}`;
  deepStrictEqual([key(byHandle), owner(byHandle)], [`post bluesky ${post}`, "bluesky ben.example"]);
  strictEqual(postKey("bluesky", `at://did:plc:ben/app.bsky.feed.post/${post}`), `post bluesky ${post}`);
});

Deno.test("lead, a post on LinkedIn: its number; what stands under it is on it too", () => {
  for (
    const address of [
      "https://www.linkedin.com/feed/update/urn:li:activity:7123/",
      "https://linkedin.com/feed/update/urn%3Ali%3Aactivity%3A7123?utm_source=share",
      "https://www.linkedin.com/feed/update/urn:li:activity:7123/?commentUrn=urn%3Ali%3Acomment%3A%28urn%3Ali%3Aactivity%3A7123%2C9%29",
      "https://de.linkedin.com/posts/ben-co_a-fine-word-activity-7123-AbCd",
      "https://www.linkedin.com/feed/?highlightedUpdateUrn=urn%3Ali%3Aactivity%3A7123",
    ]
  ) strictEqual(key(address), "post linkedin 7123", address);
  strictEqual(postKey("linkedin", "urn:li:share:7123"), "post linkedin 7123");
  strictEqual(postKey("linkedin", "urn:li:comment:(urn:li:activity:7123,9)"), "post linkedin 7123");
});

Deno.test("lead, a post of the sandbox: as the console shows it; its page alone is none", () => {
  strictEqual(key("http://localhost:8000/sandbox?thread=a#said-b"), "post sandbox b");
  strictEqual(key("http://localhost:8000/sandbox?thread=a"), "post sandbox a");
  strictEqual(key("http://localhost:8000/sandbox"), "link localhost:8000/sandbox");
  strictEqual(postKey("sandbox", "b"), "post sandbox b");
});

Deno.test("lead, the page of an account: whose it is, in small letters", () => {
  for (
    const [address, account] of [
      ["https://x.com/Ben", "x ben"],
      ["https://mobile.twitter.com/@Ben/media", "x ben"],
      ["https://x.com/i/user/42", "x 42"],
      ["https://x.com/intent/user?screen_name=Ben", "x ben"],
      ["https://bsky.app/profile/Ben.example", "bluesky ben.example"],
      ["https://bsky.app/profile/did:plc:ben", "bluesky did:plc:ben"],
      ["https://www.linkedin.com/company/Ben-Co/", "linkedin ben-co"],
      ["https://www.linkedin.com/company/42/posts", "linkedin urn:li:organization:42"],
      ["https://www.linkedin.com/in/ben/", "linkedin ben"],
      ["https://ben.example/profile/ada", null],
      ["https://help.x.com/en/rules", null],
    ] as const
  ) strictEqual(owner(address), account, address);
  strictEqual(key("https://twitter.com/Ben"), key("https://x.com/ben/"));
});
