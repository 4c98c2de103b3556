import type { Admitted } from "./admit.ts";
import type { AppendResult, CommandSeen, StoredEvent } from "./log.ts";
import { type Batch, commandKey, type StoredCommand } from "./store.ts";

/** An append that waits for its turn. */
export interface Waiting {
  append: Admitted;
  /** What is known of its command from the log; null when it was not seen so far. */
  seen: CommandSeen | null;
  settle(result: AppendResult): void;
  fail(error: Error): void;
}

/** The appends of one batch with the events that they become. */
export interface Layout {
  chosen: { waiting: Waiting; events: StoredEvent[]; command: StoredCommand | null }[];
  /** Appends that can be answered without writing anything. */
  answered: { waiting: Waiting; result: AppendResult }[];
  /** Appends whose answer hangs on another one of this batch: they wait for the next. */
  heldOver: Waiting[];
}

/**
 * Decides for each of `candidates`, in order, against what is committed and what stands before it in the batch, and
 * gives the chosen ones their versions and positions.
 * @param committed the committed version of a stream
 */
export function layOut(
  candidates: Waiting[],
  head: number,
  at: string,
  committed: (stream: string) => number,
): Layout {
  const layout: Layout = { chosen: [], answered: [], heldOver: [] };
  const versions = new Map<string, number>();
  const commands = new Set<string>();
  const ids = new Set<string>();
  const heldStreams = new Set<string>();
  let position = head;
  const hold = (waiting: Waiting): void => {
    layout.heldOver.push(waiting);
    heldStreams.add(waiting.append.stream);
  };
  for (const waiting of candidates) {
    const { append, seen } = waiting;
    const { stream, command } = append;
    if (command && seen) {
      const result: AppendResult = seen.bodyHash === command.bodyHash
        ? { kind: "duplicate", seen }
        : { kind: "id_reused" };
      layout.answered.push({ waiting, result });
      continue;
    }
    const key = command ? commandKey(command) : null;
    const repeats = (key !== null && commands.has(key)) || append.events.some(({ id }) => ids.has(id));
    if (repeats || heldStreams.has(stream)) {
      hold(waiting);
      continue;
    }
    const real = committed(stream);
    const version = versions.get(stream) ?? real;
    if (append.expectedVersion !== version) {
      // Against a version that is not committed yet nothing can be said.
      if (version !== real) hold(waiting);
      else layout.answered.push({ waiting, result: { kind: "conflict", version: real } });
      continue;
    }
    const events = append.events.map((event, index): StoredEvent => ({
      position: position + index + 1,
      id: event.id,
      stream,
      version: version + index + 1,
      type: event.type,
      schema: event.schema,
      at,
      by: append.by,
      cause: event.cause,
      correlation: event.correlation,
      data: event.data,
    }));
    if (key !== null) commands.add(key);
    for (const { id } of events) ids.add(id);
    const first = events.length > 0 ? position + 1 : null;
    position += events.length;
    versions.set(stream, version + events.length);
    const last = events.length > 0 ? position : null;
    layout.chosen.push({ waiting, events, command: command && { ...command, stream, first, last } });
  }
  return layout;
}

/** The rows that a layout writes. */
export function toBatch(layout: Layout, head: number, at: string, changes: Batch["changes"]): Batch {
  const batch: Batch = { head, at, events: [], json: [], commands: [], words: [], changes };
  for (const { waiting, events, command } of layout.chosen) {
    for (const event of events) batch.events.push(event);
    for (const { json } of waiting.append.events) batch.json.push(json);
    if (command) batch.commands.push(command);
    for (const row of waiting.append.words) batch.words.push(row);
  }
  return batch;
}
