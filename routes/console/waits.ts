/** Posts that cannot go out yet. Pure. */
import type { PostRead } from "../../db/read/posts.ts";

/** Until when a post that is going out has to wait, ISO; null for one that is under way or due. `now`: ms since the epoch. */
export function waitOf(
  { status, nextTryAt }: Pick<PostRead, "status" | "nextTryAt">,
  now: number,
): string | null {
  if (status !== "publishing" || nextTryAt === null) return null;
  return Date.parse(nextTryAt) > now ? nextTryAt : null;
}
