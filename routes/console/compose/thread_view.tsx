/** All that a post says, exactly: every part, every picture with its description, and which parts are out already. */
import { limitsOf } from "../../../actors/persona/platforms/limits.ts";
import type { MediaRef } from "../../../actors/persona/platforms/port.ts";
import { measure } from "../../../actors/persona/platforms/text/measure.ts";
import type { PostRead } from "../../../db/read/posts.ts";
import { pathOfPicture } from "../media.ts";
import { Chip } from "../parts/small.tsx";
import { ExternalLink, Marked, Said } from "../parts/text.tsx";
import { STATUS_WORDS } from "../words.ts";

/** `only`: that many parts from the first on. */
export function ThreadView({ post, only = Infinity }: { post: PostRead; only?: number }) {
  const { content, sent } = post;
  if (content === null) return null;
  const { parts } = content;
  const said = parts.slice(0, only).map((part, index) => ({ part, out: sent[index] ?? null, index }));
  if (parts.length === 1) {
    return (
      <>
        {said.map(({ part }) => (
          <>
            <Said part={part} language={content.language} />
            <Described media={part.media ?? []} personaId={post.persona} />
          </>
        ))}
      </>
    );
  }
  const isOutInPart = sent.length > 0 && sent.length < parts.length;
  return (
    <ol class="thread">
      {said.map(({ part, out, index }) => (
        <li class={out !== null && isOutInPart ? "out" : undefined}>
          <p class="thread-at small soft">
            {index + 1} of {parts.length}
            {out !== null && isOutInPart && (
              <>
                {" · "}
                <span class="ok">out already, cannot be changed</span>
                {out.url.startsWith("http") && post.platform !== "sandbox" && (
                  <>
                    {" · "}
                    <ExternalLink href={out.url}>open it</ExternalLink>
                  </>
                )}
              </>
            )}
          </p>
          <Said part={part} language={content.language} />
          <Described media={part.media ?? []} personaId={post.persona} />
        </li>
      ))}
    </ol>
  );
}

/** Pictures with what is said of them to those who cannot see them. */
function Described({ media, personaId }: { media: MediaRef[]; personaId: string }) {
  if (media.length === 0) return null;
  return (
    <ul class="described">
      {media.map((one) => {
        const path = pathOfPicture(personaId, one.sha256);
        return (
          <li>
            <a href={path} target="_blank" rel="noopener" aria-label="See the picture as it goes out">
              <img src={path} alt={one.alt} width={one.width} height={one.height} loading="lazy" />
            </a>
            {one.alt.trim() === "" ? <p class="small warn">! no alt text</p> : (
              <p class="small" dir="auto">
                <span class="soft">alt:</span> <Marked text={one.alt} />
              </p>
            )}
          </li>
        );
      })}
    </ul>
  );
}

/** The longest part against what its platform takes, in its own unit; X's is known once it was prepared. */
export function LengthOf({ post }: { post: PostRead }) {
  const { content, platform } = post;
  if (content === null) return null;
  const reply = post.answering !== null;
  const limits = limitsOf(platform);
  const max = reply ? limits.maxReplyLength ?? limits.maxLength : limits.maxLength;
  const lengths = content.parts.map((part) =>
    platform === "x" ? part.weight ?? null : measure(platform, part.text, { reply }).count
  );
  const longest = lengths.some((one) => one === null) ? null : Math.max(0, ...lengths.map(Number));
  return (
    <span
      class={longest !== null && longest > max ? "count over" : "count"}
      title={`${limits.unit} of at most`}
    >
      {content.parts.length > 1 && `${content.parts.length} parts · `}
      {longest ?? "…"} / {max}
    </span>
  );
}

/** The other posts that were asked for together with it. */
export function VariantsOf({ post }: { post: PostRead }) {
  if (post.variants.length === 0) return null;
  return (
    <p class="variants small soft">
      also for {post.variants.map(({ id, platform, status }) => (
        <a href={`/posts/${id}`}>
          <Chip tone={STATUS_WORDS[status].tone}>
            {limitsOf(platform).label}: {STATUS_WORDS[status].text}
          </Chip>
        </a>
      ))}
    </p>
  );
}
