import { deepStrictEqual } from "node:assert/strict";
import type { InternalCommand } from "../commands.ts";
import { event } from "../events.ts";
import type { AdapterContext, PlatformAdapter } from "../platforms/port.ts";
import { at, folded, NOW, SANDBOX } from "../testing.ts";
import type { EffectContext } from "./context.ts";
import { pollConnection } from "./listening.ts";

Deno.test("poll, a connection whose mentions made the persona stop: not before its time", async () => {
  const until = NOW + 1_000;
  const state = folded([
    ...at("published"),
    event("ListeningPaused", { connectionId: SANDBOX.connectionId, until, reason: "r" }),
  ]);
  const connection = state.connections[SANDBOX.connectionId]!;
  const submitted: InternalCommand[] = [];
  const adapter = {
    poll: () => Promise.resolve({ interactions: [], cursor: "2" }),
  } as unknown as PlatformAdapter;
  const context = (now: number) =>
    ({
      state: () => state,
      now: () => now,
      newId: () => "id",
      within: <T>(_ms: number, work: (signal: AbortSignal) => Promise<T>) =>
        work(new AbortController().signal),
      platform: () => Promise.resolve({ adapter, at: {} as AdapterContext }),
      submit(command: InternalCommand) {
        submitted.push(command);
        return Promise.resolve("committed");
      },
    }) as unknown as EffectContext;
  await pollConnection(context(until - 1), connection);
  deepStrictEqual(submitted, []);
  await pollConnection(context(until), connection);
  deepStrictEqual(submitted.map(({ type }) => type), ["polled"]);
});
