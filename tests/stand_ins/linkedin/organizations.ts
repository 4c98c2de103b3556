/** Pages: who has which role, what happened on them, how they did. */
import { type Answer, notFound, wrongParameter, wrongPath } from "./answers.ts";
import { type Call, DAY_MS, hasRole, needScope, notPermitted, page } from "./call.ts";
import { visibleText } from "./little_text.ts";
import { isUrn, valueIn } from "./restli.ts";
import type { Notification, OrganizationRole, Post } from "./world.ts";

const ROLES: OrganizationRole[] = [
  "ADMINISTRATOR",
  "CONTENT_ADMINISTRATOR",
  "DIRECT_SPONSORED_CONTENT_POSTER",
  "RECRUITING_POSTER",
  "ANALYST",
];
/** Notifications can be read back for so long. */
export const NOTIFICATIONS_MS = 60 * DAY_MS;
const ACTIONS = [
  "COMMENT",
  "ADMIN_COMMENT",
  "SHARE_MENTION",
  "LIKE",
  "SHARE",
  "COMMENT_EDIT",
  "COMMENT_DELETE",
];

/** `GET /rest/organizationAcls?q=roleAssignee`. */
export function roles(call: Call): Answer {
  call.query.oneOf("q", ["roleAssignee"]);
  const only = call.query.peek("role") === undefined ? undefined : call.query.oneOf("role", ROLES);
  call.query.oneOf("state", ["APPROVED"], "APPROVED");
  needScope(call, { resource: "organizationAcls", method: "FINDER-roleAssignee" }, ["rw_organization_admin"]);
  const held = call.fault === "role_lost"
    ? []
    : call.world.roles.filter((one) =>
      one.member === call.token.member && (only === undefined || one.role === only)
    );
  const body = page(call, held, ({ member, organization, role }) => ({
    role,
    organization: `urn:li:organization:${organization}`,
    roleAssignee: `urn:li:person:${member}`,
    state: "APPROVED",
  }));
  return { status: 200, body };
}

/** `GET /rest/organizations/{id}`: the key is a bare number, not a URN. */
export function organization(call: Call): Answer {
  call.query.end();
  const [key = ""] = call.keys;
  if (!/^\d{1,19}$/.test(key)) throw wrongPath();
  needScope(call, { resource: "organizations", method: "GET" }, ["rw_organization_admin"]);
  const found = call.world.organization(`urn:li:organization:${key}`);
  if (found === undefined) throw notFound(key);
  if (!hasRole(call, `urn:li:organization:${key}`, ["ADMINISTRATOR"])) {
    throw notPermitted(call, { resource: "organizations", method: "GET" });
  }
  const { id, name, vanityName } = found;
  return { status: 200, body: { id, localizedName: name, vanityName, $URN: `urn:li:organization:${id}` } };
}

/** `GET /rest/organizationalEntityNotifications?q=criteria`. */
export function notifications(call: Call): Answer {
  call.query.oneOf("q", ["criteria"]);
  const entity = call.query.urn("organizationalEntity", "organization");
  const actions = call.query.list("actions") ?? ACTIONS;
  if (actions.some((action) => !ACTIONS.includes(action))) throw wrongParameter("actions");
  const range = call.query.record("timeRange");
  const [start, end] = [
    time(range === null ? "0" : valueIn(range, "start")),
    time(
      range === null ? String(Number.MAX_SAFE_INTEGER) : valueIn(range, "end"),
    ),
  ];
  needAdministrator(call, "organizationalEntityNotifications", "FINDER-criteria", entity);
  const oldest = Math.max(start, call.world.now() - NOTIFICATIONS_MS);
  const found = call.world.notifications.filter((one) =>
    one.organization === entity && actions.includes(one.action) && one.at >= oldest && one.at < end &&
    one.post.deletedAt === null && (one.comment === null || one.comment.deletedAt === null)
  );
  const lagging = call.fault === "read_lag"
    ? found.filter((one) => one !== call.world.notifications.at(-1))
    : found;
  return { status: 200, body: page(call, lagging.reverse(), (one) => written(call, one)) };
}

function written(call: Call, { id, organization, action, at, post, comment }: Notification) {
  // In `generatedActivity` the thread stands without its `urn:li:`, everywhere else with it.
  const generated = comment === null ? post.urn : comment.urn.replace("(urn:li:activity:", "(activity:");
  const text = visibleText(post.elements);
  return {
    notificationId: id,
    organizationalEntity: organization,
    action,
    lastModifiedAt: at,
    sourcePost: post.activity,
    decoratedSourcePost: { entity: post.urn, owner: post.author, text, mediaCategory: "NONE" },
    ...(action === "LIKE" ? {} : { generatedActivity: generated }),
    ...(action === "LIKE" ? {} : {
      decoratedGeneratedActivity: comment === null
        ? { share: { entity: post.urn, owner: post.author, text } }
        : {
          comment: { entity: comment.urn, owner: comment.actor, text: comment.text, object: post.activity },
        },
    }),
    subscriber: `urn:li:person:${call.token.member}`,
  };
}

/** `GET /rest/organizationalEntityShareStatistics?q=organizationalEntity`; a post without any count has no row. */
export function shareStatistics(call: Call): Answer {
  call.query.oneOf("q", ["organizationalEntity"]);
  const entity = call.query.urn("organizationalEntity", "organization");
  const shares = call.query.list("shares") ?? [];
  const ugcPosts = call.query.list("ugcPosts") ?? [];
  if (!shares.every((urn) => isUrn(urn, "share"))) throw wrongParameter("shares");
  if (!ugcPosts.every((urn) => isUrn(urn, "ugcPost"))) throw wrongParameter("ugcPosts");
  needAdministrator(call, "organizationalEntityShareStatistics", "FINDER-organizationalEntity", entity);
  const own = call.world.posts.filter((post) => post.author === entity && post.deletedAt === null);
  const asked = [...shares, ...ugcPosts];
  if (asked.length === 0) {
    const total = own.map((post) => countsOf(call, post)).reduce(sum, NOTHING);
    return { status: 200, body: page(call, [total], (one) => row(entity, one, {})) };
  }
  const rows = own.filter((post) =>
    asked.includes(post.urn) && Object.values(countsOf(call, post)).some(Boolean)
  );
  const body = page(
    call,
    rows,
    (post) =>
      row(entity, countsOf(call, post), { [isUrn(post.urn, "share") ? "share" : "ugcPost"]: post.urn }),
  );
  return { status: 200, body };
}

interface ShareCounts {
  clickCount: number;
  commentCount: number;
  impressionCount: number;
  likeCount: number;
  shareCount: number;
  uniqueImpressionsCount: number;
}

const NOTHING: ShareCounts = {
  clickCount: 0,
  commentCount: 0,
  impressionCount: 0,
  likeCount: 0,
  shareCount: 0,
  uniqueImpressionsCount: 0,
};

function countsOf(call: Call, post: Post): ShareCounts {
  return {
    clickCount: post.counts.clicks,
    commentCount: call.world.comments.filter((one) => one.post === post && one.deletedAt === null).length,
    impressionCount: post.counts.impressions,
    likeCount: call.world.reactions.filter((one) => one.root === post.activity).length,
    shareCount: post.counts.reshares,
    uniqueImpressionsCount: post.counts.membersReached,
  };
}

function sum(one: ShareCounts, other: ShareCounts): ShareCounts {
  return {
    clickCount: one.clickCount + other.clickCount,
    commentCount: one.commentCount + other.commentCount,
    impressionCount: one.impressionCount + other.impressionCount,
    likeCount: one.likeCount + other.likeCount,
    shareCount: one.shareCount + other.shareCount,
    uniqueImpressionsCount: one.uniqueImpressionsCount + other.uniqueImpressionsCount,
  };
}

function row(entity: string, counts: ShareCounts, which: Record<string, string>) {
  const acts = counts.clickCount + counts.likeCount + counts.commentCount + counts.shareCount;
  const engagement = counts.impressionCount === 0 ? 0 : acts / counts.impressionCount;
  return { ...which, organizationalEntity: entity, totalShareStatistics: { ...counts, engagement } };
}

function needAdministrator(call: Call, resource: string, method: string, organization: string): void {
  needScope(call, { resource, method }, ["rw_organization_admin"]);
  if (!hasRole(call, organization, ["ADMINISTRATOR"])) throw notPermitted(call, { resource, method });
}

function time(raw: string | null): number {
  if (raw === null || !/^\d{1,16}$/.test(raw)) throw wrongParameter("timeRange");
  return Number(raw);
}
