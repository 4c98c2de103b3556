/** A post as its platform will show it, folded below the exact view. */
import type { PostRead } from "../../../db/read/posts.ts";
import { limitsOf } from "../../../actors/persona/platforms/limits.ts";
import { PreviewOf } from "./preview.tsx";

export function HowItLooks({ post, persona }: { post: PostRead; persona: { name: string } }) {
  if (post.content === null) return null;
  const account = { personaId: post.persona, name: persona.name, handle: post.account?.handle ?? "" };
  return (
    <details class="fold" id={`looks-${post.id}`}>
      <summary>How it looks on {limitsOf(post.platform).label}</summary>
      <PreviewOf platform={post.platform} content={post.content} account={account} />
    </details>
  );
}
