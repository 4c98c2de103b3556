/** An adapter as one life of an actor has it: that may end before a call, and before it has heard what came of one. */
import type { PlatformAdapter } from "../../actors/persona/platforms/port.ts";
import type { AtWork } from "./at_work.ts";
import type { Mishaps } from "./mishaps.ts";
import type { Asked } from "./stage.ts";

/** Leave to send that was given and not used, and whether an attempt is under way. */
export interface Leave {
  left: number;
  publishing: boolean;
}

export interface Watch {
  mishaps: Mishaps;
  atWork: AtWork;
  leave: Leave;
  isDead(): boolean;
  crash(): void;
  /** Just before the adapter is asked. */
  asking(asked: Asked): void;
  /** It sends what it has no leave to send. */
  violated(what: string): void;
}

const NEVER = new Promise<never>(() => {});

export function watchedAdapter(adapter: PlatformAdapter, watch: Watch): PlatformAdapter {
  const { mishaps, atWork, leave, isDead, crash, asking, violated } = watch;
  const call = async <T>(asked: Asked, work: () => Promise<T>): Promise<T> => {
    if (isDead()) return await NEVER;
    if (mishaps.crashesAt(`before ${asked}`)) {
      crash();
      return await NEVER;
    }
    if (asked === "publish" || asked === "remove") {
      if (leave.left === 0) violated(`${asked} without leave to send`);
      else leave.left--;
    }
    asking(asked);
    if (asked === "publish") leave.publishing = true;
    const working = work();
    // What it throws goes to its caller.
    atWork.add(working.then(() => {}, () => {}));
    try {
      return await working;
    } finally {
      if (asked === "publish") {
        leave.publishing = false;
        leave.left = 0;
      }
      if (!isDead() && mishaps.crashesAt(`after ${asked}`)) crash();
      if (isDead()) await NEVER;
    }
  };
  return {
    prepare: (at, texts) => call("prepare", () => adapter.prepare(at, texts)),
    findTarget: (at, id) => call("findTarget", () => adapter.findTarget(at, id)),
    publish: (at, payload, before) => call("publish", () => adapter.publish(at, payload, before)),
    reconcile: (at, payload, looked) => call("reconcile", () => adapter.reconcile(at, payload, looked)),
    poll: (at, cursor) => call("poll", () => adapter.poll(at, cursor)),
    metrics: (at, ids) => call("metrics", () => adapter.metrics(at, ids)),
    remove: (at, id) => call("remove", () => adapter.remove(at, id)),
    refresh: (at) => call("refresh", () => adapter.refresh(at)),
    describe: (at) => adapter.describe(at),
  };
}
