import assert from "node:assert/strict";
import { FAULTS } from "../../../../tests/stand_ins/x/faults.ts";
import { frozen, picture, withX } from "./testing.ts";

const UPLOADS = ["initializeUpload", "appendUpload", "finalizeUpload", "describeMedia"];

for (const auth of ["oauth1", "oauth2"] as const) {
  for (const answers of ["classic", "current"] as const) {
    Deno.test(`pictures go up in pieces and out with their words, by ${auth}, in ${answers}`, async () => {
      await withX(async ({ x, adapter, context, media }) => {
        const large = 2 * 1024 * 1024 + 5;
        const parts = [
          { text: "Look", media: [picture(media, 1, "A <dot> & more"), picture(media, 2, "", large)] },
          { text: "And this", media: [picture(media, 3, "Third")] },
        ];
        const outcome = await adapter.publish(context, frozen(parts), []);
        assert.equal(outcome.kind, "sent", JSON.stringify(outcome));
        const posts = x.control.posts();
        assert.deepEqual(posts.map(({ altTexts }) => altTexts), [["A <dot> & more", null], ["Third"]]);
        assert.deepEqual(x.control.requests("appendUpload").length, 5, "of 1 MB each");
        assert.deepEqual(Object.keys(x.control.requests("createPost")[0]?.body ?? {}).sort(), [
          "media",
          "text",
        ]);
      }, { auth, settings: { answers } });
    });
  }
}

for (const operation of UPLOADS) {
  Deno.test(`no fault of ${operation} lets a post out, and none is uncertain`, async () => {
    await withX(async ({ x, adapter, context, media }) => {
      for (const [at, fault] of FAULTS.filter((one) => !["slow", "slow_body"].includes(one)).entries()) {
        const payload = frozen([{ text: `With ${fault}`, media: [picture(media, at, "alt")] }]);
        x.control.fault(fault, { operation });
        const outcome = await adapter.publish(context, payload, []);
        if (outcome.kind === "sent") {
          // Whatever an answer to a piece or to the alt text says beyond "yes" is not needed.
          assert.ok(fault === "no_id" && ["appendUpload", "describeMedia"].includes(operation), fault);
          continue;
        }
        assert.notEqual(outcome.kind, "uncertain", fault);
        assert.match(outcome.reason, /^a picture was not uploaded: /, fault);
        assert.equal(x.control.everPosted("marisol_ink", `With ${fault}`).length, 0, fault);
        assert.equal((await adapter.publish(context, payload, [])).kind, "sent", `after ${fault}`);
      }
    }, { auth: "oauth1", deadlineMs: 1_000 });
  });
}

Deno.test("X is asked until it is done with a picture, and a picture that it cannot use is refused", async () => {
  await withX(async ({ x, adapter, context, media, now }) => {
    x.control.set({ mediaPendingPolls: 3 });
    const began = now();
    const slow = frozen([{ text: "Slow", media: [picture(media, 1)] }]);
    assert.equal((await adapter.publish(context, slow, [])).kind, "sent");
    assert.deepEqual([x.control.requests("uploadStatus").length, now() - began], [4, 4_000]);
    x.control.set({ mediaPendingPolls: 50 });
    const never = frozen([{ text: "Never", media: [picture(media, 2)] }]);
    assert.equal((await adapter.publish(context, never, [])).kind, "not_sent");
    assert.equal(x.control.requests("uploadStatus").length, 14);
    x.control.set({ mediaPendingPolls: 0, mediaFails: true });
    const failed = frozen([{ text: "Failed", media: [picture(media, 3)] }]);
    assert.equal((await adapter.publish(context, failed, [])).kind, "rejected");
    assert.deepEqual(x.control.posts().map(({ text }) => text), ["Slow"]);
  });
});

Deno.test("an upload serves the next attempt while it lasts, and a picture that is there twice is uploaded twice", async () => {
  await withX(async ({ x, adapter, context, media, pass }) => {
    const uploads = () => x.control.requests("initializeUpload").length;
    const one = frozen([{ text: "One", media: [picture(media, 1, "a"), picture(media, 1, "a")] }]);
    x.control.fault("rate_limited_code", { operation: "createPost" });
    assert.equal((await adapter.publish(context, one, [])).kind, "rate_limited");
    assert.equal(uploads(), 2);
    pass(16 * 60_000);
    assert.equal((await adapter.publish(context, one, [])).kind, "sent");
    assert.equal(uploads(), 3, "one of the two is remembered");
    const other = frozen([{ text: "Two", media: [picture(media, 1, "other words")] }]);
    assert.equal((await adapter.publish(context, other, [])).kind, "sent");
    assert.equal(uploads(), 4);
    pass(24 * 3_600_000);
    const later = frozen([{ text: "Three", media: [picture(media, 1, "other words")] }]);
    assert.equal((await adapter.publish(context, later, [])).kind, "sent");
    assert.equal(uploads(), 5);
    assert.deepEqual(x.control.posts().map(({ altTexts }) => altTexts), [["a", "a"], ["other words"], [
      "other words",
    ]]);
  });
});

Deno.test("pictures that X has lost are uploaded again, and the post is not", async () => {
  await withX(async ({ x, adapter, context, media }) => {
    const payload = (text: string) => frozen([{ text, media: [picture(media, 1)] }]);
    assert.equal((await adapter.publish(context, payload("One"), [])).kind, "sent");
    x.control.loseMedia();
    assert.equal((await adapter.publish(context, payload("Two"), [])).kind, "not_sent");
    assert.equal((await adapter.publish(context, payload("Two"), [])).kind, "sent");
    assert.deepEqual(x.control.posts().map(({ text }) => text), ["One", "Two"]);
  });
});

Deno.test("without leave for pictures a post with one waits for a person, and one without goes out", async () => {
  await withX(async ({ x, adapter, context, media }) => {
    const outcome = await adapter.publish(context, frozen([{ text: "a", media: [picture(media, 1)] }]), []);
    assert.ok(outcome.kind === "auth_dead");
    assert.match(outcome.reason, /link the account again, and agree to media\.write/);
    assert.equal(x.control.requests().length, 0);
    assert.equal((await adapter.publish(context, frozen(["b"]), [])).kind, "sent");
  }, { scopes: ["tweet.read", "tweet.write", "users.read", "offline.access"] });
});

Deno.test("a picture that is not here is not sent, and not its post", async () => {
  await withX(async ({ x, adapter, context, media }) => {
    const payload = frozen([{ text: "a", media: [picture(media, 1)] }]);
    media.clear();
    assert.equal((await adapter.publish(context, payload, [])).kind, "not_sent");
    const unreadable = { keys: ["0"], records: [{ text: "a", media: [{ sha256: "ab" }] }] };
    assert.equal((await adapter.publish(context, unreadable, [])).kind, "rejected");
    assert.equal(x.control.requests().length, 0);
  });
});
