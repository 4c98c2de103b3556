/** What is asked of a platform about a post that is out: how it does, and to take it down. */
import type { Measured, Metrics, Removed } from "../platforms/port.ts";
import type { ConnectionState, PostState } from "../state.ts";
import type { EffectContext } from "./context.ts";
import { reportIfLost } from "./lost.ts";

const DEADLINE_MS = 30_000;

/** The last part first, so that what is left of a thread still reads as one. Parts that are gone already do no harm. */
export async function removePost(context: EffectContext, postId: string): Promise<void> {
  const found = lookUp(context, postId);
  if (found === null) return;
  const result = await removeAll(context, found.post, found.connection);
  await context.submit({ type: "removed", postId, result }, { cause: found.post.lastEvent });
}

async function removeAll(
  context: EffectContext,
  post: PostState,
  connection: ConnectionState,
): Promise<Removed> {
  try {
    return await context.within(DEADLINE_MS * post.sent.length, async (signal): Promise<Removed> => {
      const { adapter, at } = await context.platform(connection, signal);
      for (const { id } of post.sent.toReversed()) {
        const askedAt = context.now();
        const permit = await context.askPermit(post.id, connection.platform, "delete");
        if (!permit.granted) return { kind: "not_sent", reason: permit.reason };
        // What an earlier life of the persona had come to may have been written meanwhile.
        if (context.state().posts[post.id]?.removeAt == null) {
          return { kind: "not_sent", reason: "nobody wants this post deleted any more" };
        }
        if (context.now() - askedAt >= permit.validMs || signal.aborted) {
          return { kind: "not_sent", reason: "the leave to delete came too late" };
        }
        const removed = await adapter.remove(at, id);
        if (removed.kind !== "removed") return removed;
      }
      return { kind: "removed" };
    });
  } catch (error) {
    return { kind: "uncertain", reason: error instanceof Error ? error.message : String(error) };
  }
}

export async function measurePost(context: EffectContext, postId: string): Promise<void> {
  const found = lookUp(context, postId);
  if (found === null) return;
  const { post, connection } = found;
  const options = { cause: post.lastEvent };
  try {
    const ids = post.sent.map((sent) => sent.id);
    const answers = await context.within(DEADLINE_MS, async (signal) => {
      const { adapter, at } = await context.platform(connection, signal);
      return await adapter.metrics(at, ids);
    });
    const measured = summed(ids.map((id) => answers.get(id)));
    await context.submit({ type: "measured", postId, measured }, options);
  } catch (error) {
    if (await reportIfLost(context, connection, error)) return;
    const reason = error instanceof Error ? error.message : String(error);
    await context.submit({ type: "not_measured", postId, reason }, options);
  }
}

/** A thread counts as the sum of its parts; what no part counts is null, and it is gone when its first part is. */
export function summed(answers: (Measured | undefined)[]): Measured {
  const [first] = answers;
  if (first === undefined) return { kind: "not_allowed" };
  if (first.kind !== "counted") return first;
  const metrics = { ...first.metrics };
  for (const answer of answers.slice(1)) {
    if (answer?.kind !== "counted") continue;
    for (const key of Object.keys(metrics) as (keyof Metrics)[]) {
      const more = answer.metrics[key];
      if (more !== null) metrics[key] = (metrics[key] ?? 0) + more;
    }
  }
  return { kind: "counted", metrics };
}

function lookUp(
  context: EffectContext,
  postId: string,
): { post: PostState; connection: ConnectionState } | null {
  const state = context.state();
  const post = state.posts[postId];
  const connection = post && state.connections[post.connectionId];
  return post === undefined || connection === undefined ? null : { post, connection };
}
