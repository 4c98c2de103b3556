import type { AdapterContext } from "../port.ts";
import { type Call, type Called, CallFailed, Session, toFailure } from "./session.ts";
import { REQUEST_DEADLINE_MS } from "./xrpc.ts";

const COLLECTION = "app.bsky.actor.profile";
const BOT = "bot";
const SELF_LABELS = "com.atproto.label.defs#selfLabels";
/** Somebody may edit the profile between our look and our write. */
const ATTEMPTS = 3;

/** Nothing is noted: this is asked once, while an account is linked. */
type Context = Omit<AdapterContext, "media" | "leave" | "noted">;
type Profile = { cid: string | null; record: Record<string, unknown> };

/** Whether the account says of itself that it is automated. Throws `CallFailed` where it could not be asked. */
export async function readBotLabel(context: Context): Promise<boolean> {
  return isLabelled((await readProfile(open(context))).record);
}

/**
 * Makes the account say of itself that it is automated; every other field of its profile stays as it is.
 * @returns whether it had to be changed. Throws `CallFailed` where it could not be done.
 */
export async function setBotLabel(context: Context): Promise<boolean> {
  const opened = open(context);
  for (let attempt = 1;; attempt++) {
    const { cid, record } = await readProfile(opened);
    if (isLabelled(record)) return false;
    const called = await opened.call({
      method: "com.atproto.repo.putRecord",
      what: "other",
      input: {
        repo: context.account.accountId,
        collection: COLLECTION,
        rkey: "self",
        record: { ...record, $type: COLLECTION, labels: withBot(record.labels) },
        swapRecord: cid,
      },
    });
    if (called.kind === "ok") return true;
    if (!isSwapLost(called) || attempt === ATTEMPTS) throw new CallFailed(toFailure(called));
  }
}

interface Opened {
  accountId: string;
  call(call: Call): Promise<Called>;
}

function open(context: Context): Opened {
  const quiet = { ...context, noted: () => {} };
  const session = new Session(quiet, { now: Date.now, deadlineMs: REQUEST_DEADLINE_MS });
  return { accountId: context.account.accountId, call: (call) => session.call(quiet, call) };
}

async function readProfile({ accountId, call }: Opened): Promise<Profile> {
  const called = await call({
    method: "com.atproto.repo.getRecord",
    what: "read",
    params: { repo: accountId, collection: COLLECTION, rkey: "self" },
  });
  if (called.kind === "refused" && called.error === "RecordNotFound") return { cid: null, record: {} };
  if (called.kind !== "ok") throw new CallFailed(toFailure(called));
  const { cid, value } = called.body;
  if (typeof cid !== "string" || typeof value !== "object" || value === null) {
    throw new CallFailed({ kind: "uncertain", reason: "the server's answer was not readable" });
  }
  return { cid, record: value as Record<string, unknown> };
}

function isLabelled({ labels }: Record<string, unknown>): boolean {
  return valuesOf(labels).some((value) => (value as { val?: unknown } | null)?.val === BOT);
}

function withBot(labels: unknown): Record<string, unknown> {
  return { $type: SELF_LABELS, values: [...valuesOf(labels), { val: BOT }] };
}

function valuesOf(labels: unknown): unknown[] {
  const values = (labels as { values?: unknown } | null | undefined)?.values;
  return Array.isArray(values) ? values : [];
}

function isSwapLost(called: Called): boolean {
  return called.kind === "refused" && called.error === "InvalidSwap";
}
