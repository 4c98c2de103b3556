/** Every call of the API that is played: its path, who may make it, how often, and what does it. */
import {
  appendUpload,
  describeMedia,
  finalizeUpload,
  initializeUpload,
  uploadAtOnce,
  uploadStatus,
} from "./media.ts";
import { createPost, deletePost } from "./posts.ts";
import type { Answer } from "./problems.ts";
import { PAGE_TOKEN, type QueryShape, type Rule, type Rules, SEARCH_TEXT } from "./query.ts";
import {
  me,
  mentionsOfUser,
  postById,
  postsByIds,
  postsOfUser,
  quotesOfPost,
  searchRecent,
  userById,
  userByUsername,
  usersByUsernames,
} from "./reads.ts";
import type { Account, Dialect, World } from "./world.ts";
import type { Wanted } from "./views.ts";

/** A request that has passed all that is the same for every operation. */
export interface Call {
  world: World;
  account: Account;
  /** What stands in the path. */
  parameters: Record<string, string>;
  query: Map<string, string>;
  wanted: Wanted;
  /** JSON as it came; a form as an object of texts and bytes. */
  body: unknown;
  /** The one that is answered in. */
  dialect: Dialect;
}

export interface Operation {
  name: string;
  method: "GET" | "POST" | "DELETE";
  /** As in the specification: `{id}` stands for one segment. */
  path: string;
  scopes: string[];
  query: QueryShape;
  body: "none" | "json" | "json_or_form";
  /** Requests of one account in 15 minutes. */
  limit: number;
  handle(call: Call): Answer;
}

const READ = ["tweet.read", "users.read"];
const WRITE = ["tweet.read", "tweet.write", "users.read"];
const MEDIA = ["media.write"];

const id: Rule = { is: "id" };
const SPAN: Rules = { since_id: id, until_id: id, start_time: { is: "time" }, end_time: { is: "time" } };
const exclude: Rule = { is: "some_of", names: ["replies", "retweets"] };
const NOTHING: QueryShape = { own: {}, needed: [], shows: "nothing" };

/** Limits are X's own where they are published; those of uploads, users, quotes and search are assumed. */
export const OPERATIONS: readonly Operation[] = [
  {
    name: "createPost",
    method: "POST",
    path: "/2/tweets",
    scopes: WRITE,
    query: NOTHING,
    body: "json",
    limit: 100,
    handle: createPost,
  },
  {
    name: "deletePost",
    method: "DELETE",
    path: "/2/tweets/{id}",
    scopes: WRITE,
    query: NOTHING,
    body: "none",
    limit: 50,
    handle: deletePost,
  },
  read("postsByIds", "/2/tweets", 5_000, posts({ ids: { is: "ids", most: 100 } }, ["ids"]), postsByIds),
  read(
    "searchRecent",
    "/2/tweets/search/recent",
    300,
    posts({
      ...SPAN,
      query: SEARCH_TEXT,
      max_results: { is: "number", least: 10, most: 100 },
      next_token: PAGE_TOKEN,
      pagination_token: PAGE_TOKEN,
      sort_order: { is: "one_of", names: ["recency", "relevancy"] },
    }, ["query"]),
    searchRecent,
  ),
  read("postById", "/2/tweets/{id}", 900, posts({}), postById),
  read(
    "quotesOfPost",
    "/2/tweets/{id}/quote_tweets",
    75,
    posts({ max_results: { is: "number", least: 10, most: 100 }, pagination_token: PAGE_TOKEN, exclude }),
    quotesOfPost,
  ),
  read("me", "/2/users/me", 75, users({}), me),
  read("userByUsername", "/2/users/by/username/{username}", 300, users({}), userByUsername),
  read(
    "usersByUsernames",
    "/2/users/by",
    300,
    users({ usernames: { is: "usernames", most: 100 } }, ["usernames"]),
    usersByUsernames,
  ),
  read("userById", "/2/users/{id}", 300, users({}), userById),
  read("postsOfUser", "/2/users/{id}/tweets", 900, posts({ ...paged(), exclude }), postsOfUser),
  read("mentionsOfUser", "/2/users/{id}/mentions", 300, posts(paged()), mentionsOfUser),
  upload("initializeUpload", "/2/media/upload/initialize", "json", initializeUpload),
  upload("appendUpload", "/2/media/upload/{id}/append", "json_or_form", appendUpload),
  upload("finalizeUpload", "/2/media/upload/{id}/finalize", "none", finalizeUpload),
  upload("uploadAtOnce", "/2/media/upload", "json_or_form", uploadAtOnce),
  upload("describeMedia", "/2/media/metadata", "json", describeMedia),
  {
    name: "uploadStatus",
    method: "GET",
    path: "/2/media/upload",
    scopes: MEDIA,
    query: {
      own: { media_id: id, command: { is: "one_of", names: ["STATUS"] } },
      needed: ["media_id"],
      shows: "nothing",
    },
    body: "none",
    limit: 1_000,
    handle: uploadStatus,
  },
];

const USERNAME = /^[A-Za-z0-9_]{1,15}$/;

/** The operation of a request, with what its path holds; null where X has nothing there. */
export function operationOf(
  method: string,
  path: string,
): { operation: Operation; parameters: Record<string, string> } | null {
  for (const operation of OPERATIONS) {
    if (operation.method !== method) continue;
    const parameters = matched(operation.path, path);
    if (parameters !== null) return { operation, parameters };
  }
  return null;
}

/** Parameters of a path that are none: by name, with their value. */
export function wrongParameters(parameters: Record<string, string>): Record<string, string[]> {
  const wrong: Record<string, string[]> = {};
  for (const [name, value] of Object.entries(parameters)) {
    const rule = name === "username" ? USERNAME : /^[0-9]{1,19}$/;
    if (!rule.test(value)) wrong[name] = [value];
  }
  return wrong;
}

function matched(template: string, path: string): Record<string, string> | null {
  const [wanted, given] = [template.split("/"), path.split("/")];
  if (wanted.length !== given.length) return null;
  const parameters: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    const value = given[index] ?? "";
    if (part.startsWith("{")) parameters[part.slice(1, -1)] = value;
    else if (part !== value) return null;
  }
  return parameters;
}

function read(
  name: string,
  path: string,
  limit: number,
  query: QueryShape,
  handle: Operation["handle"],
): Operation {
  return { name, method: "GET", path, scopes: READ, query, body: "none", limit, handle };
}

function upload(
  name: string,
  path: string,
  body: Operation["body"],
  handle: Operation["handle"],
): Operation {
  return { name, method: "POST", path, scopes: MEDIA, query: NOTHING, body, limit: 500, handle };
}

function posts(own: Rules, needed: string[] = []): QueryShape {
  return { own, needed, shows: "posts" };
}

function users(own: Rules, needed: string[] = []): QueryShape {
  return { own, needed, shows: "users" };
}

function paged(): Rules {
  return { ...SPAN, max_results: { is: "number", least: 5, most: 100 }, pagination_token: PAGE_TOKEN };
}
