/** Posts as their platforms show them: close enough to judge length, pictures and what is folded away. Marks are our own. */
import type { Child } from "hono/jsx";
import { limitsOf } from "../../../actors/persona/platforms/limits.ts";
import type { Facet, MediaRef, Part, Platform } from "../../../actors/persona/platforms/port.ts";
import { facetsOf } from "../../../actors/persona/platforms/text/entities.ts";
import { type AccountLook, handleWords } from "../account_words.ts";
import { pathOfPicture } from "../media.ts";
import { Marked, webAddress } from "../parts/text.tsx";
import { initials } from "../words.ts";
import { foldOf, type Segment, segments } from "./segments.ts";

export { ThreadView } from "./thread_view.tsx";

/** Whose post it is. */
export interface PreviewAccount extends AccountLook {
  /** Of the persona: its pictures are kept under it. */
  personaId: string;
}

/** What a post answers: by whom, as far as that is kept. */
export interface AnswerTo {
  handle: string | null;
}

export interface PreviewProps {
  platform: Platform;
  content: { parts: Part[]; language?: string };
  account: PreviewAccount;
  /** Null for a post that answers nothing. */
  answers: AnswerTo | null;
  /** UTF-16 index in each part from which on it is too long; absent where all fits. */
  over?: number[];
}

export function PreviewOf({ platform, content, account, answers, over = [] }: PreviewProps) {
  const { parts, language } = content;
  return (
    <div class={`pv pv-${platform}`} aria-label={`How it looks on ${limitsOf(platform).label}`} role="group">
      {parts.map((part, index) => (
        <PostOf
          {...{ platform, account, language }}
          part={withFacets(platform, part)}
          over={over[index] ?? Infinity}
          answers={index === 0 ? answers : null}
          goesOn={index < parts.length - 1}
        />
      ))}
    </div>
  );
}

/** Texts of the sandbox, and those that wait for preparation, hold no facets yet; X's are found with its own library only. */
export function withFacets(platform: Platform, part: Part): Part {
  return part.facets.length > 0 || platform === "x"
    ? part
    : { ...part, facets: facetsOf(platform, part.text) };
}

const NAME_UNKNOWN = "The account's display name is not known here: its handle stands in its place";

function PostOf({ platform, account, part, over, answers, goesOn, language }: {
  platform: Platform;
  account: PreviewAccount;
  part: Part;
  over: number;
  answers: AnswerTo | null;
  /** Another part hangs below. */
  goesOn: boolean;
  language?: string;
}) {
  const isComment = platform === "linkedin" && answers !== null;
  const fold = isComment ? Infinity : foldOf(platform, part.text);
  const media = part.media ?? [];
  const link = media.length === 0 ? linkOf(part.facets) : null;
  return (
    <article class={goesOn ? "pv-post goes-on" : "pv-post"}>
      <div class="pv-face" aria-hidden="true">{initials(account.name.replace(/^@/, ""))}</div>
      <p class="pv-by" title={account.isNameKnown ? undefined : NAME_UNKNOWN}>
        <b>
          <bdi>
            <Marked text={account.name} />
          </bdi>
        </b>{" "}
        {account.handle !== null && (
          <bdi>
            <Marked text={account.handle} />
          </bdi>
        )}{" "}
        <span class="pv-now">
          {isComment ? "now" : platform === "linkedin" ? "now · visible to everybody" : "· now"}
        </span>
      </p>
      <div class="pv-body">
        {answers !== null && !isComment && <AnswersLine {...{ platform }} {...answers} />}
        {part.text.trim() === ""
          ? <p class="pv-text pv-none">Nothing to read yet.</p>
          : (
            <p class="pv-text" dir="auto" lang={language} hx-ignore="">
              {segments(part, { over, fold }).map((segment, index, all) => (
                <>
                  {segment.folded && all[index - 1]?.folded !== true && (
                    <span class="pv-more" title="LinkedIn folds away what comes after this">…see more</span>
                  )}
                  <Piece {...segment} />
                </>
              ))}
            </p>
          )}
        {media.length > 0 && <Pictures media={media} personaId={account.personaId} />}
        {link !== null && platform !== "bluesky" && platform !== "sandbox" && (
          <p class="pv-card" title="The platform makes a card of the linked page, if that page offers one">
            <span>{link.host}</span>
            <span>A card of this page may stand here</span>
          </p>
        )}
      </div>
      {isComment ? <p class="pv-acts" aria-hidden="true">Like · Reply</p> : <Acts platform={platform} />}
    </article>
  );
}

/** LinkedIn's comments stand below what they answer, and say nothing of it. */
function AnswersLine({ platform, handle }: AnswerTo & { platform: Platform }) {
  return (
    <p class="pv-to">
      {platform === "x" ? "Replying to" : platform === "bluesky" ? "↩ Reply to" : "answers"}{" "}
      {handle === null ? "somebody" : (
        <bdi>
          <Marked text={handleWords(platform, handle)} />
        </bdi>
      )}
    </p>
  );
}

function Piece({ text, facet, over, folded }: Segment) {
  const said = facet === null ? <Marked text={text} /> : (
    <span class="pv-entity" title={targetOf(facet)}>
      <Marked text={text} />
    </span>
  );
  const shown = folded ? <span class="pv-folded">{said}</span> : said;
  return over ? <mark class="pv-over" title="Over the limit">{shown}</mark> : <>{shown}</>;
}

function targetOf(facet: Facet): string {
  switch (facet.kind) {
    case "link":
      return `Link to ${facet.uri}`;
    case "mention":
      return `Mentions @${facet.handle.replace(/^@/, "")}`;
    case "tag":
      return `Tag ${facet.tag}`;
    case "cashtag":
      return `Cashtag ${facet.tag}`;
    default:
      return facet satisfies never;
  }
}

function linkOf(facets: Facet[]): URL | null {
  const link = facets.find((facet) => facet.kind === "link");
  return link?.kind === "link" ? webAddress(link.uri) : null;
}

/** One to four, as the platforms lay them out; how it is described stands below each in the exact view. */
export function Pictures({ media, personaId }: { media: MediaRef[]; personaId: string }) {
  return (
    <div class={`pv-pictures p${Math.min(media.length, 4)}`}>
      {media.map((one) => (
        <figure>
          <img
            src={pathOfPicture(personaId, one.sha256)}
            alt={one.alt}
            width={one.width}
            height={one.height}
            loading="lazy"
          />
          {one.alt.trim() === ""
            ? <figcaption class="none">no alt text</figcaption>
            : <figcaption title={one.alt}>alt</figcaption>}
        </figure>
      ))}
    </div>
  );
}

/** Plain marks of our own, only so that the eye finds where a post ends. */
const MARKS: Record<"answer" | "repost" | "like" | "send", Child> = {
  answer: <path d="M3 4.5h12v8H8l-3 2.5v-2.5H3z" />,
  repost: <path d="M4 11V6.5h8M10 4l2.5 2.5L10 9M14 7v4.5H6M8 9l-2.5 2.5L8 14" />,
  like: (
    <path d="M9 14.5 3.8 9.3a3.1 3.1 0 0 1 0-4.4 3 3 0 0 1 4.3 0L9 5.8l.9-.9a3 3 0 0 1 4.3 0 3.1 3.1 0 0 1 0 4.4z" />
  ),
  send: <path d="M3 9 15 3.5 12 15 8.5 10.5z" />,
};

function Acts({ platform }: { platform: Platform }) {
  const words = platform === "linkedin"
    ? [["like", "Like"], ["answer", "Comment"], ["repost", "Repost"], ["send", "Send"]] as const
    : [["answer", ""], ["repost", ""], ["like", ""]] as const;
  return (
    <p class="pv-acts" aria-hidden="true">
      {words.map(([mark, word]) => (
        <span>
          <svg viewBox="0 0 18 18" width="16" height="16">{MARKS[mark]}</svg>
          {word}
        </span>
      ))}
    </p>
  );
}
