/** What names a post: `at://DID/app.bsky.feed.post/KEY`. */
import type { Account } from "../port.ts";

export const POSTS = "app.bsky.feed.post";

/** https://atproto.com/specs/did; what a server sends beside it could not be stored. */
export const DID = /^did:[a-z]+:[A-Za-z0-9._:%-]{1,250}$/;
/** https://atproto.com/specs/record-key */
const KEY = /^[A-Za-z0-9._~:-]{1,512}$/;

export function postUri({ accountId }: Pick<Account, "accountId">, key: string): string {
  return `at://${accountId}/${POSTS}/${key}`;
}

/** Null for what names no post. */
export function readPostUri(uri: unknown): { accountId: string; key: string } | null {
  if (typeof uri !== "string" || !uri.startsWith("at://")) return null;
  const [accountId = "", collection, key = "", ...more] = uri.slice("at://".length).split("/");
  const wellFormed = DID.test(accountId) && collection === POSTS && KEY.test(key) && more.length === 0;
  return wellFormed ? { accountId, key } : null;
}

/** Where a person can open a post. A server that is not on the public network has no page for it: its record, then. */
export function postUrl({ accountId, service }: Pick<Account, "accountId" | "service">, key: string): string {
  if (service.startsWith("https://")) return `https://bsky.app/profile/${accountId}/post/${key}`;
  const query = new URLSearchParams({ repo: accountId, collection: POSTS, rkey: key });
  return `${service}/xrpc/com.atproto.repo.getRecord?${query}`;
}
