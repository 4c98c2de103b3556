import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { BLUESKY, content, IDENTITY, SANDBOX } from "../testing.ts";
import type { ConnectionInfo } from "../events.ts";
import type { Identity } from "../identity.ts";
import type { Part } from "../platforms/port.ts";
import { blocked, checkContent } from "./policy.ts";

const FAMILY = "👨‍👩‍👧‍👦";

function verdict(rule: string, text: string, options: {
  identity?: Partial<Identity>;
  connection?: ConnectionInfo;
  facets?: Part["facets"];
} = {}) {
  const { identity = {}, connection = SANDBOX, facets = [] } = options;
  return checkContent(content(connection, text, facets), { ...IDENTITY, ...identity }, connection)
    .find((one) => one.rule === rule)?.level;
}

const banned = (word: string, text: string) =>
  verdict("banned_words", text, { identity: { bannedWords: [word] } });

Deno.test("length, counted as people count: a family emoji is one character", () => {
  strictEqual(verdict("length", "x".repeat(500)), "pass");
  strictEqual(verdict("length", "x".repeat(501)), "block");
  strictEqual(verdict("length", FAMILY.repeat(500)), "pass");
  strictEqual(verdict("length", FAMILY.repeat(501)), "block");
  strictEqual(verdict("length", "e\u0301".repeat(300), { connection: BLUESKY }), "pass");
  strictEqual(verdict("length", "x".repeat(301), { connection: BLUESKY }), "block");
});

Deno.test("length, more bytes than Bluesky stores: blocked, though the characters are few enough", () => {
  strictEqual(verdict("length", FAMILY.repeat(120), { connection: BLUESKY }), "pass");
  strictEqual(verdict("length", FAMILY.repeat(121), { connection: BLUESKY }), "block");
});

Deno.test("length, nothing that can be seen: blocked", () => {
  for (const text of ["", " \n\t", "\u200b", "\u3164 \u200d", "\ufeff"]) {
    strictEqual(verdict("length", text), "block");
  }
  const none = { ...content(SANDBOX, ""), parts: [] };
  strictEqual(blocked(checkContent(none, IDENTITY, SANDBOX))?.rule, "length");
});

Deno.test("length, a thread: the part that is too long is named", () => {
  const thread = {
    ...content(SANDBOX, ""),
    parts: ["fine", "x".repeat(501)].map((text) => ({ text, facets: [] })),
  };
  strictEqual(
    blocked(checkContent(thread, IDENTITY, SANDBOX))?.message,
    "Part 2 has 501 of at most 500 characters.",
  );
});

Deno.test("banned words, as words: found in any case and at any border, not inside other words", () => {
  for (const text of ["bad", "BAD!", "so (bad)", "“Bad”", "bad-ass", "x\nbad\ny", "a_bad_b", "it's bad."]) {
    strictEqual(banned("bad", text), "block", text);
  }
  for (const text of ["badge", "Sinbad", "forbadden", "b a d", "bad1", ""]) {
    strictEqual(banned("bad", text), "pass", text);
  }
  strictEqual(banned("c++", "I like c++!"), "block");
  strictEqual(banned("bad", "badge and bad"), "block", "the second place counts as well");
  strictEqual(banned("  ", "anything"), "pass", "an empty word bans nothing");
});

Deno.test("banned words, phrases: spaces and line ends between their words are the same", () => {
  strictEqual(banned("buy  now", "please Buy\n now"), "block");
  strictEqual(banned("buy now", "buy it now"), "pass");
});

Deno.test("banned words, hidden: behind width, joiners, invisible characters, ligatures and capitals", () => {
  for (
    const text of [
      "ｂａｄ",
      "b\u200bad",
      "b\u200da\u200cd",
      "b\u00ada\ufe0fd",
      "\u202eb\u202cad",
      "b\u034fad",
      "b\u{e0061}ad",
      "b\u2060ad",
      "𝐛𝐚𝐝",
    ]
  ) strictEqual(banned("bad", text), "block", JSON.stringify(text));
  strictEqual(banned("STRASSE", "die Straße"), "block");
  strictEqual(banned("straße", "DIE STRASSE"), "block");
  strictEqual(banned("office", "the oﬃce"), "block");
  strictEqual(banned("café", "a CAFE\u0301"), "block");
  strictEqual(banned("b\u200bad", "bad"), "block", "hidden in the list itself");
});

Deno.test("banned words, scripts: words end at marks of their own, and where no spaces are written anywhere", () => {
  strictEqual(banned("馬鹿", "あの馬鹿者め"), "block");
  strictEqual(banned("ห้าม", "นี่ห้ามพูด"), "block");
  strictEqual(banned("плохо", "очень ПЛОХО!"), "block");
  strictEqual(banned("плохо", "неплохо"), "pass");
  strictEqual(banned("क", "का"), "pass", "the vowel sign belongs to the word");
});

Deno.test("disclosure, on a real account: somebody is named and the account says that it is a machine", () => {
  strictEqual(verdict("disclosure", "t", { connection: BLUESKY }), "pass");
  strictEqual(verdict("disclosure", "t", { connection: BLUESKY, identity: { operatedBy: " " } }), "block");
  strictEqual(verdict("disclosure", "t", { connection: { ...BLUESKY, disclosure: "none" } }), "block");
  strictEqual(verdict("disclosure", "t", { identity: { operatedBy: "" } }), "pass");
});

Deno.test("links, other than http and https: blocked", () => {
  const link = (uri: string) =>
    verdict("links", "text", { facets: [{ kind: "link", uri, start: 0, end: 4 }] });
  for (const uri of ["https://example.org", "HTTP://example.org"]) strictEqual(link(uri), "pass");
  for (const uri of ["javascript:alert(1)", "data:text/html,x", " https://example.org", "httpx://a", "//a"]) {
    strictEqual(link(uri), "block", uri);
  }
});

Deno.test("real_person, on a real account: blocked; in the sandbox it may speak", () => {
  strictEqual(
    verdict("real_person", "t", { connection: BLUESKY, identity: { kind: "real_person" } }),
    "block",
  );
  strictEqual(verdict("real_person", "t", { identity: { kind: "real_person" } }), "pass");
  strictEqual(verdict("real_person", "t", { connection: BLUESKY }), "pass");
});

Deno.test("hidden characters, outside emoji: a person is warned; emoji and line ends are nothing special", () => {
  for (const text of ["a\u202eb", "a\u200bb", "a\u00adb", "a\u0007b", "a\u2066b", "\ufeffa", "a\u0085b"]) {
    strictEqual(verdict("hidden_characters", text), "warn", JSON.stringify(text));
  }
  for (const text of [FAMILY, "a\nb\tc", "❤️", "na\u00efve", "مرحبا"]) {
    strictEqual(verdict("hidden_characters", text), "pass");
  }
});

Deno.test("checkContent: every rule speaks, always in the same order", () => {
  deepStrictEqual(checkContent(content(SANDBOX, "t"), IDENTITY, SANDBOX).map(({ rule }) => rule), [
    "length",
    "disclosure",
    "banned_words",
    "hidden_characters",
    "links",
    "real_person",
  ]);
});
