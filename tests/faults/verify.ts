/** What must hold when a world has come to rest; each thing that does not is one sentence. */
import type { StoredEvent } from "../../db/log/log.ts";
import { acknowledged, contiguous, verifyPosts, verifyRequests } from "../crash/verify.ts";
import type { Caller } from "./caller.ts";
import { purposeOf } from "./caller.ts";
import type { World } from "./world.ts";

const PAGE = 1_000;

/** The log holds what was acknowledged, once; the sandbox shows what was approved, once, as it was approved. */
export async function verifyWorld(world: World): Promise<string[]> {
  const events = await allEvents(world);
  const violations = [...contiguous(events), ...told(world.commits.told, events)];
  for (const { caller, ledger, accountId, personaId } of world.inhabitants) {
    const own = events.filter(({ stream }) => stream === personaId);
    violations.push(...acknowledged(caller.answered, events), ...verifyEdits(caller, own));
    const out = await world.database.sql.query<{ id: string; text: string }>(
      "select id, text from sandbox_post where account_id = $1",
      [accountId],
    );
    violations.push(...verifyPosts(ledger, own, out));
  }
  violations.push(...verifyRequests(world.inhabitants.map(({ ledger }) => ledger), events));
  return violations;
}

async function allEvents({ running }: World): Promise<StoredEvent[]> {
  const events: StoredEvent[] = [];
  while (events.length < running.log.head) {
    const page = await running.log.read(events.length, PAGE);
    if (page.length === 0) {
      throw new Error(`the log ends at ${events.length}, its head is ${running.log.head}`);
    }
    events.push(...page);
  }
  return events;
}

/** Subscribers were told of each event once and in order, from the first that they were there for. */
export function told(heard: StoredEvent[], events: StoredEvent[]): string[] {
  const wrong = events.findIndex((event, index) => heard[index]?.id !== event.id);
  if (wrong < 0 && heard.length === events.length) return [];
  return [
    `subscribers heard ${heard.length} of ${events.length} events, other ones from position ${wrong + 1}`,
  ];
}

/** Each small command set its purpose once. `own`: the events of its persona. */
export function verifyEdits(
  { personaId, edits }: Pick<Caller, "personaId" | "edits">,
  own: StoredEvent[],
): string[] {
  const counts = new Map<string, number>();
  for (const { type, data } of own) {
    if (type !== "PersonaEdited") continue;
    const { purpose } = data.changes as { purpose: string };
    counts.set(purpose, (counts.get(purpose) ?? 0) + 1);
  }
  const violations: string[] = [];
  for (let edit = 1; edit <= edits; edit++) {
    const times = counts.get(purposeOf(edit)) ?? 0;
    if (times !== 1) violations.push(`${personaId}: edit ${edit} of ${edits} is in the log ${times} times`);
  }
  if (counts.size > edits) {
    violations.push(`${personaId}: ${counts.size} edits are in the log, ${edits} were given`);
  }
  return violations;
}
