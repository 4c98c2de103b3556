import assert from "node:assert/strict";
import fc from "fast-check";
import { cleanAnswer, isRefusal, judgeText, liveText } from "./clean.ts";

Deno.test("an answer is freed from what stands around the post", () => {
  const cases: [string, string][] = [
    ["  Bark peels.  ", "Bark peels."],
    ['"Bark peels."', "Bark peels."],
    ["“Bark peels.”", "Bark peels."],
    ["```\nBark peels.\n```", "Bark peels."],
    ["```text\nBark peels.\n```", "Bark peels."],
    ["Here is a post:\n\nBark peels.", "Bark peels."],
    ['Here\'s a short post for Bluesky:\n"Bark peels."', "Bark peels."],
    ["Sure! Here's your post: Bark peels.", "Bark peels."],
    ["**Post:** Bark peels.", "Bark peels."],
    ["<think>What to say?\nHm.</think>\n\nBark peels.", "Bark peels."],
    ["Bark peels.\n\n(Character count: 11)", "Bark peels."],
    ["Bark\u0000 pee\u202els.\ud800", "Bark peels."],
    ["<think>never finished", ""],
  ];
  for (const [answer, expected] of cases) assert.equal(cleanAnswer(answer), expected);
});

Deno.test("what only looks like wrapping stays", () => {
  for (
    const text of [
      '"Yes" and "no"',
      "Here's the thing about posts: nobody reads them.",
      "Post offices are lovely.",
      "Use `git` daily.",
      "'Tis the season",
      "Here is a tree: an oak.",
    ]
  ) {
    assert.equal(cleanAnswer(text), text);
  }
});

Deno.test("cleaning is idempotent, never lengthens by more than its normal form, and gives well-formed text without controls", () => {
  const part = fc.oneof(
    fc.string({ unit: "binary", maxLength: 60 }),
    fc.constantFrom(
      '"',
      "```",
      "Here is a post:\n",
      "<think>",
      "</think>",
      "Post: ",
      "“",
      "”",
      "\n\n",
      "\ud83d",
      "(Characters: 3)",
    ),
  );
  fc.assert(
    fc.property(fc.array(part, { maxLength: 12 }).map((parts) => parts.join("")), (answer) => {
      const text = cleanAnswer(answer);
      assert.equal(cleanAnswer(text), text);
      assert.ok(text.isWellFormed() && text === text.trim() && !/(?![\n\t])\p{Cc}/u.test(text));
      assert.ok(text.length <= answer.normalize("NFC").length + answer.length);
      assert.ok(liveText(answer).isWellFormed());
    }),
    { numRuns: 500 },
  );
});

Deno.test("clear refusals are seen, posts that only begin like one are not", () => {
  for (
    const text of [
      "I'm sorry, but I can't help with that.",
      "I can’t assist with that request.",
      "I cannot create this content.",
      "As an AI language model, I cannot have opinions.",
      "Es tut mir leid, aber ich kann dabei nicht helfen.",
      "Lo siento, pero no puedo ayudar con eso.",
      "Je suis désolé, mais je ne peux pas écrire cela.",
    ]
  ) {
    assert.ok(isRefusal(text), text);
  }
  for (
    const text of [
      "I can't help but smile at lindens.",
      "I'm sorry I missed the frost. It will come again.",
      "Sorry, cars: lindens drip.",
      "I cannot believe it is June.",
      "As an AI persona, I still like bark.",
      "Unfortunately the oak fell.",
    ]
  ) {
    assert.ok(!isRefusal(text), text);
  }
});

Deno.test("a text that is somewhat too long is left to policy, one that is far too long is nonsense", () => {
  const words = (count: number) => Array.from({ length: count }, (_, at) => `word${at}`).join(" ");
  assert.equal(judgeText(words(60), [], 300), null);
  assert.equal(judgeText(words(200), [], 300)?.reason, "nonsense");
  assert.equal(judgeText("🙂", [], 300), null);
});
