/** A post as its platform will show it, folded below the exact view. */
import type { PostRead } from "../../../db/read/posts.ts";
import { limitsOf } from "../../../actors/persona/platforms/limits.ts";
import type { AccountLook } from "../account_words.ts";
import { type AnswerTo, PreviewOf } from "./preview.tsx";

/** `account`: null where it is not known any more; then nobody can say how it looks. */
export function HowItLooks({ post, account, answers }: {
  post: PostRead;
  account: AccountLook | null;
  answers: AnswerTo | null;
}) {
  if (post.content === null || account === null) return null;
  return (
    <details class="fold" id={`looks-${post.id}`}>
      <summary>How it looks on {limitsOf(post.platform).label}</summary>
      <PreviewOf
        answers={answers}
        platform={post.platform}
        content={post.content}
        account={{ ...account, personaId: post.persona }}
      />
    </details>
  );
}
