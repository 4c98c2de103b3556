/** What a run said, held against what is really there. */
import type { Account, Payload } from "../../actors/persona/platforms/port.ts";
import { sameRecord } from "../../actors/persona/platforms/bluesky/record.ts";
import type { Ended } from "./carry_out.ts";

export interface Run {
  number: number;
  intent: Payload;
  ended: Ended;
}

export interface StoredPost {
  uri: string;
  cid: string;
  value: Record<string, unknown>;
}

/** Everything that an account has posted, as its server lists it. */
export async function recordsOf(pdsUrl: string, repo: string): Promise<StoredPost[]> {
  const stored: StoredPost[] = [];
  for (let cursor: string | undefined = ""; cursor !== undefined;) {
    const query = new URLSearchParams({ repo, collection: "app.bsky.feed.post", limit: "100" });
    if (cursor !== "") query.set("cursor", cursor);
    const answer = await fetch(`${pdsUrl}/xrpc/com.atproto.repo.listRecords?${query}`, {
      signal: AbortSignal.timeout(20_000),
    });
    if (!answer.ok) throw new Error(`the PDS does not list: ${await answer.text()}`);
    const page = await answer.json() as { records: StoredPost[]; cursor?: string };
    stored.push(...page.records);
    cursor = page.records.length === 0 ? undefined : page.cursor;
  }
  return stored;
}

/** One line for each promise that this run broke. */
export function violationsOf(
  { number, intent, ended }: Run,
  stored: StoredPost[],
  account: Account,
): string[] {
  const violations: string[] = [];
  const broken = (what: string) => violations.push(`run ${number} (${ended.kind}: ${ended.reason}): ${what}`);
  const first = intent.records[0]?.reply as { root: unknown } | undefined;
  const refs: { uri: string; cid: string }[] = [];
  for (const [part, record] of intent.records.entries()) {
    const there = stored.filter(({ value }) => value.text === record.text);
    if (there.length > 1) broken(`part ${part} is out ${there.length} times`);
    const said = ended.parts[part];
    const [post] = there;
    if (post === undefined) {
      if (said !== undefined) broken(`part ${part} is said to be out, and is not`);
      if (ended.kind === "sent") broken(`part ${part} of a sent post is not out`);
      continue;
    }
    if (refs.length < part) broken(`part ${part} is out, and one before it is not`);
    if (said !== undefined && said.id !== post.uri) broken(`part ${part} is said to be where it is not`);
    if (post.uri !== `at://${account.accountId}/app.bsky.feed.post/${intent.keys[part]}`) {
      broken(`part ${part} is out under another key than its intent's`);
    }
    const reply = part === 0 ? first : { root: first?.root ?? refs[0], parent: refs.at(-1) };
    if (!sameRecord(post.value, { ...record, reply })) broken(`part ${part} is not as its intent has it`);
    refs.push({ uri: post.uri, cid: post.cid });
  }
  if (ended.kind === "sent" && ended.parts.length !== intent.keys.length) {
    broken("it names not all of its parts");
  }
  if (ended.kind !== "sent" && ended.reason === "") broken("nobody is told why");
  // All trouble passes before the last calls: what is proven not to be out has gone out by then.
  if (ended.kind === "waiting") broken("it went on and on");
  return violations;
}
