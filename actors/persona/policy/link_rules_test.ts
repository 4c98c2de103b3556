import { match, strictEqual } from "node:assert/strict";
import type { Facet } from "../platforms/port.ts";
import { BLUESKY } from "../testing.ts";
import { level, ruling, X } from "./testing.ts";

const cashtag = (tag: string): Facet => ({ kind: "cashtag", tag, start: 0, end: 1 });
const bare: Facet = { kind: "link", uri: "https://example.org", start: 0, end: 11 };

Deno.test("links, other than http and https: blocked", () => {
  const link = (uri: string) => level("links", "text", { facets: [{ kind: "link", uri, start: 0, end: 4 }] });
  for (const uri of ["https://example.org", "HTTP://example.org"]) strictEqual(link(uri), "pass");
  for (const uri of ["javascript:alert(1)", "data:text/html,x", " https://example.org", "httpx://a", "//a"]) {
    strictEqual(link(uri), "block", uri);
  }
});

Deno.test("link price, on X: what a link costs and what it would be without; no such rule elsewhere", () => {
  const priced = ruling("link_price", "see https://example.org", { connection: X });
  strictEqual(priced?.level, "warn");
  match(priced?.message ?? "", /\$0\.20 .*\$0\.015/);
  match(priced?.source ?? "", /pricing$/);
  strictEqual(level("link_price", "example.org", { connection: X, facets: [bare] }), "warn");
  strictEqual(level("link_price", "no link, 3.5 times", { connection: X }), "pass");
  strictEqual(level("link_price", "see https://example.org", { connection: BLUESKY }), undefined);
});

Deno.test("link price, a thread: only the parts with a link cost more", () => {
  const parts = ["https://a.example", "none", "https://b.example"].map((text) => ({ text, facets: [] }));
  match(ruling("link_price", "", { connection: X, parts })?.message ?? "", /\$0\.20 for each of 2 parts/);
});

Deno.test("cashtags, on X: one in a part; hashtags are free, and other platforms do not count", () => {
  const two = [cashtag("ABC"), cashtag("DEF")];
  strictEqual(level("cashtags", "$ABC", { connection: X, facets: two.slice(1) }), "pass");
  strictEqual(level("cashtags", "$ABC $DEF", { connection: X, facets: two }), "block");
  strictEqual(level("cashtags", "$ABC $DEF", { connection: BLUESKY, facets: two }), undefined);
  const tags: Facet[] = ["a", "b", "c"].map((tag) => ({ kind: "tag", tag, start: 0, end: 1 }));
  strictEqual(level("cashtags", "#a #b #c", { connection: X, facets: tags }), "pass");
  const parts = two.map((facet) => ({ text: "t", facets: [facet] }));
  strictEqual(level("cashtags", "", { connection: X, parts }), "pass", "one in each of two parts");
});
