import { createXAdapter } from "../../actors/persona/platforms/x/adapter.ts";
import { APART_MS } from "../../actors/persona/platforms/x/reconcile.ts";
import { confidential, readSecret, writeSecret } from "../../actors/persona/platforms/x/secret.ts";
import { type Contracts, loadContracts } from "../stand_ins/x/contracts.ts";
import { type Fault, FAULTS } from "../stand_ins/x/faults.ts";
import { startXStandIn } from "../stand_ins/x/stand_in.ts";
import type { Asked, Stage, StageOptions, StagePlay } from "./stage.ts";

const USER = "marisol_ink";
/** Real ms for one request: what hangs is given up after it. */
const DEADLINE_MS = 150;
const LAGS_MS = [0, 0, 0, 30_000, 55_000, 400_000];

/** What is struck while this is asked; the first one most of all. */
const OPERATIONS: Partial<Record<Asked, string[]>> = {
  publish: ["createPost", "initializeUpload", "appendUpload", "finalizeUpload", "describeMedia", "token"],
  reconcile: ["postsOfUser"],
  poll: ["mentionsOfUser"],
  remove: ["deletePost"],
  metrics: ["postsByIds"],
};

export async function xPlay(): Promise<StagePlay> {
  const contracts = await loadContracts();
  return {
    name: "x",
    faults: FAULTS,
    maxParts: 4,
    replyImages: true,
    answers: true,
    open: (options) => openX(options, contracts),
    close: () => Promise.resolve(),
  };
}

async function openX(
  { now, wait, random, run, deadlineMs = DEADLINE_MS }: StageOptions,
  contracts: Contracts | null,
): Promise<Stage> {
  const lagMs = random.pick(LAGS_MS);
  const x = await startXStandIn({
    clock: { now },
    contracts,
    seed: `run ${run}`,
    slowMs: 5,
    gapMs: 1,
    settings: {
      lagMs,
      answers: random.pick(["classic", "current"] as const),
      mediaPendingPolls: random.pick([0, 0, 2]),
    },
  });
  const { control } = x;
  const oauth1 = random.chance(0.2);
  const secrets: string[] = [];
  return {
    newAdapter: () => createXAdapter({ now, deadlineMs, wait }),
    link(connectionId) {
      const secret = oauth1 ? writeSecret({ kind: "oauth1", ...control.userKeys(USER) }) : writeSecret({
        kind: "oauth2",
        clientId: x.app.clientId,
        clientSecret: x.app.clientSecret,
        ...control.grant(USER, { accessLifeMs: random.pick([undefined, 300_000]) }),
      });
      secrets.push(...confidential(readSecret(secret)));
      return Promise.resolve({
        connection: {
          connectionId,
          platform: "x",
          accountId: control.account(USER).id,
          handle: USER,
          service: x.origin,
          disclosure: "profile_label",
        },
        secret,
      });
    },
    secrets: () => secrets,
    speakTo: (words) => Promise.resolve(void control.say({ by: "jo", text: `@${USER} ${words}` })),
    said: (text) =>
      Promise.resolve(
        control.everPosted(USER, text).map((post) => ({
          id: post.id,
          visible: post.deletedAt === null,
          answers: post.replyTo,
          alts: post.altTexts.map((alt) => alt ?? ""),
        })),
      ),
    trouble(asked, first) {
      const [main, ...others] = OPERATIONS[asked] ?? [];
      if (main === undefined) return;
      const fault: Fault = first || random.chance(0.4)
        ? FAULTS[run % FAULTS.length] ?? "slow"
        : random.pick(FAULTS);
      const operation = others.length > 0 && random.chance(0.3) ? random.pick(others) : main;
      control.fault(fault, { operation });
    },
    outage: (begins) => begins ? x.down() : x.up(),
    kill: () => Promise.resolve(control.killTokens(USER)),
    mend: () => control.clearFaults(),
    struck: () => control.requests().flatMap(({ fault }) => fault === null ? [] : [fault]),
    // X's own refusal of an equal text is the second net: where its lists lag less than a minute, it is not needed.
    blunders: () => [
      ...control.violations(),
      ...control.requests("createPost")
        .filter(({ fault, note }) => fault === null && lagMs <= APART_MS && note?.includes("duplicate"))
        .map(({ number }) => `request ${number} sent again what was out`),
    ],
    lagsLong: lagMs > APART_MS,
    close: () => x.stop(),
  };
}
