/** Shared by the tests of this folder: the stand-in under a clock of its own, and a connection to it. */
import assert from "node:assert/strict";
import { loadContracts } from "../../../../tests/stand_ins/x/contracts.ts";
import {
  startXStandIn,
  type XStandIn,
  type XStandInOptions,
} from "../../../../tests/stand_ins/x/stand_in.ts";
import { writeSecret } from "./secret.ts";
import { Session } from "./session.ts";
import type { XContext } from "./x_port.ts";

/** Tuesday, 3 November 2026, noon UTC. */
export const NOON = Date.UTC(2026, 10, 3, 12);

export const contracts = await loadContracts();

export interface Linked {
  x: XStandIn;
  context: XContext;
  session: Session;
  now: () => number;
  /** Lets time pass on both sides. */
  pass(ms: number): void;
  /** A new session with what the vault holds, as after a crash. */
  restart(): void;
  /** What was kept, oldest first. */
  kept: string[];
}

export interface LinkOptions extends XStandInOptions {
  auth?: "oauth1" | "oauth2";
  accessLifeMs?: number;
  scopes?: string[];
  /** For each request; the first one makes the judge read the specifications. @default 10_000 */
  deadlineMs?: number;
  keepSecret?: (value: string) => Promise<void>;
}

export async function withX(
  use: (linked: Linked) => Promise<void>,
  options: LinkOptions = {},
): Promise<void> {
  let passed = 0;
  const now = () => NOON + passed;
  const x = await startXStandIn({ clock: { now }, contracts, slowMs: 30, gapMs: 2, ...options });
  try {
    const linked = link(x, now, (ms) => void (passed += ms), options);
    await use(linked);
    assert.deepEqual(x.control.violations(), []);
  } finally {
    await x.stop();
  }
}

function link(x: XStandIn, now: () => number, pass: (ms: number) => void, options: LinkOptions): Linked {
  const { control, app } = x;
  const { auth = "oauth2", accessLifeMs, scopes, deadlineMs = 10_000 } = options;
  const tokens = control.grant("marisol_ink", { accessLifeMs, scopes });
  const secret = auth === "oauth1"
    ? writeSecret({ kind: "oauth1", ...control.userKeys("marisol_ink") })
    : writeSecret({ kind: "oauth2", clientId: app.clientId, clientSecret: app.clientSecret, ...tokens });
  const kept: string[] = [];
  const context: XContext = {
    account: {
      connectionId: "c1",
      accountId: control.account("marisol_ink").id,
      handle: "marisol_ink",
      service: x.origin,
    },
    secret,
    keepSecret: options.keepSecret ?? ((value) => {
      kept.push(value);
      return Promise.resolve();
    }),
    signal: new AbortController().signal,
  };
  const begin = () => new Session(linked.context, { now, deadlineMs });
  const linked: Linked = {
    x,
    context,
    now,
    pass,
    kept,
    session: new Session(context, { now, deadlineMs }),
    restart: () => {
      linked.context = { ...linked.context, secret: kept.at(-1) ?? linked.context.secret };
      linked.session = begin();
    },
  };
  return linked;
}
