import { match, strictEqual } from "node:assert/strict";
import { authorHash } from "../content.ts";
import { BLUESKY, SANDBOX } from "../testing.ts";
import type { Answered } from "./policy.ts";
import { level, LINKEDIN, mention, ruling, X } from "./testing.ts";

const bob = mention("Bob.Example", "did:plc:bob");

const answering = (more: Partial<Answered> = {}): Answered => ({
  authorHash: authorHash("bluesky", "did:plc:bob"),
  kind: "reply",
  summons: true,
  ...more,
});

Deno.test("mentions, somebody who did not ask: blocked on every real platform with the source, a warning in the sandbox", () => {
  for (const connection of [X, BLUESKY, LINKEDIN]) {
    const verdict = ruling("mentions", "@bob", { connection, facets: [bob] });
    strictEqual(verdict?.level, "block");
    match(verdict?.message ?? "", /@bob\.example/);
    match(verdict?.source ?? "", /^https:/);
  }
  strictEqual(level("mentions", "@bob", { connection: SANDBOX, facets: [bob] }), "warn");
  strictEqual(level("mentions", "a @word that is nobody", { connection: X }), "pass");
});

Deno.test("mentions, a text of the sandbox: names are found in it, which is not prepared", () => {
  const of = (text: string, mayMention: string[] = []) =>
    level("mentions", text, { connection: SANDBOX, identity: { mayMention } });
  strictEqual(of("hello @wren_okoye"), "warn");
  strictEqual(of("hello @wren_okoye", ["Wren_Okoye"]), "pass");
  strictEqual(of(`it is me, @${SANDBOX.handle}`), "pass");
  strictEqual(of("an address: me@example.org"), "pass");
});

Deno.test("mentions, somebody who agreed: allowed by handle, in any case and with or without the sign", () => {
  for (const mayMention of [["bob.example"], ["@BOB.example "], ["ann", "bob.Example"]]) {
    strictEqual(
      level("mentions", "@bob", { connection: X, identity: { mayMention }, facets: [bob] }),
      "pass",
    );
  }
  const carol = mention("carol", "did:plc:carol");
  const both = { connection: X, identity: { mayMention: ["bob.example"] }, facets: [bob, carol] };
  match(ruling("mentions", "@bob @carol", both)?.message ?? "", /@carol/);
});

Deno.test("mentions, in an answer: whoever is answered may be named, known by account and not by handle; nobody else", () => {
  const says = (facet: typeof bob, more?: Partial<Answered>) =>
    level("mentions", "@bob", { connection: BLUESKY, facets: [facet], answering: answering(more) });
  strictEqual(says(bob), "pass");
  strictEqual(says(mention("renamed.example", "did:plc:bob")), "pass");
  strictEqual(says(mention("Bob.Example", "did:plc:other")), "block", "somebody else under the old handle");
  strictEqual(says(bob, { authorHash: null }), "block", "not known whom it answers");
  const sameIdElsewhere = { connection: X, facets: [bob], answering: answering() };
  strictEqual(level("mentions", "@bob", sameIdElsewhere), "block", "another platform's account");
});

Deno.test("mentions, the persona's own account: no one else is spoken to", () => {
  strictEqual(level("mentions", "@me", { connection: X, facets: [mention("me", X.accountId)] }), "pass");
});

Deno.test("solicited, answers: only to words for the persona that the platform lets a program answer", () => {
  const says = (more?: Partial<Answered>) =>
    level("solicited", "t", { connection: X, answering: answering(more) });
  for (const kind of ["mention", "reply", "quote"] as const) strictEqual(says({ kind }), "pass");
  for (const kind of ["like", "repost", "follow"] as const) strictEqual(says({ kind }), "block");
  strictEqual(says({ summons: false }), "block");
  match(
    ruling("solicited", "t", { connection: X, answering: answering({ summons: false }) })?.message ?? "",
    /named/,
  );
  const toOthers = { connection: BLUESKY, answering: answering({ summons: false }) };
  match(ruling("solicited", "t", toOthers)?.message ?? "", /somebody else/);
  strictEqual(level("solicited", "t", { connection: X }), undefined, "a post of its own");
});
