/** Posts by their ids: what X says of each. */
import type { AdapterContext, Failure, Found } from "../port.ts";
import { PlatformFailed } from "../port.ts";
import { isId } from "./ids.ts";
import { asObject } from "./request.ts";
import type { Session } from "./session.ts";

/** Posts that X takes in one question. */
export const MOST_AT_ONCE = 100;

export type LookedUp =
  | { kind: "there"; post: Record<string, unknown> }
  | { kind: "gone" }
  /** Of an account that does not show it to this one. */
  | { kind: "hidden" };

/** An answer for each of at most a hundred ids. */
export async function lookUp(
  session: Session,
  context: AdapterContext,
  ids: string[],
  fields: Record<string, string> = {},
): Promise<{ kind: "known"; posts: Map<string, LookedUp> } | Failure> {
  const called = await session.call(context, {
    asks: "posts",
    method: "GET",
    path: "/2/tweets",
    query: { ids: ids.join(","), ...fields },
  });
  if (called.kind !== "ok") return called;
  const posts = new Map<string, LookedUp>();
  for (const error of listOf(called.body.errors)) {
    const kind = whyMissing(error);
    if (kind !== null && isId(error?.resource_id)) posts.set(error.resource_id, { kind });
  }
  for (const post of listOf(called.body.data)) {
    if (post !== null && isId(post.id)) posts.set(post.id, { kind: "there", post });
  }
  return ids.every((id) => posts.has(id))
    ? { kind: "known", posts }
    : { kind: "uncertain", reason: "X's answer does not speak of every post" };
}

/** What a reply to it names: on X its id is enough. Throws `PlatformFailed` where X could not be asked. */
export async function findTarget(
  session: Session,
  context: AdapterContext,
  id: string,
): Promise<Found | null> {
  if (!isId(id)) return null;
  const looked = await lookUp(session, context, [id]);
  if (looked.kind !== "known") throw new PlatformFailed(looked);
  return looked.posts.get(id)?.kind === "there" ? { id } : null;
}

function whyMissing(error: Record<string, unknown> | null): "gone" | "hidden" | null {
  const [title, type] = [error?.title, error?.type].map((one) => typeof one === "string" ? one : "");
  if (title === "Not Found Error" || type?.endsWith("/resource-not-found")) return "gone";
  return title === "Authorization Error" || type?.endsWith("/not-authorized-for-resource") ? "hidden" : null;
}

function listOf(value: unknown): (Record<string, unknown> | null)[] {
  return Array.isArray(value) ? value.map(asObject) : [];
}
