/** Test equipment: what a supervisor stands on, with nothing behind it but what the test says. */
import type { ActorSettings } from "../persona/protocol.ts";
import type { Provisioning, Reads } from "./ports.ts";

/** A port at which nobody listens. */
const NOWHERE = "127.0.0.1:9";

/** Settings that lead nowhere: a built-in writer, and no platform outside. */
export function bareSettings(more: Partial<ActorSettings> = {}): ActorSettings {
  return {
    approvalMs: 86_400_000,
    slotGraceMs: 3_600_000,
    sandboxOrigin: `http://${NOWHERE}`,
    linkedIn: { version: "202511", webOrigin: `http://${NOWHERE}` },
    requireAltText: true,
    writer: { kind: "offline" },
    crashPoint: null,
    fault: null,
    ...more,
  };
}

/** No hosts, secrets, words or pictures, and no rule that has anything against a post. */
export function bareProvisioning(more: Partial<Provisioning> = {}): Provisioning {
  return {
    hostsOf: () => Promise.resolve([]),
    startFrames: () => Promise.resolve([]),
    keepSecret: () => Promise.resolve(),
    words: (_personaId, refs) => Promise.resolve(refs.map(() => null)),
    media: () => Promise.resolve(null),
    noted: () => Promise.resolve(),
    verdicts: () => Promise.resolve([]),
    ...more,
  };
}

/** There is no post, nothing is due, and nobody is parked. */
export function bareReads(more: Partial<Reads> = {}): Reads {
  return {
    postExists: () => Promise.resolve(false),
    personasDue: () => Promise.resolve([]),
    personasToListen: () => Promise.resolve([]),
    listenAt: () => Promise.resolve(),
    parkedPersonas: () => Promise.resolve([]),
    parked: () => Promise.resolve(null),
    ...more,
  };
}
