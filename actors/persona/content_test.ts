import { createHash } from "node:crypto";
import { notStrictEqual, strictEqual } from "node:assert/strict";
import type { Content } from "./content.ts";
import { contentHash, fullText, hashJson } from "./content.ts";

const facet = { start: 0, end: 4, kind: "mention" as const, handle: "bob.example", accountId: "did:plc:bob" };
const CONTENT: Content = {
  connectionId: "c",
  accountId: "did:plc:ada",
  parts: [{ text: "@bob hi", facets: [facet] }],
  replyTarget: null,
  labels: [],
  disclosure: "profile_label",
  language: "en",
};

Deno.test("contentHash, each field that a person sees: another value, another hash", () => {
  const others: Partial<Content>[] = [
    { connectionId: "d" },
    { accountId: "did:plc:eve" },
    { parts: [{ text: "@bob ho", facets: [facet] }] },
    { parts: [{ text: "@bob hi", facets: [] }] },
    { parts: [{ text: "@bob hi", facets: [{ ...facet, accountId: "did:plc:eve" }] }] },
    { parts: [{ text: "@bob hi", facets: [{ ...facet, end: 5 }] }] },
    {
      parts: [{ text: "@bob hi", facets: [{ start: 0, end: 4, kind: "link", uri: "https://example.org" }] }],
    },
    { parts: [...CONTENT.parts, ...CONTENT.parts] },
    { replyTarget: { interactionId: "i", id: "at://other" } },
    { labels: ["sexual"] },
    { disclosure: "none" },
    { language: "de" },
  ];
  const hashes = new Set(others.map((other) => contentHash({ ...CONTENT, ...other })));
  hashes.add(contentHash(CONTENT));
  strictEqual(hashes.size, others.length + 1);
});

Deno.test("contentHash, the order of keys: as it comes back from jsonb, the same", () => {
  const { accountId, handle, kind, end, start } = facet;
  const shuffled: Content = {
    language: "en",
    disclosure: "profile_label",
    labels: [],
    replyTarget: null,
    parts: [{ facets: [{ accountId, handle, kind, end, start }], text: "@bob hi" }],
    accountId: "did:plc:ada",
    connectionId: "c",
  };
  strictEqual(contentHash(shuffled), contentHash(CONTENT));
  strictEqual(contentHash(JSON.parse(JSON.stringify(CONTENT))), contentHash(CONTENT));
});

Deno.test("contentHash, this content: this hash, for ever, since approvals are kept", () => {
  const canonical =
    '{"account":"did:plc:ada","connection":"c","disclosure":"profile_label","labels":[],"language":"en",' +
    '"parts":[{"alt":[],"links":[],"media":[],"mentions":[],"text":"hi"}],"replyTarget":null}';
  const expected = createHash("sha256").update(canonical).digest("hex");
  strictEqual(contentHash({ ...CONTENT, parts: [{ text: "hi", facets: [] }] }), expected);
});

Deno.test("hashJson: arrays keep their order, text that looks alike is not alike", () => {
  notStrictEqual(hashJson([1, 2]), hashJson([2, 1]));
  notStrictEqual(hashJson("é"), hashJson("e\u0301"));
  strictEqual(hashJson({ a: 1, b: undefined }), hashJson({ a: 1 }));
});

Deno.test("fullText, a thread: its parts apart by an empty line", () => {
  strictEqual(
    fullText({ ...CONTENT, parts: [{ text: "a", facets: [] }, { text: "b", facets: [] }] }),
    "a\n\nb",
  );
  strictEqual(fullText(null), "");
});
