/** Foreign words as every log keeps them: apart from events, with two times, and no longer than what they quote. */
import assert from "node:assert/strict";
import type { ForeignWords, Json } from "./log.ts";
import { appendTo, committed, counted, LOG_KINDS, readAll, testLog } from "./testing.ts";

const at = (day: number, hour = 0) => new Date(Date.UTC(2026, 0, day, hour)).toISOString();

function row(more: Partial<ForeignWords> = {}): ForeignWords {
  return {
    id: crypto.randomUUID(),
    stream: "s",
    kind: "interaction",
    platform: "bluesky",
    author: null,
    content: "hello",
    purgeAt: null,
    ...more,
  };
}

const said: Json = {
  id: "7",
  authorId: "did:1",
  authorHandle: "ada",
  text: "Hello",
  url: "https://a.example/7",
};

for (const kind of LOG_KINDS) {
  testLog(
    kind,
    "keeps foreign words until a rule removes them, and events do not change",
    async ({ log }) => {
      const early = row({ author: "did:1", purgeAt: at(1) });
      const late = row({ author: "did:1", purgeAt: at(31), content: "later" });
      const kept = row({ content: null });
      committed(
        await log.append(appendTo("s", 0, [counted({ ref: early.id })], { words: [early, late, kept] })),
      );
      const before = await readAll(log);
      assert.deepEqual(
        await log.words([early.id, kept.id, crypto.randomUUID(), "no uuid"]),
        new Map([[early.id, { content: "hello" }], [kept.id, { content: null }]]),
      );
      assert.equal(await log.nextPurge(), at(1));
      assert.deepEqual(await log.purgeWords(at(15)), { texts: 1, profiles: 0 });
      assert.deepEqual(await log.purgeWords(at(15)), { texts: 0, profiles: 0 });
      assert.equal(await log.nextPurge(), at(31));
      const after = await log.words([early.id, late.id]);
      assert.deepEqual(after.get(early.id), { removedAt: at(15), rule: "retention:bluesky" });
      assert.deepEqual(after.get(late.id), { content: "later" });
      assert.deepEqual(await readAll(log), before);
      const twice = await log.append(appendTo("s", 1, [counted()], { words: [row({ id: kept.id })] }));
      assert.equal(twice.kind === "invalid" && twice.field, "words");
    },
  );

  testLog(kind, "removes who said something before what was said", async ({ log }) => {
    const words = row({ platform: "linkedin", content: said, purgeAt: at(3), profilePurgeAt: at(2) });
    const text = row({ platform: "linkedin", content: "bare", purgeAt: at(3), profilePurgeAt: at(2, 1) });
    committed(await log.append(appendTo("s", 0, [counted()], { words: [words, text] })));
    assert.deepEqual(await log.purgeWords(at(1)), { texts: 0, profiles: 0 });
    assert.equal(await log.nextPurge(), at(2));
    assert.deepEqual(await log.purgeWords(at(2, 2)), { texts: 0, profiles: 2 });
    assert.deepEqual(await log.purgeWords(at(2, 3)), { texts: 0, profiles: 0 });
    const left = await log.words([words.id, text.id]);
    assert.deepEqual(left.get(words.id), { content: { id: "7", text: "Hello" } });
    assert.deepEqual(left.get(text.id), { content: "bare" });
    assert.equal(await log.nextPurge(), at(3));
    assert.deepEqual(await log.purgeWords(at(3)), { texts: 2, profiles: 0 });
    assert.equal(await log.nextPurge(), null);
  });

  testLog(
    kind,
    "keeps no prompt longer than the words it quotes, through any number of steps",
    async ({ log }) => {
      const comment = row({ platform: "linkedin", content: said, purgeAt: at(3), profilePurgeAt: at(2) });
      committed(await log.append(appendTo("s", 0, [counted()], { words: [comment] })));
      const prompt = row({ kind: "prompt", platform: "model", purgeAt: at(300), quotes: [comment.id] });
      const answer = row({ kind: "answer", platform: "model", purgeAt: at(300), quotes: [prompt.id] });
      committed(await log.append(appendTo("s", 1, [counted()], { words: [prompt, answer] })));
      const memory = row({ kind: "memory", platform: "model", quotes: [answer.id.toUpperCase()] });
      const free = row({ kind: "prompt", platform: "model", purgeAt: at(300), quotes: [] });
      committed(await log.append(appendTo("s", 2, [counted()], { words: [memory, free] })));
      assert.deepEqual(await log.purgeWords(at(2)), { texts: 3, profiles: 1 });
      const left = await log.words([comment.id, prompt.id, answer.id, memory.id, free.id]);
      assert.deepEqual(left.get(comment.id), { content: { id: "7", text: "Hello" } });
      for (const { id } of [prompt, answer]) {
        assert.deepEqual(left.get(id), { removedAt: at(2), rule: "retention:linkedin" });
      }
      assert.ok("rule" in (left.get(memory.id) ?? {}));
      assert.deepEqual(left.get(free.id), { content: "hello" });

      const nameless = row({ kind: "prompt", platform: "model", purgeAt: at(300), quotes: [comment.id] });
      const tooLate = row({ kind: "prompt", platform: "model", purgeAt: at(300), quotes: [prompt.id] });
      committed(await log.append(appendTo("s", 3, [counted()], { words: [nameless, tooLate] })));
      assert.deepEqual(
        await log.purgeWords(at(2, 1)),
        { texts: 1, profiles: 0 },
        "what quotes removed words",
      );
      assert.deepEqual(
        await log.purgeWords(at(3)),
        { texts: 2, profiles: 0 },
        "the words and what quotes them",
      );
    },
  );

  testLog(kind, "refuses quotes that are no ids, too many, or of rows that come later", async ({ log }) => {
    const [first, second] = [row(), row()];
    for (
      const [words, field] of [
        [[row({ quotes: ["x"] })], "words[0].quotes[0]"],
        [[row({ quotes: Array.from({ length: 1_001 }, () => first.id) })], "words[0].quotes"],
        [[{ ...first, quotes: [first.id] }], "words[0].quotes"],
        [[{ ...first, quotes: [second.id] }, second], "words[0].quotes"],
        [[row({ profilePurgeAt: "soon" })], "words[0].profilePurgeAt"],
      ] as [ForeignWords[], string][]
    ) {
      const answer = await log.append(appendTo("s", 0, [counted()], { words }));
      assert.deepEqual([answer.kind, answer.kind === "invalid" && answer.field], ["invalid", field]);
    }
    assert.equal(log.head, 0);
  });
}
