/** All open stops, on the settings page. */
import { limitsOf } from "../../../actors/persona/platforms/limits.ts";
import { stopKey } from "../../../actors/supervisor/stop_scope.ts";
import type { Stop } from "../../../actors/supervisor/supervisor_port.ts";
import { personaCards, userNames } from "../../../db/read/console.ts";
import { getPosts, type PostRead } from "../../../db/read/posts.ts";
import type { Sql } from "../../../db/sql.ts";
import { pageOfStops } from "../../stops_page.ts";
import { Chip, count, Pager } from "../parts/small.tsx";
import { Lift, type Users, WhoSinceWhy } from "../parts/stops.tsx";
import { Marked } from "../parts/text.tsx";
import { STATUS_WORDS } from "../words.ts";

/** Characters of a post that are shown. */
const MAX_QUOTE = 120;

export interface OpenStopsProps {
  items: Stop[];
  /** `next` of this page. */
  next: string | null;
  /** Of all pages. */
  total: number;
  /** The page that is shown, as it was asked for. */
  after: string | null;
  /** Name and zone by persona; deleted ones are absent. */
  personas: ReadonlyMap<string, { name: string; zone: string }>;
  posts: ReadonlyMap<string, PostRead>;
  users: Users;
  now: number;
}

/** Throws BadPage. */
export async function readOpenStops(
  sql: Sql,
  stops: readonly Stop[],
  now: number,
  after: string | null = null,
): Promise<OpenStopsProps> {
  const { items, next } = pageOfStops(stops, { after });
  const personas = items.flatMap(({ scope }) => "personaId" in scope ? [scope.personaId] : []);
  const posts = await getPosts(
    sql,
    items.flatMap(({ scope }) => scope.kind === "post" ? [scope.postId] : []),
  );
  return {
    items,
    next,
    total: stops.length,
    after,
    personas: await personaCards(sql, personas),
    posts: new Map(posts.map((post) => [post.id, post])),
    users: items.length === 0 ? new Map() : await userNames(sql),
    now,
  };
}

/** What stands in `#stops`. */
export function OpenStops(props: OpenStopsProps) {
  const { items, next, total, after } = props;
  return (
    <>
      <h3>
        Stopped now {total > 0 && <span class="faint">· {count(total)}</span>}
      </h3>
      {items.length === 0 && <p class="small soft">Nothing: what is approved goes out.</p>}
      {items.length > 0 && (
        <ul class="lines stops">
          {items.map((stop) => <OpenStop key={stopKey(stop.scope)} stop={stop} {...props} />)}
        </ul>
      )}
      <Pager
        newer={after === null ? null : "/settings#posting-stops"}
        older={next === null ? null : `/settings?stops=${next}#posting-stops`}
      />
    </>
  );
}

function OpenStop({ stop, personas, posts, users, now }: OpenStopsProps & { stop: Stop }) {
  const { scope } = stop;
  const persona = "personaId" in scope ? personas.get(scope.personaId) : undefined;
  return (
    <li>
      <div>
        <p>
          <What stop={stop} personas={personas} />
        </p>
        {scope.kind === "post" && <Quote post={posts.get(scope.postId)} />}
        <p class="small soft">
          Stopped <WhoSinceWhy {...{ stop, users, now }} zone={persona?.zone ?? "UTC"} />
        </p>
      </div>
      <Lift scope={scope}>{scope.kind === "post" ? "Let it go out" : "Let posts go out"}</Lift>
    </li>
  );
}

function What({ stop: { scope }, personas }: Pick<OpenStopsProps, "personas"> & { stop: Stop }) {
  switch (scope.kind) {
    case "all":
      return <b>All posting</b>;
    case "platform":
      return <b>Posting on {limitsOf(scope.platform).label}</b>;
    case "persona":
    case "post": {
      const name = personas.get(scope.personaId)?.name;
      const who = name === undefined
        ? <>a deleted persona</>
        : (
          <a class="link" href={`/personas/${scope.personaId}`} dir="auto">
            <Marked text={name} />
          </a>
        );
      return scope.kind === "persona" ? <b>Posting of {who}</b> : (
        <b>
          <a class="link" href={`/posts/${scope.postId}`}>One post</a> of {who}
        </b>
      );
    }
    default:
      return scope satisfies never;
  }
}

function Quote({ post }: { post: PostRead | undefined }) {
  if (post === undefined) return null;
  const text = post.text === "" ? post.brief : post.text;
  return (
    <p class="small">
      <Chip tone={STATUS_WORDS[post.status].tone}>{STATUS_WORDS[post.status].text}</Chip>{" "}
      <span dir="auto">
        <Marked text={text.length > MAX_QUOTE ? `${text.slice(0, MAX_QUOTE)}…` : text} />
      </span>
    </p>
  );
}
