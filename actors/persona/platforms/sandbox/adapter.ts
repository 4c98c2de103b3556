/** The sandbox network behind the port, over HTTP like the others. Needs `net` for its one loopback origin. */
import { limitsOf } from "../limits.ts";
import type { AdapterContext, Description, PlatformAdapter } from "../port.ts";
import { call, failureOf, REQUEST_DEADLINE_MS, type SandboxContext } from "./call.ts";
import { SANDBOX_LIMITS } from "./limits.ts";
import { findTarget, metrics, poll, prepare } from "./look.ts";
import { publish, reconcile, remove } from "./publish.ts";

export interface SandboxOptions {
  /** ms since the epoch. @default Date.now */
  now?: () => number;
  /** For each request, its answer included. @default REQUEST_DEADLINE_MS */
  deadlineMs?: number;
}

export function createSandboxAdapter(options: SandboxOptions = {}): PlatformAdapter {
  const { now = Date.now, deadlineMs = REQUEST_DEADLINE_MS } = options;
  const on = (at: AdapterContext): SandboxContext => ({ ...at, now, deadlineMs });
  return {
    prepare: (at, texts) => prepare(on(at), texts),
    findTarget: (at, id) => findTarget(on(at), id),
    publish: (at, payload, before) => publish(on(at), payload, before),
    reconcile: (at, payload, looked) => reconcile(on(at), payload, looked),
    poll: (at, cursor) => poll(on(at), cursor),
    metrics: (at, ids) => metrics(on(at), ids),
    remove: (at, id) => remove(on(at), id),
    async refresh(at) {
      const called = await call(on(at), { method: "GET", path: "/account", what: "read" });
      return called.kind === "ok" ? { kind: "fresh" } : failureOf(called);
    },
    describe,
  };
}

/** The one that workers use. */
export const sandboxAdapter = createSandboxAdapter();

function describe(): Description {
  const { maxLength, unit, maxParts, maxImages } = limitsOf("sandbox");
  return {
    limits: { maxLength, unit, maxParts, maxImages, maxImageBytes: SANDBOX_LIMITS.maxImageBytes },
    may: { post: true, reply: true, media: true, read: true, measure: true, delete: true, readBack: true },
    missingScopes: [],
    scopes: [],
    accessUntil: null,
    leaveUntil: null,
    warnings: [],
    prices: null,
    promise: "exactly_once",
  };
}
