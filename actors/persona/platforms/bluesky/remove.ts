import type { AdapterContext, Removed } from "../port.ts";
import { type Session, toFailure } from "./session.ts";
import { POSTS, readPostUri } from "./uri.ts";

/** Deletes one part. To delete what is not there changes nothing on the server, so every failure may be repeated. */
export async function remove(session: Session, context: AdapterContext, id: string): Promise<Removed> {
  const named = readPostUri(id);
  const { accountId } = context.account;
  if (named?.accountId !== accountId) return { kind: "rejected", reason: "this is no post of this account" };
  const called = await session.call(context, {
    method: "com.atproto.repo.deleteRecord",
    what: "delete",
    input: { repo: accountId, collection: POSTS, rkey: named.key },
  });
  return called.kind === "ok" ? { kind: "removed" } : toFailure(called);
}
