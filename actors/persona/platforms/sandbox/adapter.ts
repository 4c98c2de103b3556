/** The sandbox network behind the port, over HTTP like the others. Needs `net` for its one loopback origin. */
import { limitsOf } from "../limits.ts";
import type { Description, PlatformAdapter } from "../port.ts";
import { call, failureOf } from "./call.ts";
import { SANDBOX_LIMITS } from "./limits.ts";
import { findTarget, metrics, poll, prepare } from "./look.ts";
import { publish, reconcile, remove } from "./publish.ts";

export const sandboxAdapter: PlatformAdapter = {
  prepare,
  findTarget,
  publish,
  reconcile,
  poll,
  metrics,
  remove,
  async refresh(at) {
    const called = await call(at, { method: "GET", path: "/account", what: "read" });
    return called.kind === "ok" ? { kind: "fresh" } : failureOf(called);
  },
  describe,
};

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
