/** The model call: a brief becomes a draft. */
import type { Json } from "../../wire.ts";
import type { Answered } from "../agent/port.ts";
import type { WritingResult } from "../commands.ts";
import { fullText, hashJson } from "../content.ts";
import { readsWords } from "../decide/beginning.ts";
import type { Answering } from "../events.ts";
import type { PostState } from "../state.ts";
import { limitsOf, maxLengthOf } from "../platforms/limits.ts";
import type { Platform } from "../platforms/port.ts";
import { keepQuotingMs } from "../platforms/retention.ts";
import { storableJson } from "../text.ts";
import type { EffectContext } from "./context.ts";

/** A call that takes longer is given up; the writer has its own, shorter limits. */
const DEADLINE_MS = 180_000;
/** Share of X's weighted characters that a text of the writer may have in graphemes: others than Latin weigh double. */
const WEIGHTED_SHARE = 0.9;

export async function writeDraft(context: EffectContext, postId: string): Promise<void> {
  const asked = context.state().posts[postId];
  if (asked === undefined) return;
  // Before the attempt: that the database does not answer is no failure of the writer.
  const answering = asked.answering === null ? null : await readAnswered(context, asked, asked.answering);
  const options = { cause: asked.lastEvent };
  if (await context.submit({ type: "begin_writing", postId }, options) !== "committed") return;
  const state = context.state();
  const post = state.posts[postId];
  if (post === undefined || post.writing.state !== "writing") return;

  if (answering === "gone") return await reportGone(context, post);
  const keepMs = keepQuotingMs(answering === null ? [] : [post.platform]);
  const result = await context.within(DEADLINE_MS, async (signal) =>
    (await context.writer()).write(
      {
        identity: state.identity,
        platform: post.platform,
        brief: post.brief,
        maxGraphemes: roomFor(post.platform, post.answering !== null),
        ...(answering === null ? {} : { answering }),
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
    purgeAt: new Date(context.now() + keepMs).toISOString(),
    ...(answering === null || post.answering === null ? {} : { quotes: [post.answering.wordsRef] }),
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
      cause: context.state().posts[postId]?.lastEvent ?? post.lastEvent,
      words: [words(promptRef, "prompt", prompt), words(answerRef, "answer", answer)],
    },
  );
}

/** No writer was asked, so there is no prompt and no answer: what their references name is empty. */
async function reportGone(context: EffectContext, post: PostState): Promise<void> {
  await context.submit({
    type: "written",
    postId: post.id,
    attempt: post.writing.attempt,
    result: nothingToAnswer,
    promptHash: hashJson([]),
    promptRef: context.newId(),
    answerRef: context.newId(),
  }, { cause: post.lastEvent });
}

const nothingToAnswer: WritingResult = {
  kind: "not_written",
  reason: "refused",
  detail: "What this answers is not kept any more: its time was over, or it was erased.",
  retryable: false,
  retryAt: null,
  model: "",
  templateVersion: "",
  durationMs: 0,
};

/** Graphemes that the writer may use. */
function roomFor(platform: Platform, isReply: boolean): number {
  const max = maxLengthOf(platform, isReply);
  return limitsOf(platform).unit === "weighted characters" ? Math.floor(max * WEIGHTED_SHARE) : max;
}

/** What the writer may see of what is answered; null where it may see nothing, "gone" where nothing is left of it. */
async function readAnswered(
  context: EffectContext,
  { connectionId }: PostState,
  { kind, wordsRef, interactionId }: Answering,
): Promise<Answered | null | "gone"> {
  const connection = context.state().connections[connectionId];
  if (connection === undefined || (kind !== "mention" && kind !== "reply" && kind !== "quote")) return "gone";
  const [words] = await context.askWords([wordsRef]);
  if (typeof words !== "object" || words === null || Array.isArray(words)) return "gone";
  if (!readsWords(connection)) return null;
  const { posts, interactions } = context.state();
  // What was said may be so long ago that the state has forgotten it; its words may be there all the same.
  const about = Object.hasOwn(interactions, interactionId)
    ? interactions[interactionId]?.postId ?? null
    : null;
  const ours = about === null ? undefined : posts[about];
  return {
    kind,
    author: textOf(words.authorHandle),
    text: textOf(words.text),
    ours: ours === undefined ? null : fullText(ours.content),
  };
}

const textOf = (value: Json | undefined) => typeof value === "string" ? value : "";
