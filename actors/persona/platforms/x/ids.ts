/** Ids of posts and accounts on X, and where a person can open a post. */
import type { Sent } from "../port.ts";

/** X's ids, as its documents define them. */
export function isId(value: unknown): value is string {
  return typeof value === "string" && /^[0-9]{1,19}$/.test(value);
}

/** A name without its `@`, as X gives them out. */
export function isHandle(value: unknown): value is string {
  return typeof value === "string" && /^\w{1,15}$/.test(value);
}

/** Of a post that is named by its id, or, as people do it, by its address; null for anything else. */
export function postIdOf(named: string): string | null {
  if (isId(named)) return named;
  return /^https:\/\/(?:www\.|mobile\.)?(?:x|twitter)\.com\/\w{1,15}\/status\/([0-9]{1,19})(?![^?#/])/.exec(
    named,
  )?.[1] ??
    null;
}

/** The name in the address does not matter to X. */
export function sentPost(handle: string, id: string): Sent {
  return { id, url: postUrl(handle, id) };
}

export function postUrl(handle: string, id: string): string {
  return `https://x.com/${isHandle(handle) ? handle : "i"}/status/${id}`;
}
