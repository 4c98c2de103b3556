/** Posts, conversations and people of the sandbox. All of it is foreign words. */
import type { SandboxConversation, SandboxPerson, SandboxShown } from "../../../db/read/sandbox.ts";
import { Face, plural } from "../parts/small.tsx";
import { Marked, pieces } from "../parts/text.tsx";
import { Time } from "../parts/time.tsx";

/** Deeper answers stand where these stand: a phone has no room for more. */
const MAX_DEPTH = 3;

export const accountAddress = (handle: string): string => `/sandbox?account=${encodeURIComponent(handle)}`;
const threadAddress = (id: string): string =>
  `/sandbox?thread=${encodeURIComponent(id)}#said-${encodeURIComponent(id)}`;

/** For where no markup can be: what is invisible or turns the direction is named instead. */
const plain = (text: string): string =>
  pieces(text).map(({ text, hidden }) => hidden === null ? text : `(${hidden})`).join("");

/** Answers stand below what they answer. */
export function Conversation({ conversation, now, marked = null }: {
  conversation: SandboxConversation;
  now: number;
  /** The post that somebody came for. */
  marked?: string | null;
}) {
  const { posts, hidden } = conversation;
  const first = posts[0];
  if (first === undefined) return null;
  return (
    <section class="talk" aria-label={`Conversation that ${plain(first.name)} began`}>
      {arranged(posts).map((placed) => <PostOf {...placed} now={now} marked={placed.post.id === marked} />)}
      {hidden > 0 && (
        <p class="more small">
          <a href={threadAddress(first.id)}>{plural(hidden, "more answer")}</a>
        </p>
      )}
    </section>
  );
}

interface Placed {
  post: SandboxShown;
  depth: number;
  /** Whether one sees from its place what it answers. */
  inPlace: boolean;
}

/**
 * Each answer behind what it answers, in the order in which they were said; a thread stays together, at one edge. What
 * answers something that is not here stands by itself.
 */
export function arranged(posts: SandboxShown[]): Placed[] {
  const here = new Map(posts.map((post) => [post.id, post]));
  const answers = Map.groupBy(posts, ({ replyTo }) => replyTo !== null && here.has(replyTo) ? replyTo : null);
  const goesOn = (post: SandboxShown) =>
    (answers.get(post.id) ?? []).find(({ accountId }) => accountId === post.accountId) ?? null;
  const placed: Placed[] = [];
  const open = (answers.get(null) ?? []).map((post) => ({ post, depth: 0 })).reverse();
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { post, depth } = next;
    const parent = post.replyTo === null ? null : here.get(post.replyTo) ?? null;
    const part = parent === null ? null : goesOn(parent);
    const crowded = depth === MAX_DEPTH && placed.at(-1)?.post !== parent;
    const inPlace = post.replyTo === null || parent !== null && !crowded && (part === null || part === post);
    placed.push({ post, depth, inPlace });
    const continued = goesOn(post);
    const others = (answers.get(post.id) ?? []).filter((answer) => answer !== continued)
      .map((answer) => ({ post: answer, depth: Math.min(MAX_DEPTH, depth + 1) }));
    open.push(...others.reverse());
    if (continued !== null) open.push({ post: continued, depth });
  }
  return placed;
}

export function PostOf({ post, depth, inPlace, now, marked = false }: Placed & {
  now: number;
  marked?: boolean;
}) {
  const { answered, quoted, personaId } = post;
  return (
    <article
      class={`post d${depth}${post.audience ? "" : " ours"}${marked ? " here" : ""}`}
      id={`said-${post.id}`}
    >
      <Face name={plain(post.name)} small={depth > 0} />
      <div class="body">
        <p class="by">
          <b dir="auto">
            {personaId === null ? <Marked text={post.name} /> : (
              <a href={`/personas/${personaId}`}>
                <Marked text={post.name} />
              </a>
            )}
          </b>
          <a class="soft small" href={accountAddress(post.handle)}>
            @<Marked text={post.handle} />
          </a>
          <Kind {...post} />
          <a class="faint small when" href={threadAddress(post.id)}>
            <Time at={post.createdAt} zone="UTC" now={now} /> UTC
          </a>
        </p>
        {answered !== null && !inPlace && (
          <p class="small soft truncate">
            answers @<Marked text={answered.handle} />:{" "}
            {answered.deleted ? <i>deleted</i> : <Marked text={answered.text} />}
          </p>
        )}
        {post.deleted
          ? (
            <p class="faint">
              <i>This post was deleted.</i>
            </p>
          )
          : (
            <p class="said" dir="auto" lang={post.language} hx-ignore="">
              <Marked text={post.text} />
            </p>
          )}
        {post.media.length > 0 && <Pictures media={post.media} />}
        {quoted !== null && (
          <blockquote class="quoted" dir="auto">
            <p class="small">
              <b>
                <Marked text={quoted.name} />
              </b>{" "}
              <a class="soft" href={threadAddress(quoted.id)}>
                @<Marked text={quoted.handle} />
              </a>
            </p>
            <p hx-ignore="">
              {quoted.deleted ? <i>This post was deleted.</i> : <Marked text={quoted.text} />}
            </p>
          </blockquote>
        )}
        <Counts {...post} />
      </div>
    </article>
  );
}

/** Who speaks, in words and not by color alone. */
function Kind({ personaId, audience, bot }: Pick<SandboxShown, "personaId" | "audience" | "bot">) {
  if (personaId !== null) return <span class="chip acc kind">persona</span>;
  if (bot) return <span class="chip kind" title="Says of itself that it is a program">audience · bot</span>;
  return audience ? <span class="chip kind">audience</span> : null;
}

function Counts({ likes, reposts, replies, quotes }: SandboxShown) {
  const counted: [sign: string, value: number, one: string, many: string][] = [
    ["♥", likes, "like", "likes"],
    ["↻", reposts, "repost", "reposts"],
    ["↳", replies, "answer", "answers"],
    ["❝", quotes, "quote", "quotes"],
  ];
  const some = counted.filter(([, value]) => value > 0);
  if (some.length === 0) return null;
  return (
    <p class="counts small faint">
      {some.map(([sign, value, one, many]) => (
        <span>
          <span aria-hidden="true">{sign}</span> {plural(value, one, many)}
        </span>
      ))}
    </p>
  );
}

function Pictures({ media }: Pick<SandboxShown, "media">) {
  return (
    <div class={`pictures p${media.length}`}>
      {media.map(({ sha256, alt }) => (
        <a href={`/sandbox/media/${sha256}`}>
          <img
            src={`/sandbox/media/${sha256}`}
            alt={plain(alt)}
            title={plain(alt)}
            loading="lazy"
            decoding="async"
          />
        </a>
      ))}
    </div>
  );
}

export function People({ people }: { people: SandboxPerson[] }) {
  return (
    <aside class="people" aria-label="Who is here">
      <h2>Who is here</h2>
      <ul>
        {people.map((person) => (
          <li class={person.audience ? undefined : "ours"}>
            <Face name={plain(person.name)} small />
            <div>
              <p class="by">
                <a href={accountAddress(person.handle)} dir="auto">
                  <b>
                    <Marked text={person.name} />
                  </b>
                </a>
                <Kind {...person} />
              </p>
              <p class="small soft truncate" dir="auto">
                {person.bio === ""
                  ? (
                    <>
                      @<Marked text={person.handle} />
                    </>
                  )
                  : <Marked text={person.bio} />}
              </p>
              <p class="small faint">
                {plural(person.posts, "post")}
                {person.followers > 0 && ` · ${plural(person.followers, "follower")}`}
              </p>
            </div>
          </li>
        ))}
      </ul>
    </aside>
  );
}
