/** Whose a handle is. X charges for each account that it names, so these are asked for once in a while. */
import { type AdapterContext, PlatformFailed } from "../port.ts";
import { isHandle, isId } from "./ids.ts";
import { asObject } from "./request.ts";
import type { Session } from "./session.ts";

/** Handles that X takes in one question. */
const MOST_AT_ONCE = 100;
/** Accounts that are remembered, and ms for which they are: a handle can come to be somebody else's. */
const MAX_KEPT = 1_000;
const KEPT_MS = 3_600_000;

export interface Named {
  id: string;
  /** Written as its owner writes it, without the `@`. */
  handle: string;
}

/** By handle in small letters; null for one that nobody has. */
export type Names = Map<string, Named | null>;

/** What is remembered; a handle that was nobody's may be somebody's the next time. */
export class KnownNames {
  #kept = new Map<string, { named: Named; until: number }>();

  get(handle: string, now: number): Named | null {
    const one = this.#kept.get(handle);
    return one === undefined || one.until <= now ? null : one.named;
  }

  keep(handle: string, named: Named, now: number): void {
    this.#kept.delete(handle);
    this.#kept.set(handle, { named, until: now + KEPT_MS });
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > MAX_KEPT && oldest !== undefined) this.#kept.delete(oldest);
  }
}

/** Throws `PlatformFailed` where X could not be asked. */
export async function resolve(
  session: Session,
  context: AdapterContext,
  handles: Iterable<string>,
): Promise<Names> {
  const wanted = [...new Set([...handles].map((handle) => handle.toLowerCase()))];
  const now = session.now();
  const found: Names = new Map(wanted.map((handle) => [handle, session.names.get(handle, now)]));
  // What can be no handle is nobody's; X refuses a question that holds one.
  const unknown = wanted.filter((handle) => found.get(handle) === null && isHandle(handle));
  for (let from = 0; from < unknown.length; from += MOST_AT_ONCE) {
    for (const [handle, named] of await ask(session, context, unknown.slice(from, from + MOST_AT_ONCE))) {
      found.set(handle, named);
      if (named !== null) session.names.keep(handle, named, now);
    }
  }
  return found;
}

async function ask(session: Session, context: AdapterContext, handles: string[]): Promise<Names> {
  const called = await session.call(context, {
    asks: "names",
    method: "GET",
    path: "/2/users/by",
    query: { usernames: handles.join(",") },
  });
  if (called.kind !== "ok") throw new PlatformFailed(called);
  const { data, errors } = called.body;
  const names: Names = new Map();
  for (const error of Array.isArray(errors) ? errors.map(asObject) : []) {
    const named = error?.value ?? error?.resource_id;
    if (isHandle(named)) names.set(named.toLowerCase(), null);
  }
  for (const user of Array.isArray(data) ? data.map(asObject) : []) {
    if (isId(user?.id) && isHandle(user.username)) {
      names.set(user.username.toLowerCase(), { id: user.id, handle: user.username });
    }
  }
  if (!handles.every((handle) => names.has(handle))) {
    throw new PlatformFailed({ kind: "uncertain", reason: "X's answer does not speak of every name" });
  }
  return new Map(handles.map((handle) => [handle, names.get(handle) ?? null]));
}
