/** `/rest/reactions` and `/rest/socialMetadata`. */
import { z } from "zod";
import { type Answer, notFound, wrongInput, wrongPath } from "./answers.ts";
import { type Call, COMMENTING_ROLES, mayReadOf, needActor, page, readBody } from "./call.ts";
import { isUrn, POST_URNS, readRecord, recordInPath, urnInPath, valueIn } from "./restli.ts";
import { type Post, REACTION_TYPES, type ReactionType, type World } from "./world.ts";

const WRITERS = {
  member: ["w_member_social", "w_member_social_feed"],
  organization: ["w_organization_social", "w_organization_social_feed"],
  roles: COMMENTING_ROLES,
};
const RESOURCE = "partnerApiReactions";

const ReactionBody = z.strictObject({ root: z.string(), reactionType: z.enum(REACTION_TYPES) });

/** What a reaction hangs on: the post's activity, or a comment. */
function target(world: World, urn: string): { root: string; post: Post } {
  const comment = isUrn(urn, "comment") ? world.comment(urn) : undefined;
  const post = comment?.post ?? (isUrn(urn, ...POST_URNS) ? world.post(urn) : undefined);
  if (post === undefined) throw notFound(urn);
  return { root: comment?.urn ?? post.activity, post };
}

/** `POST /rest/reactions?actor=…`. A second reaction by the same actor takes the place of the first. */
export function createReaction(call: Call): Answer {
  const actor = call.query.urn("actor", "person", "organization");
  call.query.end();
  const body = readBody(call, ReactionBody);
  needActor(call, { resource: RESOURCE, method: "CREATE" }, actor, "actor", WRITERS);
  if (!isUrn(body.root, ...POST_URNS, "comment")) {
    throw wrongInput(400, "INVALID_URN_TYPE", "root", "root must be a post or a comment");
  }
  const root = react(call.world, body.root, actor, body.reactionType);
  return { status: 201, headers: { "x-restli-id": `urn:li:reaction:(${actor},${root})` } };
}

export function react(world: World, on: string, actor: string, type: ReactionType): string {
  const { root, post } = target(world, on);
  world.reactions = world.reactions.filter((one) => one.root !== root || one.actor !== actor);
  world.reactions.push({ actor, root, type, createdAt: world.now() });
  if (root === post.activity && post.author.startsWith("urn:li:organization:") && actor !== post.author) {
    world.notify({ organization: post.author, action: "LIKE", post, comment: null });
  }
  return root;
}

/** `DELETE /rest/reactions/(actor:…,entity:…)`. */
export function deleteReaction(call: Call): Answer {
  call.query.end();
  const [actor = "", entity = ""] = recordInPath(call.keys[0] ?? "", ["actor", "entity"]);
  if (!isUrn(actor, "person", "organization") || !isUrn(entity, ...POST_URNS, "comment")) throw wrongPath();
  needActor(call, { resource: RESOURCE, method: "DELETE" }, actor, "actor", WRITERS);
  const { root } = target(call.world, entity);
  call.world.reactions = call.world.reactions.filter((one) => one.root !== root || one.actor !== actor);
  return { status: 204 };
}

/** `GET /rest/reactions/(entity:…)?q=entity`. */
export function findReactions(call: Call): Answer {
  call.query.oneOf("q", ["entity"]);
  const key = readRecord(call.keys[0] ?? "");
  const entity = key === null ? null : valueIn(key, "entity");
  if (entity === null || !isUrn(entity, ...POST_URNS, "comment")) throw wrongPath();
  const { root, post } = target(call.world, entity);
  const seen = mayReadOf(call, { resource: RESOURCE, method: "FINDER-entity" }, post.author);
  const all = seen ? call.world.reactions.filter((one) => one.root === root) : [];
  const body = page(call, all, ({ actor, type, createdAt }) => ({
    id: `urn:li:reaction:(${actor},${root})`,
    root,
    reactionType: type,
    created: { actor, time: createdAt },
    lastModified: { actor, time: createdAt },
  }));
  return { status: 200, body };
}

/** `GET /rest/socialMetadata/{urn}`. */
export function socialMetadata(call: Call): Answer {
  call.query.end();
  const urn = urnInPath(call.keys[0] ?? "", ...POST_URNS, "comment");
  const author = (call.world.post(urn) ?? call.world.comment(urn)?.post)?.author;
  const seen = mayReadOf(call, { resource: "partnerApiSocialMetadata", method: "GET" }, author);
  const { root, post } = target(call.world, urn);
  if (!seen) throw notFound(urn);
  const types = REACTION_TYPES.map((type) => ({
    reactionType: type,
    count: call.world.reactions.filter((one) => one.root === root && one.type === type).length,
  })).filter(({ count }) => count > 0);
  const comments = call.world.comments.filter((one) => one.post === post && one.deletedAt === null);
  return {
    status: 200,
    body: {
      entity: root,
      commentsState: "OPEN",
      reactionSummaries: Object.fromEntries(types.map((one) => [one.reactionType, one])),
      commentSummary: {
        count: comments.length,
        topLevelCount: comments.filter(({ parent }) => parent === null).length,
      },
    },
  };
}
