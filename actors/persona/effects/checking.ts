/** A person wants to know whether a connection works. */
import type { ConnectionState } from "../state.ts";
import type { EffectContext } from "./context.ts";

const DEADLINE_MS = 30_000;

export async function checkConnection(context: EffectContext, connection: ConnectionState): Promise<void> {
  const { connectionId } = connection;
  let ok = false;
  let reason = "";
  let dead = false;
  try {
    const answer = await context.within(DEADLINE_MS, async (signal) => {
      const { adapter, at } = await context.platform(connection, signal);
      return await adapter.refresh(at);
    });
    ok = answer.kind === "fresh";
    if (answer.kind !== "fresh") reason = answer.reason;
    dead = answer.kind === "auth_dead";
  } catch (error) {
    reason = error instanceof Error ? error.message : String(error);
  }
  if (dead && connection.health === "ok") await context.submit({ type: "lost", connectionId, reason });
  await context.submit({ type: "checked", connectionId, ok, reason });
}
