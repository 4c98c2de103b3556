import assert from "node:assert/strict";
import type { Facet, Platform } from "../port.ts";
import { loadText } from "./platform_text.ts";

async function found(platform: Platform, text: string): Promise<[string, Facet["kind"]][]> {
  const bytes = new TextEncoder().encode(text);
  const { facets } = await loadText(platform);
  return facets(text).map((
    { start, end, kind },
  ) => [new TextDecoder().decode(bytes.slice(start, end)), kind]);
}

Deno.test("one text means on each platform what that platform makes of it", async () => {
  const text = "☕ @wren_o, @ada.test: see example.com/a, (https://example.org). #trees $AAPL #42";
  const link = (shown: string) => [shown, "link"];
  const tag = (shown: string) => [shown, "tag"];
  const mention = (shown: string) => [shown, "mention"];
  const links = [link("example.com/a"), link("https://example.org")];
  const trees = tag("#trees");
  assert.deepEqual(await found("sandbox", text), [
    mention("@wren_o"),
    mention("@ada.test"),
    link("https://example.org"),
    trees,
  ]);
  assert.deepEqual(await found("bluesky", text), [mention("@ada.test"), ...links, trees, tag("$AAPL")]);
  assert.deepEqual(await found("linkedin", text), [link("https://example.org"), trees]);
  assert.deepEqual(await found("x", text), [
    mention("@wren_o"),
    mention("@ada"),
    ...links,
    trees,
    ["$AAPL", "cashtag"],
  ]);
});

Deno.test("a mention has no account before it was asked for", async () => {
  for (const platform of ["sandbox", "bluesky", "x"] as const) {
    const { facets } = await loadText(platform);
    const mention = facets("@ada.test").find(({ kind }) => kind === "mention");
    assert.ok(mention?.kind === "mention");
    assert.equal(mention.accountId, "", platform);
    assert.equal(mention.handle, platform === "x" ? "ada" : "ada.test");
  }
});
