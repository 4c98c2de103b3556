import { deepStrictEqual, equal, ok, rejects } from "node:assert/strict";
import type { ForeignWords, Json } from "../../wire.ts";
import type { WritingRequest } from "../agent/port.ts";
import type { InternalCommand } from "../commands.ts";
import { event } from "../events.ts";
import { at, folded, NOW, SANDBOX } from "../testing.ts";
import type { EffectContext } from "./context.ts";
import { writeDraft } from "./writing.ts";

const DAY_MS = 24 * 3_600_000;
const begun = { postId: "answer", connectionId: SANDBOX.connectionId, platform: SANDBOX.platform };
const asked = [
  ...at("published"),
  event("InteractionReceived", {
    interactionId: "i",
    connectionId: SANDBOX.connectionId,
    kind: "reply",
    postId: null,
    sourceHash: "h",
    wordsRef: "said",
    saidAt: NOW,
  }),
  event("CompositionRequested", {
    ...begun,
    answering: { interactionId: "i", kind: "reply", wordsRef: "said" },
    brief: "",
    seed: 1,
    previousReason: null,
  }),
];

/** An effect's surroundings in which `words` is what the database has of what was said. */
function surroundings(words: () => Promise<(Json | null)[]>) {
  const submitted: { command: InternalCommand; words: ForeignWords[] }[] = [];
  const requests: WritingRequest[] = [];
  let state = folded(asked);
  const context = {
    state: () => state,
    now: () => NOW,
    newId: () => "id",
    within: <T>(_ms: number, work: (signal: AbortSignal) => Promise<T>) => work(new AbortController().signal),
    askWords: words,
    progress: () => {},
    submit(command: InternalCommand, options: { words?: ForeignWords[] } = {}) {
      submitted.push({ command, words: options.words ?? [] });
      if (command.type === "begin_writing") {
        state = folded([...asked, event("CompositionStarted", { postId: "answer", attempt: 1 })]);
      }
      return Promise.resolve("committed");
    },
    writer: () =>
      Promise.resolve({
        write(request: WritingRequest) {
          requests.push(request);
          return Promise.resolve({ kind: "written", text: "Thanks.", prompt: [], answer: "Thanks." });
        },
      }),
  } as unknown as EffectContext;
  return { context, submitted, requests };
}

Deno.test("an answer is written from what was said; prompt and answer go with the words that they quote", async () => {
  const { context, submitted, requests } = surroundings(() =>
    Promise.resolve([{ authorHandle: "ann.example", text: "Why?" }])
  );
  await writeDraft(context, "answer");
  deepStrictEqual(requests[0]?.answering, { kind: "reply", author: "ann.example", text: "Why?", ours: null });
  const { command, words } = submitted.at(-1)!;
  equal(command.type, "written");
  deepStrictEqual(words.map(({ kind, quotes }) => [kind, quotes]), [["prompt", ["said"]], ["answer", [
    "said",
  ]]]);
  for (const { purgeAt } of words) equal(Date.parse(purgeAt ?? ""), NOW + 90 * DAY_MS);
});

Deno.test("where what is answered is gone, no writer is asked, and that is said", async () => {
  const { context, submitted, requests } = surroundings(() => Promise.resolve([null]));
  await writeDraft(context, "answer");
  equal(requests.length, 0);
  const { command, words } = submitted.at(-1)!;
  ok(command.type === "written" && command.result.kind === "not_written" && !command.result.retryable);
  deepStrictEqual(words, []);
});

Deno.test("a database that does not answer is no attempt to write", async () => {
  const { context, submitted } = surroundings(() => Promise.reject(new Error("no answer")));
  await rejects(writeDraft(context, "answer"), /no answer/);
  deepStrictEqual(submitted, []);
});
