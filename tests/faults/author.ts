/** The load of one persona: posts from a brief to the sandbox, one after the other, and small commands beside them. */
import type { Ledger } from "../crash/author.ts";
import { unlike } from "../crash/unlike.ts";
import type { Caller } from "./caller.ts";
import type { Commits } from "./commits.ts";

/** Longest time for one step of a post, whatever falls meanwhile. */
const STEP_MS = 120_000;
/** ms between two posts, and between two small commands; chance adds up to as much again. */
const BETWEEN_POSTS_MS = 600;
const BETWEEN_EDITS_MS = 250;
/** Facts after which a post does not go out by itself. */
const HELD_UP = [
  "PublishRejected",
  "PostHeldBack",
  "PostWithdrawn",
  "ApprovalExpired",
  "CommandDeadLettered",
];

export interface AuthorOptions {
  caller: Caller;
  commits: Commits;
  ledger: Ledger;
  random: () => number;
}

export class Author {
  #options: AuthorOptions;
  #feeding = true;
  #work: Promise<void>[];
  /** Ends the pauses. */
  #hurry = new AbortController();

  constructor(options: AuthorOptions) {
    this.#options = options;
    this.#work = [
      this.#again(BETWEEN_POSTS_MS, () => this.#post()),
      this.#again(BETWEEN_EDITS_MS, () => options.caller.edit()),
    ];
  }

  /** Resolves when the post that was begun last is out. */
  async finish(): Promise<void> {
    this.#feeding = false;
    this.#hurry.abort();
    await Promise.all(this.#work);
  }

  async #again(pauseMs: number, act: () => Promise<void>): Promise<void> {
    const { caller, ledger, random } = this.#options;
    // After a violation nothing new is begun: the world ends with what there is.
    while (this.#feeding && ledger.violations.length === 0) {
      try {
        await act();
      } catch (error) {
        ledger.violations.push(`${caller.personaId}: ${error instanceof Error ? error.message : error}`);
      }
      if (this.#feeding) await pause(pauseMs * (1 + random()), this.#hurry.signal);
    }
  }

  async #post(): Promise<void> {
    const { caller, ledger } = this.#options;
    const postId = crypto.randomUUID();
    const brief = `announce that ${unlike(this.#options.random)}`;
    await caller.give({ type: "compose", platform: "sandbox", brief, postId });
    await this.#drafted(postId);
    // The writer's own texts are too much alike for hundreds of them.
    const text = unlike(this.#options.random);
    await caller.give({ type: "revise", postId, text });
    const { contentHash } = (await this.#comes(postId, "DraftRevised")).data as { contentHash: string };
    ledger.approved.set(postId, text);
    await caller.give({ type: "approve", postId, contentHash, then: { kind: "publish" } });
    await this.#comes(postId, "PostPublished");
  }

  /** Asks again when the writing was cut short too often: that is how it is meant to be. */
  async #drafted(postId: string): Promise<void> {
    for (let from = 0;;) {
      const { type, data } = await this.#comes(postId, "DraftComposed", "CompositionFailed", from);
      if (type === "DraftComposed") return;
      if (data.reason !== "crashed") throw new Error(`post ${postId} was not written: ${data.detail}`);
      from = this.#options.commits.count(postId);
      await this.#options.caller.give({ type: "rewrite", postId });
    }
  }

  async #comes(postId: string, type: string, other = type, from = 0) {
    const { commits } = this.#options;
    const event = await commits.ofPost(postId, [type, other, ...HELD_UP], from, STEP_MS);
    if (!HELD_UP.includes(event.type)) return event;
    throw new Error(`post ${postId}: ${event.type} ${JSON.stringify(event.data)}`);
  }
}

function pause(ms: number, hurry: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const over = () => {
      clearTimeout(timer);
      hurry.removeEventListener("abort", over);
      resolve();
    };
    const timer = setTimeout(over, ms);
    hurry.addEventListener("abort", over);
  });
}
