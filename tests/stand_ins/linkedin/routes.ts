/** Which path is answered by what. */
import { type Answer, refuse } from "./answers.ts";
import type { Call } from "./call.ts";
import { createComment, deleteComment, getComment, listComments, sums } from "./comments.ts";
import { getImage, initializeUpload } from "./images.ts";
import { postAnalytics, userinfo } from "./members.ts";
import { notifications, organization, roles, shareStatistics } from "./organizations.ts";
import { createPost, deletePost, findPosts, getPost } from "./posts.ts";
import { createReaction, deleteReaction, findReactions, socialMetadata } from "./reactions.ts";

type Handler = (call: Call, webOrigin: string) => Answer;

/** `*` is a key: one segment, handed on as it was sent. */
const ROUTES: [method: string, path: string, handler: Handler][] = [
  ["GET", "/v2/userinfo", userinfo],
  ["POST", "/rest/posts", createPost],
  ["GET", "/rest/posts", findPosts],
  ["GET", "/rest/posts/*", getPost],
  ["DELETE", "/rest/posts/*", deletePost],
  ["POST", "/rest/images", initializeUpload],
  ["GET", "/rest/images/*", getImage],
  ["GET", "/rest/socialActions/*", sums],
  ["GET", "/rest/socialActions/*/comments", listComments],
  ["POST", "/rest/socialActions/*/comments", createComment],
  ["GET", "/rest/socialActions/*/comments/*", getComment],
  ["DELETE", "/rest/socialActions/*/comments/*", deleteComment],
  ["POST", "/rest/reactions", createReaction],
  ["GET", "/rest/reactions/*", findReactions],
  ["DELETE", "/rest/reactions/*", deleteReaction],
  ["GET", "/rest/socialMetadata/*", socialMetadata],
  ["GET", "/rest/organizationAcls", roles],
  ["GET", "/rest/organizations/*", organization],
  ["GET", "/rest/organizationalEntityNotifications", notifications],
  ["GET", "/rest/organizationalEntityShareStatistics", shareStatistics],
  ["GET", "/rest/memberCreatorPostAnalytics", postAnalytics],
];

export function route(method: string, path: string): { handler: Handler; keys: string[] } {
  const segments = path.split("/");
  for (const [wanted, pattern, handler] of ROUTES) {
    const parts = pattern.split("/");
    const fits = wanted === method && parts.length === segments.length &&
      parts.every((part, at) => part === "*" ? segments[at] !== "" : part === segments[at]);
    if (fits) return { handler, keys: segments.filter((_, at) => parts[at] === "*") };
  }
  throw refuse(404, { code: "RESOURCE_NOT_FOUND", message: "No virtual resource found" }, true);
}
