/** What must hold after all crashes; each thing that does not is one sentence. */
import { isDeepStrictEqual } from "node:util";
import type { StoredEvent } from "../../db/log/log.ts";
import type { Database } from "../../db/database.ts";
import { rebuildProjections } from "../../db/log/rebuild.ts";
import { projections } from "../../db/projections/all.ts";
import type { Ledger } from "./author.ts";
import type { Acknowledged, Client } from "./client.ts";
import type { Out } from "./platform.ts";

/** Events that come by themselves, at any time. */
const LISTENING = new Set(["InteractionReceived", "PollCompleted"]);
/** Commands that are repeated at once. */
const AT_ONCE = 4;

/** Through the API of the running program: the log holds what was acknowledged, and repeating does nothing. */
export async function verifyLog(client: Client): Promise<{ events: StoredEvent[]; violations: string[] }> {
  const before = await allEvents(client);
  const violations = [...contiguous(before), ...acknowledged(client.answered, before)];
  violations.push(...await repeated(client));
  const events = await allEvents(client);
  for (const { type, position } of events.slice(before.length)) {
    if (!LISTENING.has(type)) violations.push(`a repeated command made ${type} at position ${position}`);
  }
  return { events, violations };
}

function allEvents(client: Client): Promise<StoredEvent[]> {
  return client.all<StoredEvent>("/api/v1/events?limit=200&after=");
}

export function contiguous(events: StoredEvent[]): string[] {
  const violations: string[] = [];
  const versions = new Map<string, number>();
  for (const [index, { position, stream, version }] of events.entries()) {
    if (position !== index + 1) violations.push(`position ${position} stands where ${index + 1} belongs`);
    const expected = (versions.get(stream) ?? 0) + 1;
    if (version !== expected) violations.push(`${stream} has version ${version} where ${expected} belongs`);
    versions.set(stream, version);
  }
  return violations;
}

export function acknowledged(
  answered: Pick<Acknowledged, "key" | "events">[],
  events: StoredEvent[],
): string[] {
  return answered.flatMap(({ key, events: told }) =>
    told.filter((event) => !isDeepStrictEqual(event, events[event.position - 1]))
      .map((event) =>
        `${key}: its ${event.type} was acknowledged at ${event.position}, the log has ${
          events[event.position - 1]?.type ?? "nothing"
        } there`
      )
  );
}

async function repeated(client: Client): Promise<string[]> {
  const violations: string[] = [];
  const todo = [...client.answered];
  await Promise.all(Array.from({ length: AT_ONCE }, async () => {
    for (let one = todo.pop(); one !== undefined; one = todo.pop()) {
      const { key, path, body, status, events } = one;
      const again = await client.definite<{ events?: StoredEvent[]; repeated?: boolean }>(
        "POST",
        path,
        body,
        key,
      );
      const same = again.status === status && isDeepStrictEqual(again.body.events ?? [], events);
      if (!same) violations.push(`${key}: answered ${status}, then ${again.status} with other events`);
      else if (again.body.repeated !== true) violations.push(`${key}: the repetition was not known as one`);
    }
  }));
  return violations;
}

/** Each step of a post is in the log once. */
const ONCE = ["PostApproved", "PublishRequested", "PostPublished"];

/** What is on the platform is exactly what was approved, once each. */
export function verifyPosts(ledger: Ledger, events: StoredEvent[], out: Out[]): string[] {
  const violations: string[] = [];
  const byId = new Map(out.map((one) => [one.id, one]));
  const claimed = new Set<string>();
  for (const [postId, text] of ledger.approved) {
    const own = events.filter((event) => event.data.postId === postId);
    for (const type of ONCE) {
      const times = own.filter((event) => event.type === type).length;
      if (times !== 1) violations.push(`post ${postId}: ${type} is in the log ${times} times`);
    }
    const sent = own.find((event) => event.type === "PostPublished")?.data.sent as { id: string }[] ?? [];
    if (sent.length !== 1) violations.push(`post ${postId}: it was sent in ${sent.length} parts`);
    for (const { id } of sent) {
      if (claimed.has(id)) violations.push(`post ${postId}: ${id} is another post's too`);
      claimed.add(id);
      const there = byId.get(id);
      if (there === undefined) violations.push(`post ${postId}: approved, and not on the platform`);
      else if (there.text !== text) violations.push(`post ${postId}: went out as another text than approved`);
    }
  }
  for (const { id, text } of out) {
    if (!claimed.has(id)) violations.push(`on the platform, but nobody's: ${id} “${text.slice(0, 60)}”`);
  }
  violations.push(...sameTexts([...ledger.approved.values()], out.map((one) => one.text)));
  return violations;
}

/** Nothing was begun that no client asked for, and nothing went on that nobody approved. */
export function verifyRequests(ledgers: Ledger[], events: StoredEvent[]): string[] {
  const violations: string[] = [];
  for (const { type, data } of events) {
    const postId = String(data.postId);
    const approved = ledgers.some((ledger) => ledger.approved.has(postId));
    const known = approved || ledgers.some((ledger) => ledger.unapproved.has(postId));
    if (type === "CompositionRequested" && !known) violations.push(`post ${postId}: nobody asked for it`);
    if (/^(Publish|PostPublished|PostApproved)/.test(type) && !approved) {
      violations.push(`post ${postId}: nobody approved it, yet there is ${type}`);
    }
  }
  return violations;
}

/** Independent of every id that the program told: as often as approved, not more, not less. */
function sameTexts(approved: string[], out: string[]): string[] {
  const counts = new Map<string, number>();
  for (const text of approved) counts.set(text, (counts.get(text) ?? 0) + 1);
  for (const text of out) counts.set(text, (counts.get(text) ?? 0) - 1);
  return [...counts].filter(([, count]) => count !== 0).map(([text, count]) =>
    `“${text.slice(0, 60)}” is on the platform ${
      count > 0 ? `${count} times too few` : `${-count} times too often`
    }`
  );
}

/** On the stopped program's database: what pages read is what the log says. */
export async function verifyProjections(database: Database): Promise<string[]> {
  const before = await dump(database);
  await rebuildProjections({ connection: database.config(), projections });
  const after = await dump(database);
  return projections.filter(({ table }) => before.get(table) !== after.get(table))
    .map(({ table }) => `the table ${table} is not what a rebuild makes of the log`);
}

async function dump(database: Database): Promise<Map<string, string>> {
  const tables = new Map<string, string>();
  for (const { table } of projections) {
    const rows = await database.query<{ row: string }>(
      `select to_jsonb(t)::text as row from "${table}" t order by to_jsonb(t)::text`,
    );
    tables.set(table, rows.map(({ row }) => row).join("\n"));
  }
  return tables;
}
