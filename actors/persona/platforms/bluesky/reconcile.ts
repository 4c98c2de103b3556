import type { AdapterContext, Looked, Payload, Reconciled, Sent } from "../port.ts";
import { sameRecord } from "./record.ts";
import type { Session } from "./session.ts";
import { after, inThread, look, lookUpThread, type Ref, type Thread } from "./stored.ts";
import { postUri, postUrl } from "./uri.ts";

/**
 * Looks whether every part is stored with our content; of those that are known to be out only the first and the last are
 * looked for. A part that is missing can always be sent again: it is keyed, and so are those before it. Never writes.
 */
export async function reconcile(
  session: Session,
  context: AdapterContext,
  { keys, records }: Payload,
  { before }: Pick<Looked, "before">,
): Promise<Reconciled> {
  const parts = [...before];
  let thread: Thread | null = null;
  if (before.length > 0) {
    const found = await lookUpThread(session, context, keys.slice(0, before.length), records[0] ?? {});
    // One that was deleted since is not absent: to send it again would bring it back.
    if ("kind" in found) return unknown(found.reason, parts);
    thread = found;
  }
  for (let part = before.length; part < keys.length; part++) {
    const [key = "", record = {}] = [keys[part], records[part]];
    const found = await look(session, context, key);
    if (found.kind === "failed") return unknown(found.failure.reason, parts);
    if (found.kind === "gone") return { kind: "absent", safeToRepeat: true, parts };
    const ref: Ref = { uri: postUri(context.account, key), cid: found.cid };
    const sent: Sent = { id: ref.uri, url: postUrl(context.account, key) };
    if (!sameRecord(found.value, inThread(record, thread))) {
      return unknown("another post is stored under this key", [...parts, sent]);
    }
    thread = after(thread, record, ref);
    parts.push(sent);
  }
  return { kind: "found", sent: parts };
}

function unknown(reason: string, evidence: Sent[]): Reconciled {
  return evidence.length === 0 ? { kind: "unknown", reason } : { kind: "unknown", reason, evidence };
}
