/** `/rest/socialActions`: comments, and the sums of a thread. */
import { z } from "zod";
import { type Answer, notFound, wrongInput } from "./answers.ts";
import { type Call, COMMENTING_ROLES, mayReadOf, needActor, page, readBody } from "./call.ts";
import { tooLong } from "./posts.ts";
import { POST_URNS, urnInPath } from "./restli.ts";
import type { Comment, Post, World } from "./world.ts";

export const MAX_COMMENT_LENGTH = 1_250;
const RESOURCE = "partnerApiSocialActions";

const CommentBody = z.strictObject({
  actor: z.string(),
  object: z.string(),
  message: z.strictObject({ text: z.string() }),
  parentComment: z.string().optional(),
});

/** The post and, where the key names one, the comment that a path is about. */
function thread(call: Call): { post: Post; parent: Comment | null } {
  const urn = urnInPath(call.keys[0] ?? "", ...POST_URNS, "comment");
  const parent = call.world.comment(urn) ?? null;
  const post = parent?.post ?? call.world.post(urn);
  if (post === undefined) throw notFound(urn);
  return { post, parent };
}

export function createComment(call: Call): Answer {
  call.query.end();
  const body = readBody(call, CommentBody);
  const deed = { resource: RESOURCE, method: "CREATE" };
  needActor(call, deed, body.actor, "actor", {
    member: ["w_member_social_feed", ...(call.world.memberMayComment ? ["w_member_social"] : [])],
    organization: ["w_organization_social_feed", "w_organization_social"],
    roles: COMMENTING_ROLES,
  });
  const { post, parent } = thread(call);
  if (body.object !== post.urn && body.object !== post.activity) {
    throw wrongInput(400, "INVALID_VALUE_FOR_FIELD", "object", "object is not the post in the path");
  }
  if (body.message.text.trim() === "") {
    throw wrongInput(400, "INVALID_VALUE_BLANK_FIELD", "message/text", "text cannot be blank");
  }
  tooLong("message/text", body.message.text.length, MAX_COMMENT_LENGTH);
  const named = body.parentComment === undefined ? parent : call.world.comment(body.parentComment);
  if (named === undefined || (parent !== null && named !== parent)) {
    throw wrongInput(400, "INVALID_VALUE_FOR_FIELD", "parentComment", "no such comment on this post");
  }
  const comment = addComment(call.world, post, named, body.actor, body.message.text);
  return { status: 201, headers: { "x-restli-id": comment.id } };
}

/** Puts a comment into the world; the page whose post it is hears of it. */
export function addComment(
  world: World,
  post: Post,
  parent: Comment | null,
  actor: string,
  text: string,
): Comment {
  const id = world.nextId();
  const comment: Comment = {
    id,
    urn: `urn:li:comment:(${post.activity},${id})`,
    post,
    parent: parent?.urn ?? null,
    actor,
    text,
    createdAt: world.now(),
    deletedAt: null,
  };
  world.comments.push(comment);
  if (post.author.startsWith("urn:li:organization:") && post.visibility === "PUBLIC") {
    const action = actor === post.author ? "ADMIN_COMMENT" : "COMMENT";
    world.notify({ organization: post.author, action, post, comment });
  }
  return comment;
}

export function listComments(call: Call): Answer {
  const author = authorOf(call);
  const seen = mayReadOf(call, { resource: RESOURCE, method: "GET_ALL" }, author);
  const { post, parent } = thread(call);
  const all = call.world.comments.filter((one) =>
    one.post === post && one.deletedAt === null && one.parent === (parent?.urn ?? null)
  );
  const lagging = call.fault === "read_lag" ? all.filter((one) => one !== call.world.comments.at(-1)) : all;
  return { status: 200, body: page(call, seen ? lagging : [], (one) => written(call.world, one)) };
}

export function getComment(call: Call): Answer {
  call.query.end();
  const seen = mayReadOf(call, { resource: RESOURCE, method: "GET" }, authorOf(call));
  const { post } = thread(call);
  const comment = call.world.comments.find((one) =>
    one.post === post && one.id === call.keys[1] && one.deletedAt === null
  );
  if (comment === undefined || !seen) throw notFound(`comment ${call.keys[1]}`);
  return { status: 200, body: written(call.world, comment) };
}

export function deleteComment(call: Call): Answer {
  const actor = call.query.peek("actor") === undefined
    ? `urn:li:person:${call.token.member}`
    : call.query.urn("actor", "person", "organization");
  call.query.end();
  needActor(call, { resource: RESOURCE, method: "DELETE" }, actor, "actor", {
    member: ["w_member_social_feed", ...(call.world.memberMayComment ? ["w_member_social"] : [])],
    organization: ["w_organization_social_feed", "w_organization_social"],
    roles: COMMENTING_ROLES,
  });
  const { post } = thread(call);
  const comment = call.world.comments.find((one) => one.post === post && one.id === call.keys[1]);
  if (comment === undefined || comment.actor !== actor) throw notFound(`comment ${call.keys[1]}`);
  comment.deletedAt ??= call.world.now();
  return { status: 204 };
}

/** `GET /rest/socialActions/{urn}`. */
export function sums(call: Call): Answer {
  call.query.end();
  const seen = mayReadOf(call, { resource: RESOURCE, method: "GET" }, authorOf(call));
  const { post, parent } = thread(call);
  if (!seen) throw notFound(post.urn);
  const root = parent?.urn ?? post.activity;
  const comments = call.world.comments.filter((one) => one.post === post && one.deletedAt === null);
  return {
    status: 200,
    body: {
      $URN: root,
      target: root,
      likesSummary: { totalLikes: call.world.reactions.filter((one) => one.root === root).length },
      commentsSummary: {
        totalFirstLevelComments: comments.filter((one) => one.parent === (parent?.urn ?? null)).length,
        aggregatedTotalComments: comments.length,
      },
    },
  };
}

/** Who wrote the post of this path. */
function authorOf(call: Call): string | undefined {
  const urn = urnInPath(call.keys[0] ?? "", ...POST_URNS, "comment");
  return (call.world.post(urn) ?? call.world.comment(urn)?.post)?.author;
}

function written(world: World, comment: Comment) {
  const stamp = { actor: comment.actor, time: comment.createdAt };
  const replies = world.comments.filter((one) => one.parent === comment.urn && one.deletedAt === null).length;
  return {
    $URN: comment.urn,
    id: comment.id,
    commentUrn: comment.urn,
    actor: comment.actor,
    object: comment.post.activity,
    ...(comment.parent === null ? {} : { parentComment: comment.parent }),
    message: { attributes: [], text: comment.text },
    created: stamp,
    lastModified: stamp,
    ...(replies === 0
      ? {}
      : { commentsSummary: { totalFirstLevelComments: replies, aggregatedTotalComments: replies } }),
  };
}
