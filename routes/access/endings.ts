/** Tells who holds something open (a socket) that a session or token is over. In this process only, at once. */

export type EndReason = "logged_out" | "revoked" | "expired" | "replaced";

export interface Ending {
  kind: "session" | "token";
  /** The session's key or the token's id, as `Session.key` and `Principal.id` have it. */
  id: string;
  reason: EndReason;
}

export interface Endings {
  /** Returns the function that takes the listener off again. */
  onEnd(listener: (ending: Ending) => void): () => void;
  announce(kind: Ending["kind"], ids: string[], reason: EndReason): void;
}

/** A listener that throws is reported to `report` and does not keep the others from hearing. */
export function createEndings(report: (error: unknown) => void): Endings {
  const listeners = new Set<(ending: Ending) => void>();
  return {
    onEnd(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    announce(kind, ids, reason) {
      for (const id of ids) {
        for (const listener of listeners) {
          try {
            listener({ kind, id, reason });
          } catch (error) {
            report(error);
          }
        }
      }
    },
  };
}
