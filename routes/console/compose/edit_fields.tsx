/** What the card's panel for changing a post holds. What is out of a thread already stands above, locked. */
import { editorText } from "../../../actors/persona/platforms/text/join.ts";
import type { PostRead } from "../../../db/read/posts.ts";
import { type Errors, TextArea } from "../parts/field.tsx";
import { plural } from "../parts/small.tsx";
import { partsHint, PicturesField, picturesValue } from "./editor.tsx";
import { picturesOfParts } from "./pictures.ts";
import { ThreadView } from "./thread_view.tsx";

/** Where counters, preview and splits are asked for. */
export const editorOf = (post: PostRead) => `/personas/${post.persona}/posts/${post.id}/edit`;

/** Parts that cannot be changed any more. */
export function lockedParts({ content, sent }: PostRead): number {
  return Math.min(sent.length, content?.parts.length ?? 0);
}

export function EditFields({ post, typed, errors }: {
  post: PostRead;
  /** What was typed when it was refused. */
  typed: Record<string, string>;
  /** `alt 2`: of the second picture. */
  errors: Errors;
}) {
  const parts = post.content?.parts ?? [];
  const locked = lockedParts(post);
  const text = editorText(parts.slice(locked).map((part) => part.text));
  const pictures = picturesValue(picturesOfParts(post.platform, parts, locked));
  const bare = Object.entries(errors).find(([field]) => field.startsWith("alt "));
  return (
    <>
      {locked > 0 && (
        <details class="fold" id={`locked-${post.id}`}>
          <summary>{plural(locked, "part")} out already: locked</summary>
          <ThreadView post={post} only={locked} />
        </details>
      )}
      <TextArea
        name="text"
        label={locked > 0 ? `Text from part ${locked + 1} on` : "Text"}
        class="big"
        scope={`edit-${post.id}`}
        value={typed.text ?? text}
        errors={errors}
        hint={partsHint([post.platform])}
        data-original={text}
      />
      <div id={`measured-${post.id}`} aria-live="polite"></div>
      <PicturesField
        personaId={post.persona}
        platforms={[post.platform]}
        value={typed.pictures ?? pictures}
        isReply={post.answering !== null}
      />
      {bare !== undefined && <p class="error" role="alert" data-focus-on={bare[0]}>{bare[1]}</p>}
      <div class="diff" data-diff="" aria-label="What you changed" hx-ignore=""></div>
      <div id={`preview-${post.id}`}></div>
    </>
  );
}
