import { object } from "./call.ts";
import { mayDo } from "./describe.ts";
import { CallFailed, type LinkedInContext, readList, type Session } from "./session.ts";
import { encodeUrn, isPage, isPost } from "./urn.ts";

/** Sums since the post went out; null where LinkedIn does not say. */
export interface Metrics {
  impressions: number | null;
  /** Different people. */
  reached: number | null;
  reactions: number | null;
  comments: number | null;
  reshares: number | null;
  clicks: number | null;
}

/** How a post did; null where this connection may not know. Throws `CallFailed`. */
export async function readMetrics(
  session: Session,
  context: LinkedInContext,
  urn: string,
): Promise<Metrics | null> {
  if (!isPost(urn)) throw new CallFailed({ kind: "rejected", reason: "this is no post on LinkedIn" });
  if (!mayDo(session.author, session.scopes).measure) return null;
  return isPage(session.author) ? await ofPage(session, context, urn) : await ofMember(session, context, urn);
}

async function ofPage(session: Session, context: LinkedInContext, urn: string): Promise<Metrics> {
  const list = urn.startsWith("urn:li:share:") ? "shares" : "ugcPosts";
  const path = `/rest/organizationalEntityShareStatistics?q=organizationalEntity` +
    `&organizationalEntity=${encodeUrn(session.author)}&${list}=List(${encodeUrn(urn)})`;
  const [row] = await readList(session, context, path);
  // A post that nothing happened to has no row.
  const sums = row === undefined ? null : object(row.totalShareStatistics);
  const count = (name: string) => sums === null ? 0 : number(sums[name]);
  return {
    impressions: count("impressionCount"),
    reached: count("uniqueImpressionsCount"),
    reactions: count("likeCount"),
    comments: count("commentCount"),
    reshares: count("shareCount"),
    clicks: count("clickCount"),
  };
}

/** A call for each sum: LinkedIn gives one at a time. */
async function ofMember(session: Session, context: LinkedInContext, urn: string): Promise<Metrics> {
  const kind = urn.startsWith("urn:li:share:") ? "share" : "ugc";
  const ask = async (type: string) => {
    const path = `/rest/memberCreatorPostAnalytics?q=entity&entity=(${kind}:${encodeUrn(urn)})` +
      `&queryType=${type}&aggregation=TOTAL`;
    return number((await readList(session, context, path))[0]?.count);
  };
  return {
    impressions: await ask("IMPRESSION"),
    reached: await ask("MEMBERS_REACHED"),
    reactions: await ask("REACTION"),
    comments: await ask("COMMENT"),
    reshares: await ask("RESHARE"),
    clicks: null,
  };
}

function number(value: unknown): number | null {
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}
