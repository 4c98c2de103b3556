import assert from "node:assert/strict";
import { ExternalLink, Foreign, pieces, Said, spans } from "./text.tsx";
import { dayName, say } from "./time.tsx";

Deno.test("invisible and direction-changing characters become named pieces", () => {
  assert.deepEqual(pieces("a\u202eb\u200bc"), [
    { text: "a", hidden: null },
    { text: "U+202E", hidden: "right-to-left override" },
    { text: "b", hidden: null },
    { text: "U+200B", hidden: "zero-width space" },
    { text: "c", hidden: null },
  ]);
  assert.equal(pieces("👩‍👩‍👧 ok\n\tfine").length, 1, "joined emoji, line breaks and tabs are no tricks");
  assert.equal(pieces("x\ud800y").every(({ text }) => text.isWellFormed()), true);
});

Deno.test("foreign text is escaped, isolated and never processed", () => {
  const html = String(<Foreign text={`<b hx-get="/x">hi</b>\u2066`} />);
  assert.match(html, /^<div class="foreign" dir="auto" hx-ignore="">/);
  assert.match(html, /&lt;b hx-get=&quot;\/x&quot;&gt;/);
  assert.doesNotMatch(html, /\u2066/);
});

Deno.test("a link that says something else than its target shows the target", () => {
  const text = "été: see good.example";
  const start = new TextEncoder().encode("été: see ").length;
  const end = start + "good.example".length;
  const part = { text, facets: [{ start, end, kind: "link" as const, uri: "https://evil.example/x" }] };
  assert.deepEqual(spans(part).map(({ text }) => text), ["été: see ", "good.example"]);
  assert.match(String(<Said part={part} />), /→ https:\/\/evil\.example\/x/);
  const honest = { ...part, facets: [{ start, end, kind: "link" as const, uri: "https://good.example/" }] };
  assert.doesNotMatch(String(<Said part={honest} />), /→/);
});

Deno.test("spans that overlap or lie outside are left plain, and no text is lost", () => {
  const facets = [
    { start: 0, end: 3, kind: "tag" as const, tag: "abc" },
    { start: 2, end: 5, kind: "tag" as const, tag: "cde" },
    { start: 4, end: 99, kind: "tag" as const, tag: "x" },
  ];
  assert.equal(spans({ text: "abcdef", facets }).map(({ text }) => text).join(""), "abcdef");
});

Deno.test("only http and https are links, and they say where they lead", () => {
  assert.doesNotMatch(String(<ExternalLink href="javascript:alert(1)">x</ExternalLink>), /href/);
  assert.doesNotMatch(String(<ExternalLink href="data:text/html,x">x</ExternalLink>), /href/);
  const link = String(<ExternalLink href={`https://a.example/"onclick="x`}>here</ExternalLink>);
  assert.match(link, /rel="noopener noreferrer nofollow"/);
  assert.match(link, /↗ a\.example/);
  assert.doesNotMatch(link, /"onclick/);
});

Deno.test("times are said in the persona's zone, the day where it is not today", () => {
  const now = Date.parse("2026-11-22T18:00:00Z");
  assert.equal(say("2026-11-22T18:30:05Z", "Asia/Tokyo", "clock", now), "03:30:05");
  assert.equal(say("2026-11-22T18:30:00Z", "Europe/Lisbon", "short", now), "18:30");
  assert.equal(say("2026-12-01T14:30:00Z", "Europe/Lisbon", "short", now), "Tue 1 Dec 14:30");
  assert.equal(say("2027-01-05T09:00:00Z", "Europe/Lisbon", "short", now), "Tue 5 Jan 2027 09:00");
  assert.equal(
    say("2026-11-22T18:30:00Z", "No/Where", "short", now),
    "18:30",
    "an unknown zone reads as UTC",
  );
  assert.equal(dayName("2026-11-21T23:30:00Z", "Europe/Lisbon", now), "Yesterday");
  assert.equal(dayName("2026-11-22T23:30:00Z", "Asia/Tokyo", now), "Today");
});
