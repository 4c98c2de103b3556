import type { Upcasters } from "./upcast.ts";

/** How events of older schemas are lifted when they are read: every older shape that was ever written. */
export const UPCASTERS: Upcasters = {
  CommandDeadLettered: {
    // Schema 1 named the command's type only: it can be looked at and dropped, not retried.
    1: ({ commandId = "", command = "", reason = "" }) => ({
      deadLetterId: commandId,
      commandId,
      type: command,
      command: null,
      by: "system",
      cause: null,
      reason,
      crashes: 2,
    }),
  },
  // Once there was one switch, over everything.
  PostingStopped: { 1: (data) => ({ ...data, scope: { kind: "all" } }) },
  PostingAllowed: { 1: (data) => ({ ...data, scope: { kind: "all" } }) },
};
