/** Posts that cannot go out yet. Pure. */
import type { PostRead } from "../../db/read/posts.ts";

/** Whether a post that is to go out waits for its account: for a person, that is. */
export function waitsForAccount(
  { status, nextTryAt, account }: Pick<PostRead, "status" | "nextTryAt" | "account">,
) {
  const works = account !== null && account.linked && account.health === "ok";
  return status === "publishing" && nextTryAt !== null && !works;
}

/** Until when a post that is going out has to wait, ISO; null for one that is under way or due. `now`: ms since the epoch. */
export function waitOf(
  { status, nextTryAt }: Pick<PostRead, "status" | "nextTryAt">,
  now: number,
): string | null {
  if (status !== "publishing" || nextTryAt === null) return null;
  return Date.parse(nextTryAt) > now ? nextTryAt : null;
}
