/** Links, mentions and tags of a text are looked up on its platform, before anybody can approve it. */
import type { EffectContext } from "./context.ts";
import { reportIfLost } from "./lost.ts";

const DEADLINE_MS = 30_000;

export async function prepareDraft(context: EffectContext, postId: string): Promise<void> {
  const state = context.state();
  const post = state.posts[postId];
  const connection = post && state.connections[post.connectionId];
  if (post === undefined || connection === undefined || post.content === null) return;
  const { revision } = post;
  const options = { cause: post.lastEvent };
  const texts = post.content.parts.map((part) => part.text);
  try {
    const answered = post.answering === null ? null : await idOf(context, post.answering.wordsRef);
    if (answered?.id === null) {
      return void await context.submit({
        type: "not_prepared",
        postId,
        revision,
        reason: "What this answers is not kept any more: its time was over, or it was erased.",
        final: true,
      }, options);
    }
    const { parts, found } = await context.within(DEADLINE_MS, async (signal) => {
      const { adapter, at } = await context.platform(connection, signal);
      return {
        parts: await adapter.prepare(at, texts),
        found: answered === null ? null : await adapter.findTarget(at, answered.id),
      };
    });
    if (answered !== null && found === null) {
      return void await context.submit({
        type: "not_prepared",
        postId,
        revision,
        reason: "What this answers is not there any more.",
        final: true,
      }, options);
    }
    await context.submit(
      { type: "prepared", postId, revision, parts, ...(found === null ? {} : { found }) },
      options,
    );
  } catch (error) {
    if (await reportIfLost(context, connection, error)) return;
    const reason = error instanceof Error ? error.message : String(error);
    await context.submit({ type: "not_prepared", postId, revision, reason }, options);
  }
}

/** The platform's id of what somebody said; null where its words are gone. */
async function idOf(context: EffectContext, ref: string): Promise<{ id: string } | { id: null }> {
  const [words] = await context.askWords([ref]);
  const id = typeof words === "object" && words !== null && !Array.isArray(words) ? words.id : null;
  return typeof id === "string" ? { id } : { id: null };
}
