/** `/rest/posts`: create, delete, and, for pages, read back. */
import { z } from "zod";
import { type Answer, duplicateOf, notFound, unpermitted, wrongInput } from "./answers.ts";
import { type Call, mayReadOf, needActor, needScope, page, POSTING_ROLES, readBody } from "./call.ts";
import { type LittleElement, littleLength, readLittleText, writeLittleText } from "./little_text.ts";
import { isUrn, urnInPath } from "./restli.ts";
import type { Post, World } from "./world.ts";

export const MAX_POST_LENGTH = 3_000;
export const MAX_ALT_LENGTH = 4_086;
/** For so long the same content by the same author counts as a duplicate, also where it was deleted. */
export const DUPLICATE_MS = 48 * 3_600_000;
/** A URN of a post that never was, for `ghost_duplicate`. */
const GHOSTS_FROM = 7_100_000_000_000_000_000n;

const RESOURCE = "partnerApiPostsExternal";
const WRITERS = {
  member: ["w_member_social"],
  organization: ["w_organization_social"],
  roles: POSTING_ROLES,
};

const Image = z.strictObject({ id: z.string(), altText: z.string().optional() });
const PostBody = z.strictObject({
  author: z.string(),
  commentary: z.string(),
  visibility: z.enum(["PUBLIC", "CONNECTIONS", "LOGGED_IN"]),
  distribution: z.strictObject({
    feedDistribution: z.enum(["MAIN_FEED", "NONE"]),
    targetEntities: z.array(z.never()).optional(),
    thirdPartyDistributionChannels: z.array(z.never()).optional(),
  }),
  content: z.strictObject({
    media: z.strictObject({ ...Image.shape, title: z.string().optional() }).optional(),
    multiImage: z.strictObject({ images: z.array(Image) }).optional(),
    article: z.strictObject({
      source: z.string(),
      title: z.string(),
      description: z.string().optional(),
      thumbnail: z.string().optional(),
    }).optional(),
  }).optional(),
  lifecycleState: z.enum(["PUBLISHED"]),
  isReshareDisabledByAuthor: z.boolean().optional(),
});
type PostBody = z.infer<typeof PostBody>;

export function createPost(call: Call): Answer {
  call.query.end();
  const body = readBody(call, PostBody);
  if (!isUrn(body.author, "person", "organization")) {
    throw wrongInput(400, "INVALID_URN_TYPE", "author", "author must be a person or an organization");
  }
  needActor(call, { resource: RESOURCE, method: "CREATE" }, body.author, "author", WRITERS);
  if (body.author.startsWith("urn:li:organization:") && body.visibility === "CONNECTIONS") {
    throw wrongInput(400, "INVALID_VALUE_FOR_FIELD", "visibility", "A page has no connections");
  }
  if (body.commentary.trim() === "" && body.content === undefined) {
    throw wrongInput(400, "INVALID_VALUE_BLANK_FIELD", "commentary", "commentary cannot be blank");
  }
  tooLong("commentary", littleLength(body.commentary), MAX_POST_LENGTH);
  checkContent(call.world, body);

  const { world } = call;
  const made: NewPost = {
    author: body.author,
    source: body.commentary,
    visibility: body.visibility,
    distribution: body.distribution,
    content: body.content,
    reshareDisabled: body.isReshareDisabledByAuthor ?? false,
  };
  const like = likeness(made);
  const earlier = world.posts.findLast((post) =>
    post.likeness === like && world.now() - (post.deletedAt ?? post.createdAt) < DUPLICATE_MS
  );
  if (call.fault === "ghost_duplicate") {
    throw duplicateOf(`urn:li:share:${GHOSTS_FROM + BigInt(world.nextId()) % 1_000_000_007n}`);
  }
  if (earlier !== undefined) throw duplicateOf(earlier.urn);
  return { status: 201, headers: { "x-restli-id": publish(world, made).urn } };
}

export interface NewPost {
  author: string;
  /** Little text. */
  source: string;
  visibility: string;
  distribution: Record<string, unknown>;
  content: Record<string, unknown> | undefined;
  reshareDisabled: boolean;
}

/** Puts a post into the world: whoever is mentioned by the right name is told, any other mention is mere text. */
export function publish(world: World, made: NewPost): Post {
  const { elements: meant, cutAt } = readLittleText(made.source);
  const elements = meant.map((element): LittleElement => {
    if (element.kind !== "mention") return element;
    const name = element.name === "" ? world.name(element.urn) ?? "" : element.name;
    return isNamed(world, element.urn, name) ? { ...element, name } : { kind: "text", text: name };
  });
  const kind = made.content?.multiImage === undefined ? "share" : "ugcPost";
  const post: Post = {
    ...made,
    likeness: likeness(made),
    urn: `urn:li:${kind}:${world.nextId()}`,
    activity: `urn:li:activity:${world.nextId()}`,
    elements,
    cutAt,
    createdAt: world.now(),
    deletedAt: null,
    counts: { impressions: 0, membersReached: 0, clicks: 0, reshares: 0 },
  };
  world.posts.push(post);
  const told = new Set(elements.flatMap((element) => element.kind === "mention" ? [element.urn] : []));
  for (const organization of told) {
    if (!isUrn(organization, "organization") || organization === post.author) continue;
    world.notify({ organization, action: "SHARE_MENTION", post, comment: null });
  }
  return post;
}

export function deletePost(call: Call): Answer {
  call.query.end();
  const urn = urnInPath(call.keys[0] ?? "", "share", "ugcPost");
  const post = call.world.post(urn);
  const author = call.world.posts.find((one) => one.urn === urn)?.author;
  const deed = { resource: RESOURCE, method: "DELETE" };
  if (author === undefined) needScope(call, deed, [...WRITERS.member, ...WRITERS.organization]);
  else needActor(call, deed, author, "author", WRITERS);
  if (post !== undefined) post.deletedAt = call.world.now();
  return { status: 204 };
}

export function getPost(call: Call): Answer {
  const urn = urnInPath(call.keys[0] ?? "", "share", "ugcPost");
  call.query.oneOf("viewContext", ["AUTHOR", "READER"], "READER");
  call.query.end();
  const author = call.world.posts.find((one) => one.urn === urn)?.author;
  const seen = mayReadOf(call, { resource: RESOURCE, method: "GET" }, author);
  const post = readable(call).find((one) => one.urn === urn);
  if (!seen || post === undefined) throw notFound(urn);
  return { status: 200, body: written(post) };
}

/** `GET /rest/posts?q=author&author=…`. */
export function findPosts(call: Call): Answer {
  if (call.query.peek("ids") !== undefined) throw unpermitted("PARAMETER", ["/ids"]);
  call.query.oneOf("q", ["author"]);
  const author = call.query.urn("author", "person", "organization");
  // Nothing is edited here, so both orders are the same.
  call.query.oneOf("sortBy", ["LAST_MODIFIED", "CREATED"], "LAST_MODIFIED");
  const seen = mayReadOf(call, { resource: RESOURCE, method: "FINDER-author" }, author);
  const posts = seen ? readable(call).filter((post) => post.author === author).reverse() : [];
  return { status: 200, body: page(call, posts, written) };
}

/** The posts that reads show, oldest first. */
export function readable(call: Call): Post[] {
  const posts = call.world.posts.filter((post) => post.deletedAt === null);
  return call.fault === "read_lag" ? posts.filter((post) => post !== call.world.posts.at(-1)) : posts;
}

function written(post: Post) {
  return {
    id: post.urn,
    author: post.author,
    commentary: writeLittleText(post.elements),
    visibility: post.visibility,
    distribution: { targetEntities: [], thirdPartyDistributionChannels: [], ...post.distribution },
    ...(post.content === undefined ? {} : { content: post.content }),
    lifecycleState: "PUBLISHED",
    lifecycleStateInfo: { isEditedByAuthor: false },
    isReshareDisabledByAuthor: post.reshareDisabled,
    createdAt: post.createdAt,
    publishedAt: post.createdAt,
    lastModifiedAt: post.createdAt,
  };
}

function checkContent(world: World, { author, content }: PostBody): void {
  if (content === undefined) return;
  if (Object.keys(content).length !== 1) {
    throw wrongInput(400, "INVALID_CONTENT", "content", "content must be one of media, multiImage, article");
  }
  const { media, multiImage, article } = content;
  if (multiImage !== undefined && (multiImage.images.length < 2 || multiImage.images.length > 20)) {
    throw wrongInput(400, "INVALID_VALUE_FOR_FIELD", "content/multiImage", "multiImage takes 2 to 20 images");
  }
  for (const image of [...(media === undefined ? [] : [media]), ...multiImage?.images ?? []]) {
    tooLong("content/altText", image.altText?.length ?? 0, MAX_ALT_LENGTH);
    checkImage(world, image.id, author);
  }
  if (article === undefined) return;
  if (!/^https?:\/\/[^\s]+$/.test(article.source)) {
    throw wrongInput(400, "INVALID_VALUE_FOR_FIELD", "content/article/source", "source must be a URL");
  }
  tooLong("content/article/title", article.title.length, 400);
  if (article.thumbnail !== undefined) checkImage(world, article.thumbnail, author);
}

function checkImage(world: World, urn: string, owner: string): void {
  if (!isUrn(urn, "image")) throw wrongInput(400, "INVALID_URN_TYPE", "content", "not the URN of an image");
  const image = world.images.find((one) => one.urn === urn);
  if (image === undefined || image.owner !== owner) {
    throw wrongInput(400, "INVALID_URN_ID", "content", `${urn} is not an image of ${owner}`);
  }
  if (image.status === "WAITING_UPLOAD") {
    throw wrongInput(400, "MEDIA_ASSET_WAITING_UPLOAD", "content", `${urn} was not uploaded`);
  }
  if (image.status === "PROCESSING_FAILED") {
    throw wrongInput(400, "MEDIA_ASSET_PROCESSING_FAILED", "content", `${urn} could not be processed`);
  }
}

export function tooLong(field: string, length: number, most: number): void {
  if (length <= most) return;
  const why = `${field} text length (${length} characters) exceeded the maximum allowed (${most} characters)`;
  throw wrongInput(400, "FIELD_LENGTH_TOO_LONG", field, why);
}

/** Two posts with the same likeness are duplicates. What was cut off makes no difference. */
function likeness({ author, source, content }: NewPost): string {
  return JSON.stringify([author, writeLittleText(readLittleText(source).elements), content ?? null]);
}

/** Pages must be named exactly, people by at least one of their names. */
function isNamed(world: World, urn: string, name: string): boolean {
  const full = world.name(urn);
  if (full === undefined) return false;
  return isUrn(urn, "organization")
    ? name === full
    : name.split(" ").some((one) => full.split(" ").includes(one));
}
