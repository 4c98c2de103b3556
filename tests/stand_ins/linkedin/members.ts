/** Members: who one is, and how one's own posts did. */
import { type Answer, wrongParameter } from "./answers.ts";
import { type Call, needScope, notPermitted, page } from "./call.ts";
import { isUrn, valueIn } from "./restli.ts";
import type { Post } from "./world.ts";

const QUERY_TYPES = ["IMPRESSION", "MEMBERS_REACHED", "RESHARE", "REACTION", "COMMENT"] as const;
/** From this version on `metricType` is plain text. */
const PLAIN_METRIC_FROM = "202605";

/** `GET /v2/userinfo`, by OpenID Connect: no version, and no more than the scopes open. */
export function userinfo(call: Call): Answer {
  call.query.end();
  needScope(call, { resource: "userinfo", method: "GET" }, ["openid"]);
  const member = call.world.member(call.token.member);
  if (member === undefined) throw notPermitted(call, { resource: "userinfo", method: "GET" });
  const { id, givenName, familyName, email } = member;
  const { scopes } = call.token;
  return {
    status: 200,
    body: {
      sub: id,
      ...(scopes.includes("profile")
        ? {
          name: `${givenName} ${familyName}`,
          given_name: givenName,
          family_name: familyName,
          locale: { country: "US", language: "en" },
        }
        : {}),
      ...(scopes.includes("email") ? { email, email_verified: true } : {}),
    },
  };
}

/** `GET /rest/memberCreatorPostAnalytics?q=entity`. */
export function postAnalytics(call: Call): Answer {
  call.query.oneOf("q", ["entity"]);
  const entity = call.query.record("entity") ?? {};
  const queryType = call.query.oneOf("queryType", QUERY_TYPES);
  call.query.oneOf("aggregation", ["TOTAL"], "TOTAL");
  const [kind = ""] = Object.keys(entity);
  const urn = valueIn(entity, kind) ?? "";
  const fits = kind === "share" ? isUrn(urn, "share") : kind === "ugc" && isUrn(urn, "ugcPost");
  if (!fits || Object.keys(entity).length !== 1) throw wrongParameter("entity");
  const deed = { resource: "memberCreatorPostAnalytics", method: "FINDER-entity" };
  needScope(call, deed, ["r_member_postAnalytics"]);
  const post = call.world.post(urn);
  if (post === undefined || post.author !== `urn:li:person:${call.token.member}`) {
    throw notPermitted(call, deed);
  }
  const metricType = call.version >= PLAIN_METRIC_FROM
    ? queryType
    : { "com.linkedin.adsexternalapi.memberanalytics.v1.CreatorPostAnalyticsMetricTypeV1": queryType };
  const element = { count: count(call, post, queryType), metricType, targetEntity: { [kind]: urn } };
  return { status: 200, body: page(call, [element], (one) => one) };
}

function count(call: Call, post: Post, queryType: typeof QUERY_TYPES[number]): number {
  switch (queryType) {
    case "IMPRESSION":
      return post.counts.impressions;
    case "MEMBERS_REACHED":
      return post.counts.membersReached;
    case "RESHARE":
      return post.counts.reshares;
    case "REACTION":
      return call.world.reactions.filter((one) => one.root === post.activity).length;
    case "COMMENT":
      return call.world.comments.filter((one) => one.post === post && one.deletedAt === null).length;
  }
}
