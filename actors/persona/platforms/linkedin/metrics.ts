import { readCount } from "../answer_body.ts";
import { type AdapterContext, type Measured, type Metrics, PlatformFailed } from "../port.ts";
import { object } from "./call.ts";
import { mayDo } from "./describe.ts";
import { failureOf } from "./outcome.ts";
import { isForbidden, type Session, unreadable } from "./session.ts";
import { encodeUrn, isPage, isPost, readComment } from "./urn.ts";

/** Of one call for a page; LinkedIn's lists give ten where nothing is said. */
const POSTS_A_CALL = 10;

const NOT_ALLOWED: Measured = { kind: "not_allowed" };
const GONE: Measured = { kind: "gone" };

/** How posts and comments did, by their URNs; each sum since it went out. Throws `PlatformFailed`. */
export async function readMetrics(
  session: Session,
  context: AdapterContext,
  urns: string[],
): Promise<Map<string, Measured>> {
  const may = mayDo(session.author, session.scopes);
  const measured = new Map<string, Measured>(urns.map((urn) => [urn, NOT_ALLOWED]));
  const posts = may.measure ? [...new Set(urns)].filter(isPost) : [];
  const answers = isPage(session.author)
    ? await ofPage(session, context, posts)
    : await ofMember(session, context, posts);
  for (const [urn, answer] of answers) measured.set(urn, answer);
  for (const urn of may.readBack ? new Set(urns) : []) {
    if (readComment(urn) !== null) measured.set(urn, await ofComment(session, context, urn));
  }
  return measured;
}

async function ofPage(
  session: Session,
  context: AdapterContext,
  posts: string[],
): Promise<Map<string, Measured>> {
  const measured = new Map<string, Measured>();
  for (let from = 0; from < posts.length; from += POSTS_A_CALL) {
    const some = posts.slice(from, from + POSTS_A_CALL);
    const rows = await readOr(session, context, statisticsPath(session.author, some));
    if (!Array.isArray(rows)) {
      for (const urn of some) measured.set(urn, rows);
      continue;
    }
    for (const row of rows) {
      const urn = row.share ?? row.ugcPost;
      if (typeof urn === "string" && some.includes(urn)) {
        measured.set(urn, pageSums(object(row.totalShareStatistics)));
      }
    }
    // A post that nothing happened to has no row, and neither has one that is gone.
    for (const urn of some) {
      if (!measured.has(urn)) measured.set(urn, await withoutRow(session, context, urn));
    }
  }
  return measured;
}

function statisticsPath(page: string, posts: string[]): string {
  const list = (name: string, prefix: string) => {
    const some = posts.filter((urn) => urn.startsWith(prefix));
    return some.length === 0 ? "" : `&${name}=List(${some.map(encodeUrn).join(",")})`;
  };
  return `/rest/organizationalEntityShareStatistics?q=organizationalEntity&organizationalEntity=${
    encodeUrn(page)
  }${list("shares", "urn:li:share:")}${list("ugcPosts", "urn:li:ugcPost:")}`;
}

function pageSums(sums: Record<string, unknown>): Measured {
  return counted({
    impressions: readCount(sums.impressionCount),
    reached: readCount(sums.uniqueImpressionsCount),
    likes: readCount(sums.likeCount),
    replies: readCount(sums.commentCount),
    reposts: readCount(sums.shareCount),
    clicks: readCount(sums.clickCount),
  });
}

async function withoutRow(session: Session, context: AdapterContext, urn: string): Promise<Measured> {
  const read = await ask(session, context, `/rest/posts/${encodeUrn(urn)}`);
  return "kind" in read && read.kind === "gone"
    ? GONE
    : counted({ impressions: 0, reached: 0, likes: 0, replies: 0, reposts: 0, clicks: 0 });
}

/** A call for each sum: LinkedIn gives one at a time. */
async function ofMember(
  session: Session,
  context: AdapterContext,
  posts: string[],
): Promise<Map<string, Measured>> {
  const measured = new Map<string, Measured>();
  for (const urn of posts) measured.set(urn, await ofMembersPost(session, context, urn));
  return measured;
}

const SUMS = [
  ["impressions", "IMPRESSION"],
  ["reached", "MEMBERS_REACHED"],
  ["likes", "REACTION"],
  ["replies", "COMMENT"],
  ["reposts", "RESHARE"],
] as const;

async function ofMembersPost(session: Session, context: AdapterContext, urn: string): Promise<Measured> {
  const kind = urn.startsWith("urn:li:share:") ? "share" : "ugc";
  const sums: Partial<Metrics> = {};
  for (const [name, type] of SUMS) {
    const path = `/rest/memberCreatorPostAnalytics?q=entity&entity=(${kind}:${encodeUrn(urn)})` +
      `&queryType=${type}&aggregation=TOTAL`;
    const rows = await readOr(session, context, path);
    if (!Array.isArray(rows)) return rows;
    sums[name] = readCount(rows[0]?.count);
  }
  return counted(sums);
}

async function ofComment(session: Session, context: AdapterContext, urn: string): Promise<Measured> {
  const read = await ask(session, context, `/rest/socialActions/${encodeUrn(urn)}`);
  if ("kind" in read) return read;
  return counted({
    likes: readCount(object(read.body.likesSummary).totalLikes),
    replies: readCount(object(read.body.commentsSummary).totalFirstLevelComments),
  });
}

/** The rows of a list, or what it says of a post that there are none. */
async function readOr(
  session: Session,
  context: AdapterContext,
  path: string,
): Promise<Record<string, unknown>[] | Measured> {
  const read = await ask(session, context, path);
  if ("kind" in read) return read;
  const { elements } = read.body;
  if (!Array.isArray(elements)) throw unreadable();
  return elements.map(object);
}

async function ask(
  session: Session,
  context: AdapterContext,
  path: string,
): Promise<{ body: Record<string, unknown> } | Measured> {
  const called = await session.call(context, { what: "read", method: "GET", path });
  if (called.kind === "ok") {
    if (called.body === null) throw unreadable();
    return { body: called.body };
  }
  if (isForbidden(called)) return NOT_ALLOWED;
  if (called.kind === "refused" && called.refusal.status === 404) return GONE;
  throw new PlatformFailed(failureOf(called, session.now()));
}

/** What is not given, LinkedIn does not say. */
function counted(known: Partial<Metrics>): Measured {
  const nothing: Metrics = {
    likes: null,
    reposts: null,
    replies: null,
    quotes: null,
    bookmarks: null,
    impressions: null,
    reached: null,
    clicks: null,
  };
  return { kind: "counted", metrics: { ...nothing, ...known } };
}
