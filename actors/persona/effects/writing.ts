/** The model call: a brief becomes a draft. */
import type { Json } from "../../wire.ts";
import { limitsOf } from "../platforms/limits.ts";
import { fullText, hashJson } from "../content.ts";
import { storableJson } from "../text.ts";
import type { EffectContext } from "./context.ts";

/** A call that takes longer is given up; the writer has its own, shorter limits. */
const DEADLINE_MS = 180_000;
/** How long prompts and answers are kept. */
const KEEP_WORDS_MS = 365 * 24 * 3_600_000;

export async function writeDraft(context: EffectContext, postId: string): Promise<void> {
  const cause = context.state().posts[postId]?.lastEvent ?? null;
  if (await context.submit({ type: "begin_writing", postId }, { cause }) !== "committed") return;
  const state = context.state();
  const post = state.posts[postId];
  if (post === undefined || post.writing.state !== "writing") return;

  const result = await context.within(DEADLINE_MS, async (signal) =>
    (await context.writer()).write(
      {
        identity: state.identity,
        platform: post.platform,
        brief: post.brief,
        maxGraphemes: limitsOf(post.platform).maxGraphemes,
        recentTexts: state.recentTexts,
        previous: post.writing.previousReason === null
          ? null
          : { text: fullText(post.content), reason: post.writing.previousReason },
        seed: post.writing.seed,
      },
      signal,
      (text) => context.progress(postId, text),
    ));
  const promptRef = context.newId();
  const answerRef = context.newId();
  const words = (id: string, kind: string, content: unknown) => ({
    id,
    stream: state.id,
    kind,
    platform: "model",
    author: null,
    content: storableJson(content as Json),
    purgeAt: new Date(context.now() + KEEP_WORDS_MS).toISOString(),
  });
  // The event holds hashes and references: what the model was asked and said lies with the foreign words.
  const { prompt, answer, ...rest } = result;
  await context.submit(
    {
      type: "written",
      postId,
      attempt: post.writing.attempt,
      result: rest,
      promptHash: hashJson(prompt),
      promptRef,
      answerRef,
    },
    {
      cause: context.state().posts[postId]?.lastEvent ?? cause,
      words: [words(promptRef, "prompt", prompt), words(answerRef, "answer", answer)],
    },
  );
}
