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
    const parts = await context.within(DEADLINE_MS, async (signal) => {
      const { adapter, at } = await context.platform(connection, signal);
      return await adapter.prepare(at, texts);
    });
    await context.submit({ type: "prepared", postId, revision, parts }, options);
  } catch (error) {
    if (await reportIfLost(context, connection, error)) return;
    const reason = error instanceof Error ? error.message : String(error);
    await context.submit({ type: "not_prepared", postId, revision, reason }, options);
  }
}
