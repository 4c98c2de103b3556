import type { PlatformAdapter } from "../../actors/persona/platforms/port.ts";

/**
 * What was given up arrives before anybody looks for it, or deletes it: on the virtual clock no time passes in between.
 * Without this a look may find absent what arrives a moment later: its repetition is the same post, by its key, but where
 * it is held back instead, or deleted, what a person is told of it is wrong.
 */
export function afterLate(adapter: PlatformAdapter, arrived: () => Promise<void>): PlatformAdapter {
  return {
    ...adapter,
    reconcile: async (at, payload, looked) => {
      await arrived();
      return await adapter.reconcile(at, payload, looked);
    },
    remove: async (at, id) => {
      await arrived();
      return await adapter.remove(at, id);
    },
  };
}
