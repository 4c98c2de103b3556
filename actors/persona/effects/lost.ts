import { PlatformFailed } from "../platforms/port.ts";
import type { ConnectionState } from "../state.ts";
import type { EffectContext } from "./context.ts";

/** Whether the error means that the credentials are dead; then it is told, and what depends on them waits. */
export async function reportIfLost(
  context: EffectContext,
  connection: ConnectionState,
  error: unknown,
): Promise<boolean> {
  if (!(error instanceof PlatformFailed) || error.outcome.kind !== "auth_dead") return false;
  const { connectionId } = connection;
  await context.submit({ type: "lost", connectionId, reason: error.outcome.reason });
  return true;
}
