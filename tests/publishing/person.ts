/** Who writes, approves and looks after the account of one run: and says only what is true. */
import type { TypedPart } from "../../actors/persona/commands.ts";
import { emptyIdentity } from "../../actors/persona/identity.ts";
import type { PostState } from "../../actors/persona/state.ts";
import type { SimClock } from "../simulation/clock.ts";
import type { SimRandom } from "../simulation/random.ts";
import type { ActorHost } from "./actor_host.ts";
import type { Pictures } from "./pictures.ts";
import { addressOf, type Said, type Stage, type StagePlay } from "./stage.ts";

export const CONNECTION = "the-connection";

/** One post, as it is meant to be. */
export interface Plan {
  postId: string;
  parts: TypedPart[];
  answers: boolean;
  remove: boolean;
  /** ms after the approval; null: at once. */
  slotMs: number | null;
  /** The attempt of which a person knows that its end cannot be told, and leaves it so. */
  left: number | null;
  /** What the person is doing about it right now. */
  busy: boolean;
  asked: boolean;
  heldBack: number;
  looks: number;
}

/** Looks in vain after which a person looks. */
const ENOUGH_CHECKS = 4;
/** A post that was held back so often is given up. */
const MOST_HELD_BACK = 2;

/** What is left may be found absent later, and sent again: then it is under way like any other. */
export function isLeft({ left }: Plan, post: PostState): boolean {
  return post.status === "uncertain" && left === attemptsOf(post);
}

/** Whether nothing is to be expected of it any more, neither of the program nor of a person. */
export function hasEnded(plan: Plan, post: PostState | undefined): boolean {
  if (plan.busy || post === undefined) return false;
  if (post.status === "published") return !plan.remove || (plan.asked && post.removeAt === null);
  return isLeft(plan, post) || ["deleted", "failed", "rejected", "withdrawn"].includes(post.status);
}

function attemptsOf({ publish }: PostState): number {
  return publish?.attempts ?? 0;
}

export interface PersonOptions {
  host: ActorHost;
  stage: Stage;
  play: StagePlay;
  clock: SimClock;
  random: SimRandom;
  pictures: Pictures;
  run: number;
}

export class Person {
  readonly plans: Plan[];
  /** What a person is refused that should not be. */
  readonly violations: string[] = [];
  resolved = 0;
  relinked = 0;
  #options: PersonOptions;
  #mending = false;

  constructor(options: PersonOptions) {
    this.#options = options;
    const { random, play, stage } = options;
    const answers = play.answers && stage.speakTo !== null && random.chance(0.4);
    this.plans = Array.from(
      { length: random.pick([1, 1, 2, 3]) },
      (_, post) => this.#planned(post, post === 0 && answers, play),
    );
  }

  async begin(): Promise<void> {
    const { host } = this.#options;
    await host.start();
    void host.send({
      type: "create",
      origin: "form",
      identity: { ...emptyIdentity, name: "Ada Fern", operatedBy: "Fern Radio" },
    });
    await this.link();
  }

  /** Gives the account's credentials, new ones each time. */
  async link(): Promise<void> {
    const { host, stage } = this.#options;
    const { connection, secret } = await stage.link(CONNECTION);
    host.keep(CONNECTION, secret);
    this.relinked++;
    void host.send({ type: "link", connection });
  }

  async speakTo(): Promise<void> {
    const { stage, run, host } = this.#options;
    const heard = Object.keys(host.state.interactions).length > 0;
    if (!heard && this.plans.some(({ answers }) => answers)) await stage.speakTo?.(`what of run ${run}?`);
  }

  /** Does what is to be done now. */
  async look(): Promise<void> {
    this.#mend();
    for (const plan of this.plans) {
      if (!plan.busy) await this.#lookAfter(plan, this.#options.host.state.posts[plan.postId]);
    }
  }

  done(): boolean {
    const { posts } = this.#options.host.state;
    return this.plans.every((plan) => hasEnded(plan, posts[plan.postId]));
  }

  #planned(post: number, answers: boolean, play: StagePlay): Plan {
    const { random, run, pictures } = this.#options;
    const parts = answers || play.maxParts === 1 ? 1 : random.pick([1, 1, 2, play.maxParts]);
    const withPictures = (!answers || play.replyImages) && random.chance(0.5);
    return {
      postId: random.uuid(),
      answers,
      parts: Array.from({ length: parts }, (_, part) => {
        const mark = `${run}-${post}-${part}`;
        const media = withPictures && random.chance(0.7)
          ? Array.from(
            { length: random.between(1, 4) },
            (_, one) => pictures.make(`${mark}-${one}`, `Alt & ${one}`),
          )
          : [];
        const text = `Run ${run} (post ${post}), part ${part} & more: https://example.org/${mark}`;
        return { text, ...(media.length === 0 ? {} : { media }) };
      }),
      remove: random.chance(0.1),
      slotMs: random.chance(0.2) ? random.between(1, 40) * 60_000 : null,
      left: null,
      busy: false,
      asked: false,
      heldBack: 0,
      looks: 0,
    };
  }

  #mend(): void {
    const { host, clock, random } = this.#options;
    const { connections, life } = host.state;
    const lost = connections[CONNECTION]?.health === "lost";
    if (this.#mending || !(lost || life === "paused")) return;
    this.#mending = true;
    clock.after(random.between(5, 600) * 1_000, () => {
      host.busy((async () => {
        if (host.state.life === "paused") void host.send({ type: "resume" });
        if (host.state.connections[CONNECTION]?.health === "lost") await this.link();
        this.#mending = false;
      })());
    });
  }

  async #lookAfter(plan: Plan, post: PostState | undefined): Promise<void> {
    if (post === undefined) return this.#write(plan);
    switch (post.status) {
      case "pending_review":
      case "expired":
        return this.#review(plan, post);
      case "approved":
        return this.#do(plan, { type: "publish", postId: plan.postId });
      case "uncertain":
        if ((post.publish?.checks ?? ENOUGH_CHECKS) >= ENOUGH_CHECKS && !isLeft(plan, post)) {
          await this.#resolve(plan, post);
        }
        return;
      case "published":
        if (!plan.remove || plan.asked) return;
        plan.asked = true;
        return this.#do(plan, { type: "delete_post", postId: plan.postId });
    }
  }

  #write(plan: Plan): void {
    const { host } = this.#options;
    const connection = host.state.connections[CONNECTION];
    if (connection === undefined) return;
    const { postId, parts } = plan;
    if (!plan.answers) {
      return this.#do(plan, { type: "write", platform: connection.platform, parts, postId });
    }
    const [heard] = Object.values(host.state.interactions);
    if (heard !== undefined) this.#do(plan, { type: "reply", interactionId: heard.id, parts, postId });
  }

  #review(plan: Plan, post: PostState): void {
    const { postId } = plan;
    if (!post.prepared || post.contentHash === null) return;
    const { host, clock } = this.#options;
    const { life, connections } = host.state;
    if (life !== "active" || connections[CONNECTION]?.health !== "ok") return;
    const held =
      host.events.filter(({ type, data }) => type === "PostHeldBack" && data.postId === postId).length;
    if (held > MOST_HELD_BACK) {
      return this.#do(plan, { type: "reject", postId, reason: "Held back too often." });
    }
    const then = plan.slotMs === null
      ? { kind: "publish" as const }
      : { kind: "schedule" as const, at: new Date(clock.now() + plan.slotMs).toISOString(), zone: "UTC" };
    this.#do(plan, { type: "approve", postId, contentHash: post.contentHash, then });
  }

  /** Looks at the platform itself, and says what is so; what is neither out nor not out is looked for again, and then left. */
  async #resolve(plan: Plan, post: PostState): Promise<void> {
    const { stage } = this.#options;
    plan.busy = true;
    const made = await Promise.all(plan.parts.map(({ text }) => stage.said(text)));
    plan.busy = false;
    const out: Said[] = made.flatMap((all) => all.filter(({ visible }) => visible).slice(0, 1));
    const { postId } = plan;
    this.resolved++;
    const [only] = out;
    if (out.length === plan.parts.length) {
      const url = plan.parts.length === 1 && only !== undefined ? { url: addressOf(only) } : {};
      return this.#do(plan, { type: "resolve", postId, outcome: "went_out", ...url });
    }
    if (out.length === post.sent.length) {
      return this.#do(plan, { type: "resolve", postId, outcome: "did_not" });
    }
    if (++plan.looks > 1) plan.left = attemptsOf(post);
    else this.#do(plan, { type: "check_again", postId });
  }

  #do(plan: Plan, command: Parameters<ActorHost["send"]>[0]): void {
    const { host, clock } = this.#options;
    plan.busy = true;
    void host.send(command).then((answer) => {
      if (answer.kind === "committed") return void (plan.busy = false);
      const { code, message } = answer.refusal;
      // These pass: what was seen had changed meanwhile.
      const passing = ["wrong_status", "not_prepared", "no_connection", "persona_paused", "hash_mismatch"];
      if (!passing.includes(code) && code !== "exists") {
        this.violations.push(`${command.type} was refused: ${code}, ${message}`);
      }
      clock.after(1_000, () => void (plan.busy = false));
    });
  }
}
