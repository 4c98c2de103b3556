import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { holdsOf, readStopKey, stopFor, stopKey, stopOrder, stopReason } from "./stop_scope.ts";
import type { Stop, StopScope } from "./supervisor_port.ts";

const SCOPES: StopScope[] = [
  { kind: "all" },
  { kind: "platform", platform: "bluesky" },
  { kind: "persona", personaId: "p1" },
  { kind: "post", personaId: "p1", postId: "a" },
];

const stop = (scope: StopScope, since = "2026-11-22T14:02:00.000Z"): Stop => ({
  scope,
  by: "user:ann",
  why: "a typo",
  since,
});
const [ALL, BLUESKY, PERSONA, POST] = SCOPES.map((scope) => stop(scope)) as [Stop, Stop, Stop, Stop];
const post = { personaId: "p1", platform: "bluesky", postId: "a" } as const;

Deno.test("stop for a post: each scope holds what it names, and only that", () => {
  const others = {
    platform: { ...post, platform: "sandbox" as const },
    persona: { ...post, personaId: "p2" },
    post: { ...post, postId: "b" },
  };
  for (const one of [ALL, BLUESKY, PERSONA, POST]) strictEqual(stopFor([one], post), one, one.scope.kind);
  for (const other of Object.values(others)) strictEqual(stopFor([ALL], other), ALL);
  strictEqual(stopFor([BLUESKY], others.platform), null);
  strictEqual(stopFor([BLUESKY], others.persona), BLUESKY);
  strictEqual(stopFor([PERSONA], others.persona), null);
  strictEqual(stopFor([PERSONA], others.post), PERSONA);
  strictEqual(stopFor([POST], others.post), null);
  strictEqual(stopFor([POST], others.persona), null, "a post is its persona's");
  strictEqual(stopFor([], post), null);
});

Deno.test("stop for a post: of several the widest, whatever their order", () => {
  strictEqual(stopFor([POST, PERSONA, BLUESKY, ALL], post), ALL);
  strictEqual(stopFor([POST, BLUESKY, PERSONA], post), BLUESKY);
  strictEqual(stopFor([POST, PERSONA], post), PERSONA);
});

Deno.test("holds of a persona: what concerns it, and nothing of another", () => {
  deepStrictEqual(holdsOf([ALL, BLUESKY, PERSONA, POST], "p1"), [
    { platform: null, postId: null },
    { platform: "bluesky", postId: null },
    { platform: null, postId: null },
    { platform: null, postId: "a" },
  ]);
  deepStrictEqual(holdsOf([PERSONA, POST], "p2"), []);
});

Deno.test("keys of scopes: read back as they were, and nothing else is read", () => {
  for (const scope of SCOPES) deepStrictEqual(readStopKey(stopKey(scope)), scope);
  for (
    const key of [
      "",
      "none",
      "all of it",
      "platform",
      "platform mars",
      "platform bluesky x",
      "persona",
      "persona a b",
    ]
      .concat(["post", "post p1", "post p1 ", "post p1 a b", "persona  "])
  ) {
    strictEqual(readStopKey(key), null, JSON.stringify(key));
  }
});

Deno.test("order of stops: the widest first, then the oldest", () => {
  const later = stop({ kind: "post", personaId: "p0", postId: "0" }, "2026-11-22T15:00:00.000Z");
  const sorted = [later, POST, PERSONA, BLUESKY, ALL].sort((a, b) => stopOrder(a) < stopOrder(b) ? -1 : 1);
  deepStrictEqual(sorted, [ALL, BLUESKY, PERSONA, POST, later]);
});

Deno.test("reason of a stop: says which, by whom and why", () => {
  deepStrictEqual([ALL, BLUESKY, PERSONA, { ...POST, why: "" }].map(stopReason), [
    "All posting was stopped by user:ann: a typo",
    "Posting on Bluesky was stopped by user:ann: a typo",
    "Posting of this persona was stopped by user:ann: a typo",
    "This post was held by user:ann.",
  ]);
});
