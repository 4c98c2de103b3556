/** LinkedIn's names of things, and how they stand in paths and queries. */

const AUTHOR = /^urn:li:(?:person:[A-Za-z0-9_-]{1,40}|organization:\d{1,19})$/;
const POST = /^urn:li:(?:share|ugcPost):\d{1,19}$/;
const THREAD = /^urn:li:(?:share|ugcPost|activity):\d{1,19}$/;
const COMMENT = /^urn:li:comment:\((urn:li:(?:activity|share|ugcPost):\d{1,19}),(\d{1,19})\)$/;

/** A person or a page: who can write. */
export function isAuthor(urn: string): boolean {
  return AUTHOR.test(urn);
}

export function isPage(urn: string): boolean {
  return urn.startsWith("urn:li:organization:");
}

/** A post by the name that can be read and deleted. */
export function isPost(urn: string): boolean {
  return POST.test(urn);
}

/** A post by any of its names: comments hang on its activity. */
export function isThread(urn: string): boolean {
  return THREAD.test(urn);
}

/** The post and the number of a comment; null for anything else. */
export function readComment(urn: string): { thread: string; id: string } | null {
  const [, thread, id] = COMMENT.exec(urn) ?? [];
  return thread === undefined || id === undefined ? null : { thread, id };
}

export function commentUrn(thread: string, id: string): string {
  return `urn:li:comment:(${thread},${id})`;
}

/** Percent-encoded as Rest.li 2.0 wants it: brackets too. */
export function encodeUrn(urn: string): string {
  return encodeURIComponent(urn).replaceAll("(", "%28").replaceAll(")", "%29");
}

/** Where a person can open a post, or the post that a comment stands under. */
export function pageOf(urn: string): string {
  const comment = readComment(urn);
  const root = `https://www.linkedin.com/feed/update/${comment?.thread ?? urn}/`;
  return comment === null ? root : `${root}?commentUrn=${encodeUrn(urn)}`;
}
