import assert from "node:assert/strict";
import type { Fault } from "../../../../tests/bluesky_network/fault_proxy.ts";
import { createBlueskyAdapter } from "./adapter.ts";
import { cut, frozen, looking, picture, postsSaying, type Steps } from "./testing.ts";

const UPLOAD = "com.atproto.repo.uploadBlob";
const PUT = "com.atproto.repo.putRecord";
const deadlineMs = 1_500;

/** Pictures: their names, their uploads, and what goes wrong with them. */
export const pictureSteps: Steps = {
  "the record names each picture as the server does, and the server hands out its bytes": async (
    world,
    linked,
  ) => {
    const media = ["a", "b", "c", "d"].map((seed) => picture(linked, seed, `alt of ${seed}`));
    const payload = frozen([{ text: "four pictures", facets: [], media }]);
    const outcome = await createBlueskyAdapter().publish(linked, payload, []);
    assert.equal(outcome.kind, "sent", JSON.stringify(outcome));
    const [stored] = await postsSaying(world, "four pictures");
    assert.deepEqual(stored!.value, payload.records[0]);
    const { images } = stored!.value.embed as {
      images: { alt: string; image: { ref: { $link: string } } }[];
    };
    for (const [at, { image, alt }] of images.entries()) {
      const bytes = linked.pictures.get(media[at]!.sha256)!;
      assert.equal(alt, media[at]!.alt);
      const { accessJwt } = JSON.parse(linked.secret).session;
      const uploaded = await fetch(`${world.network.pdsUrl}/xrpc/${UPLOAD}`, {
        method: "POST",
        headers: { authorization: `Bearer ${accessJwt}`, "content-type": "image/png" },
        body: bytes as Uint8Array<ArrayBuffer>,
      });
      assert.deepEqual((await uploaded.json()).blob, image);
      const query = new URLSearchParams({ did: world.did, cid: image.ref.$link });
      const kept = await fetch(`${world.network.pdsUrl}/xrpc/com.atproto.sync.getBlob?${query}`);
      assert.deepEqual(new Uint8Array(await kept.arrayBuffer()), bytes);
    }
  },

  "a failed upload is never uncertain, and nothing was written": async (world, linked) => {
    const adapter = createBlueskyAdapter({ deadlineMs });
    const cases: [Fault, string][] = [
      [{ kind: "drop", when: "before" }, "not_sent"],
      [{ kind: "drop", when: "after" }, "not_sent"],
      [{ kind: "stall", when: "after" }, "not_sent"],
      [{ kind: "half" }, "not_sent"],
      [{ kind: "late" }, "not_sent"],
      [{ kind: "answer", when: "after", status: 500 }, "not_sent"],
      [{ kind: "answer", when: "after", status: 200 }, "not_sent"],
      [{ kind: "answer", when: "before", status: 429 }, "rate_limited"],
      [{ kind: "answer", when: "before", status: 413, body: { error: "PayloadTooLarge" } }, "rejected"],
    ];
    for (const [at, [fault, kind]] of cases.entries()) {
      const text = `upload fault ${at}`;
      const media = [picture(linked, `${at} one`), picture(linked, `${at} two`)];
      const whole = frozen([{ text: `${text}, first`, facets: [] }, { text, facets: [], media }]);
      const first = await adapter.publish(linked, cut(whole, []), []);
      const before = first.kind === "sent" ? first.sent : [];
      // The second picture of the second part.
      world.proxy.inject(UPLOAD, { kind: "delay", ms: 1 });
      world.proxy.inject(UPLOAD, fault);
      const puts = world.proxy.count(PUT).received;
      const outcome = await adapter.publish(linked, whole, before);
      assert.deepEqual(
        [outcome.kind, "parts" in outcome && outcome.parts],
        [kind, before],
        JSON.stringify(fault),
      );
      assert.equal(world.proxy.count(PUT).received, puts);
      await world.proxy.settled();
      const looked = await adapter.reconcile(linked, whole, looking(before));
      assert.deepEqual(looked, { kind: "absent", safeToRepeat: true, parts: before });
      const uploads = world.proxy.count(UPLOAD).received;
      assert.equal((await adapter.publish(linked, whole, before)).kind, "sent");
      assert.equal(
        world.proxy.count(UPLOAD).received,
        uploads + 2,
        "both again: the server may have dropped them",
      );
      assert.equal((await postsSaying(world, text)).length, 1);
    }
  },

  "an attempt that is repeated after its record is out changes nothing": async (world, linked) => {
    const adapter = createBlueskyAdapter({ deadlineMs });
    const whole = frozen([{ text: "out already", facets: [], media: [picture(linked, "out")] }]);
    world.proxy.inject(PUT, { kind: "late" });
    assert.equal((await adapter.publish(linked, whole, [])).kind, "uncertain");
    await world.proxy.settled();
    assert.equal((await adapter.reconcile(linked, whole, looking())).kind, "found");
    assert.equal((await adapter.publish(linked, whole, [])).kind, "sent");
    assert.equal((await postsSaying(world, "out already")).length, 1);
  },

  "an upload with an expired token is renewed and goes through": async (world, linked) => {
    const adapter = createBlueskyAdapter();
    const expired: Fault = { kind: "answer", when: "before", status: 400, body: { error: "ExpiredToken" } };
    world.proxy.inject(UPLOAD, expired);
    world.proxy.inject(PUT, expired);
    const whole = frozen([{ text: "renewed on the way", facets: [], media: [picture(linked, "renewed")] }]);
    assert.equal((await adapter.publish(linked, whole, [])).kind, "sent");
    assert.equal((await postsSaying(world, "renewed on the way")).length, 1);
  },

  "a file of another kind than its record says is rejected before the post": async (world, linked) => {
    const media = [{ ...picture(linked, "a PNG that says JPEG"), mime: "image/jpeg" }];
    const outcome = await createBlueskyAdapter().publish(
      linked,
      frozen([{ text: "mislabelled", facets: [], media }]),
      [],
    );
    assert.equal(outcome.kind, "rejected");
    assert.equal((await postsSaying(world, "mislabelled")).length, 0);
  },

  "a file that is not to be had is not_sent": async (world, linked) => {
    const media = [picture(linked, "lost")];
    linked.pictures.delete(media[0]!.sha256);
    const whole = frozen([{ text: "without its picture", facets: [], media }]);
    assert.equal((await createBlueskyAdapter().publish(linked, whole, [])).kind, "not_sent");
    assert.equal((await postsSaying(world, "without its picture")).length, 0);
  },
};
