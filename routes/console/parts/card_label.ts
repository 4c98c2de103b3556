import { limitsOf } from "../../../actors/persona/platforms/limits.ts";
import type { Stop } from "../../../actors/supervisor/supervisor_port.ts";
import type { PostRead } from "../../../db/read/posts.ts";
import { STATUS_WORDS } from "../words.ts";

/** What a card is called; a page that is behind is told by it that its post has changed. */
export function cardLabel(
  post: Pick<PostRead, "platform" | "status">,
  persona: { name: string },
  held: Stop | null,
): string {
  return `${limitsOf(post.platform).label} post of ${persona.name}, ${STATUS_WORDS[post.status].text}${
    held === null ? "" : ", held"
  }`;
}
