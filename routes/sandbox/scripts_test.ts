import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { CAST } from "./cast.ts";
import { actsOn, MOST_ANSWERS, type Said } from "./scripts.ts";

const said: Said = { id: "p", handle: "ada", text: "Lighthouses are honest", answers: null, isReply: false };

Deno.test("scripts: the same post gives the same; never at once, never too many, each of one's own once", () => {
  let most = 0;
  for (let seed = 0; seed < 300; seed++) {
    const acts = actsOn(said, seed);
    deepStrictEqual(actsOn(said, seed), acts);
    const spoken = acts.filter(({ text }) => text !== "");
    most = Math.max(most, spoken.length);
    ok(acts.every(({ afterMs }) => afterMs >= 1_000 && afterMs <= 120_000));
    strictEqual(new Set(acts.map(({ id }) => id)).size, acts.length);
    deepStrictEqual(
      acts.map(({ afterMs }) => afterMs),
      acts.map(({ afterMs }) => afterMs).sort((a, b) => a - b),
    );
  }
  strictEqual(most, MOST_ANSWERS);
});

Deno.test("scripts: a post without long words, and one that looks like a slot, fill every slot all the same", () => {
  for (const text of ["", "a b", "{handle} {topic}", "<script>alert</script>"]) {
    for (let seed = 0; seed < 100; seed++) {
      for (const act of actsOn({ ...said, text }, seed)) ok(!/[{}<]/.test(act.text), act.text);
    }
  }
});

Deno.test("scripts: a reply is answered only by whom it answers, and by nobody who has answered twice", () => {
  for (let seed = 0; seed < 100; seed++) {
    deepStrictEqual(actsOn({ ...said, isReply: true }, seed), []);
    for (const { id } of CAST) {
      const answers = { accountId: id, exchanged: 2 };
      const acts = actsOn({ ...said, isReply: true, answers }, seed);
      ok(acts.every(({ kind, accountId }) => kind === "like" && accountId === id));
    }
  }
});

Deno.test("cast: every line of who speaks is there, and every handle is out of reach for personas", () => {
  for (const { handle, answers, quotes, mentions, answersBack, lines } of CAST) {
    ok(handle.includes("_"));
    strictEqual(answers > 0, lines.answer.length > 0);
    strictEqual(quotes > 0, lines.quote.length > 0);
    strictEqual(mentions > 0, lines.mention.length > 0);
    strictEqual(answersBack > 0, lines.back.length > 0);
    ok(lines.mention.every((line) => line.includes("{handle}")));
  }
});
