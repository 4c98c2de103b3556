/** Adapters, each loaded when it is first needed: what an actor imports is its price. */
import type { ActorSettings } from "../protocol.ts";
import type { Secrets } from "../secrets.ts";
import type { ConnectionState } from "../state.ts";
import type { AdapterContext, Platform, PlatformAdapter } from "./port.ts";

/** What adapters need to know that is not of one connection. */
export type AdapterSettings = Pick<ActorSettings, "linkedIn">;

const LOAD: Record<Platform, (settings: AdapterSettings) => Promise<PlatformAdapter>> = {
  sandbox: async () => (await import("./sandbox/adapter.ts")).sandboxAdapter,
  bluesky: async () => (await import("./bluesky/adapter.ts")).blueskyAdapter,
  x: async () => (await import("./x/adapter.ts")).xAdapter,
  linkedin: async ({ linkedIn }) => (await import("./linkedin/adapter.ts")).createLinkedInAdapter(linkedIn),
};

const loaded = new Map<string, Promise<PlatformAdapter>>();

export function loadAdapter(platform: Platform, settings: AdapterSettings): Promise<PlatformAdapter> {
  const key = `${platform} ${platform === "linkedin" ? JSON.stringify(settings.linkedIn) : ""}`;
  const adapter = loaded.get(key) ?? LOAD[platform](settings);
  loaded.set(key, adapter);
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
  rest: Pick<AdapterContext, "signal" | "media" | "leave" | "noted">,
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
    ...rest,
  };
}
