/** Adapters, each loaded when it is first needed: what an actor imports is its price. */
import type { Secrets } from "../secrets.ts";
import type { ConnectionState } from "../state.ts";
import type { AdapterContext, Platform, PlatformAdapter } from "./port.ts";

const LOAD: Record<Platform, () => Promise<PlatformAdapter>> = {
  sandbox: async () => (await import("./sandbox/adapter.ts")).sandboxAdapter,
  bluesky: async () => (await import("./bluesky/adapter.ts")).blueskyAdapter,
};

const loaded = new Map<Platform, Promise<PlatformAdapter>>();

export function loadAdapter(platform: Platform): Promise<PlatformAdapter> {
  const adapter = loaded.get(platform) ?? LOAD[platform]();
  loaded.set(platform, adapter);
  return adapter;
}

/** Name of a connection's secret in frames and in the vault. */
export const connectionSecret = (connectionId: string): string => `connection:${connectionId}`;

/** The sandbox has no fixed address: its connections name it, and this run's origin is put in. */
export const SANDBOX_SERVICE = "sandbox:";

export function adapterContext(
  connection: ConnectionState,
  sandboxOrigin: string,
  secrets: Secrets,
  signal: AbortSignal,
): AdapterContext {
  const name = connectionSecret(connection.connectionId);
  const held = secrets.peek(name);
  if (held === null) throw new Error("the credentials of this connection are not here");
  const { connectionId, platform, accountId, handle } = connection;
  const service = connection.service === SANDBOX_SERVICE ? sandboxOrigin : connection.service;
  return {
    account: { connectionId, platform, accountId, handle, service },
    secret: held.value,
    keepSecret: (value) => secrets.keep(name, value),
    signal,
  };
}
