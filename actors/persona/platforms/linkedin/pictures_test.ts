import assert from "node:assert/strict";
import { type Fault, FAULTS } from "../../../../tests/stand_ins/linkedin/faults.ts";
import type { Outcome } from "../port.ts";
import { createLinkedInAdapter } from "./adapter.ts";
import { idOf, MEMBER, NOW, PAGE, pictureOf, VERSION, withLinkedIn } from "./testing.ts";

const INIT = "POST /rest/images";
const PUT = "PUT /dms-uploads/";

Deno.test("one picture is a post's media, more are a multi-image, each with its words, in their order", async () => {
  await withLinkedIn(async ({ linkedin, adapter, look, link, payload, asked }) => {
    for (const author of [PAGE, MEMBER]) {
      const context = link(author);
      const alone = payload("One #tide https://example.org/a", { author, pictures: ["Boats (at rest)"] });
      const several = payload("Three", { author, pictures: ["A", "", "C"] });
      const first = idOf(await adapter.publish(context, alone, []));
      assert.equal(asked().length, 3);
      const second = idOf(await adapter.publish(context, several, []));
      assert.equal(asked().length, 7);
      const [a, b, c, d] = linkedin.control.images().slice(-4).map(({ urn }) => urn);
      const contentOf = (urn: string) => linkedin.control.posts().find((post) => post.urn === urn)?.content;
      assert.deepEqual(contentOf(first), { media: { id: a, altText: "Boats (at rest)" } });
      assert.deepEqual(contentOf(second), {
        multiImage: { images: [{ id: b, altText: "A" }, { id: c }, { id: d, altText: "C" }] },
      });
      assert.deepEqual(
        linkedin.control.images().slice(-4).map(({ sha256, owner }) => [sha256, owner]),
        ["Boats (at rest)", "A", "", "C"].map((alt) => [pictureOf(alt).sha256, author]),
      );
      if (author === PAGE) {
        assert.equal(idOf(await look(context, alone)), first);
        assert.equal(idOf(await look(context, several)), second);
        asked();
        // The same words with other pictures are another post.
        const bare = payload("Three");
        assert.equal((await look(context, bare)).kind, "absent");
        asked();
      }
    }
    assert.deepEqual(linkedin.control.refused(), []);
  });
});

/** What an attempt comes to for a fault at either step of the first upload, where it is not `not_sent`. */
const COMES_TO: Record<typeof INIT | typeof PUT, Partial<Record<Fault, Outcome["kind"]>>> = {
  [INIT]: {
    rate_limited_application: "rate_limited",
    rate_limited_member: "rate_limited",
    expired_token: "auth_dead",
    revoked_token: "auth_dead",
    invalid_token: "auth_dead",
    missing_scope: "auth_dead",
    role_lost: "auth_dead",
    token_in_error: "rejected",
    // These mean nothing here.
    read_lag: "sent",
    ghost_duplicate: "sent",
    without_id: "sent",
    image_processing_failed: "sent",
    slow: "sent",
  },
  [PUT]: {
    rate_limited_application: "rate_limited",
    rate_limited_member: "rate_limited",
    expired_token: "auth_dead",
    revoked_token: "auth_dead",
    invalid_token: "auth_dead",
    token_in_error: "rejected",
    image_processing_failed: "rejected",
    missing_scope: "sent",
    role_lost: "sent",
    read_lag: "sent",
    ghost_duplicate: "sent",
    without_id: "sent",
    junk_answer: "sent",
    slow: "sent",
  },
};

Deno.test("an upload that fails is never uncertain, and nothing is posted then", async () => {
  await withLinkedIn(async ({ linkedin, adapter, link, payload, fail }) => {
    for (const place of [INIT, PUT] as const) {
      for (const fault of FAULTS) {
        const context = link();
        const text = `${fault} at ${place}`;
        fail(fault, place);
        const outcome = await adapter.publish(context, payload(text, { pictures: ["A", "B"] }), []);
        linkedin.control.mend();
        const said = `${text}: ${JSON.stringify(outcome)}`;
        assert.equal(outcome.kind, COMES_TO[place][fault] ?? "not_sent", said);
        assert.equal(linkedin.control.posts({ text }).length, outcome.kind === "sent" ? 1 : 0, said);
        const { access } = JSON.parse(context.secret).grant;
        const told = JSON.stringify(outcome);
        assert.ok(!/dms-uploads|[?&]ut=/.test(told) && !told.includes(String(access).slice(0, 20)), said);
      }
    }
  }, { deadlineMs: 600 });
});

Deno.test("a picture that LinkedIn could not process, or that is not at hand, is said so", async () => {
  await withLinkedIn(async ({ linkedin, adapter, link, payload, fail, asked }) => {
    const context = link();
    fail("image_processing_failed", PUT);
    const broken = await adapter.publish(context, payload("x", { pictures: ["A"] }), []);
    assert.equal(broken.kind, "rejected");
    assert.match(JSON.stringify(broken), /could not be processed/);
    asked();
    const away = { ...context, media: () => Promise.reject(new Error("no room for the secret")) };
    assert.deepEqual(await adapter.publish(away, payload("y", { pictures: ["A"] }), []), {
      kind: "not_sent",
      reason: "a picture of this post could not be read (Error)",
    });
    assert.deepEqual([asked(), linkedin.control.posts().length], [[], 0]);
  });
});

Deno.test("the token and the picture go to LinkedIn's own addresses only", async () => {
  await withLinkedIn(async ({ linkedin, link, payload, now, asked }) => {
    // The stand-in's uploads are elsewhere for whoever knows another address of LinkedIn's pages.
    const adapter = createLinkedInAdapter({ version: VERSION, webOrigin: "http://127.0.0.1:9", now });
    const outcome = await adapter.publish(link(), payload("x", { pictures: ["A"] }), []);
    assert.deepEqual(outcome, {
      kind: "rejected",
      reason: `LinkedIn wants the picture at ${
        new URL(linkedin.webOrigin).host
      }, where this persona may not connect`,
    });
    assert.deepEqual([asked(), linkedin.control.posts()], [[INIT], []]);
  });
});

Deno.test("a post with pictures that is absent twice is for a person: LinkedIn would not know a second one again", async () => {
  await withLinkedIn(async ({ linkedin, adapter, look, link, payload }) => {
    const context = link();
    const frozen = payload("Twice", { pictures: ["A"] });
    const seen = await look(context, frozen, { absentSince: NOW - 300_000 });
    assert.deepEqual(seen, { kind: "absent", safeToRepeat: false });
    // Why: the same payload goes out a second time.
    for (const _ of [1, 2]) assert.equal((await adapter.publish(context, frozen, [])).kind, "sent");
    assert.equal(linkedin.control.posts({ text: "Twice" }).length, 2);
  });
});
