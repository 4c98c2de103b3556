/** Somebody who brings posts from a brief to the platform, or leaves them, and remembers what may go out. */
import type { Answer, Client } from "./client.ts";
import type { PlatformName } from "./plan.ts";
import { until } from "./wait.ts";
import { unlike } from "./unlike.ts";

/** Longest time for a post to be written or to go out, crashes and backoff included. */
const STEP_MS = 120_000;
const LOOK_EVERY_MS = 60;
/** How often a command is broken off and repeated while the first may be under way. */
const HASTY = 0.2;
/** Drafts that are left lying, for good; later ones are rejected. */
const MOST_LEFT = 20;

interface Post {
  status: string;
  text: string;
  contentHash: string | null;
  writing: string;
  prepared: boolean;
  trouble: string | null;
}

/** What a client knows: which text each post may go out with; what is not in it must not go out. */
export interface Ledger {
  /** Post id → the text that was approved, from before the approval is asked for. */
  approved: Map<string, string>;
  /** Drafts that nobody approved. */
  unapproved: Set<string>;
  violations: string[];
}

export const emptyLedger = (violations: string[] = []): Ledger => ({
  approved: new Map(),
  unapproved: new Set(),
  violations,
});

export interface AuthorOptions {
  client: Client;
  personaId: string;
  platform: PlatformName;
  ledger: Ledger;
  /** Chance of one author: of the n-th, counted from 1. */
  randomFor: (author: number) => () => number;
}

/** One post from its brief to its end. What should not be is written down as a violation. */
async function writePost(options: AuthorOptions, number: number): Promise<void> {
  const author = new Author(options, options.randomFor(number));
  try {
    await author.run();
  } catch (error) {
    const what = error instanceof Error ? error.message : String(error);
    options.ledger.violations.push(`post ${author.postId || `of author ${number}`}: ${what}`);
  }
}

class Author {
  postId = "";
  readonly #options: AuthorOptions;
  readonly #random: () => number;

  constructor(options: AuthorOptions, random: () => number) {
    this.#options = options;
    this.#random = random;
  }

  async run(): Promise<void> {
    const { ledger } = this.#options;
    const [left, revised, atOnce, ownId] = [0.15, 0.6, 0.5, 0.5].map((chance) => this.#random() < chance);
    const postId = await this.#compose(`announce that ${unlike(this.#random)}`, ownId === true);
    let post = await this.#drafted();
    if (revised) {
      await this.#command("revise", { postId, text: `Look up: ${unlike(this.#random)}.` });
      post = await this.#drafted();
    }
    if (left) {
      ledger.unapproved.add(postId);
      if (ledger.unapproved.size > MOST_LEFT) await this.#command("reject", { postId, reason: "not now" });
      return;
    }
    ledger.approved.set(postId, post.text);
    const then = atOnce ? { then: { kind: "publish" } } : {};
    await this.#command("approve", { postId, contentHash: post.contentHash, ...then });
    if (!atOnce) await this.#command("publish", { postId });
    await this.#wait("to be published", ({ status }) => status === "published", [
      "approved",
      "publishing",
      "uncertain",
      "published",
    ]);
  }

  /** Without an own id a repetition that is not known as one would make a second post. */
  async #compose(brief: string, ownId: boolean): Promise<string> {
    const { platform } = this.#options;
    const chosen = crypto.randomUUID();
    const answer = await this.#command(
      "compose",
      { platform, brief, ...(ownId ? { postId: chosen } : {}) },
      `compose-${chosen}`,
    );
    this.postId = String(answer.body.events?.[0]?.data.postId ?? "");
    if (ownId && this.postId !== chosen) throw new Error(`it was composed as ${this.postId}, not ${chosen}`);
    return this.postId;
  }

  /** Waits for the text; asks again when the writing was cut short too often. */
  async #drafted(): Promise<Post> {
    for (let attempt = 1;; attempt++) {
      const post = await this.#wait(
        "to be written",
        ({ status, prepared, writing }) =>
          writing === "failed" || (status === "pending_review" && prepared && writing === "done"),
        ["draft", "pending_review"],
      );
      if (post.writing !== "failed") return post;
      await this.#command("rewrite", { postId: this.postId }, `rewrite-${attempt}`);
    }
  }

  async #command(type: string, fields: Record<string, unknown>, step = type): Promise<Answer> {
    const { client, personaId } = this.#options;
    const hasty = this.#random() < HASTY;
    const answer = await client.command(personaId, { type, ...fields }, `${this.postId}/${step}`, hasty);
    const { status, body } = answer;
    if (status !== 200) throw new Error(`${type} was answered ${status}: ${JSON.stringify(body)}`);
    return answer;
  }

  async #wait(what: string, done: (post: Post) => boolean, allowed: string[]): Promise<Post> {
    const { client, personaId } = this.#options;
    let last = "";
    try {
      return await until(`waiting ${what}`, STEP_MS, async () => {
        const path = `/api/v1/personas/${personaId}/posts/${this.postId}`;
        const answer: Answer<Post> | null = await client.once<Post>("GET", path);
        if (answer === null || answer.status >= 500) return null;
        if (answer.status !== 200) throw new Error(`it is not there: ${JSON.stringify(answer.body)}`);
        const { status, trouble, writing } = answer.body;
        last = `${status}, writing ${writing}, ${trouble ?? "no trouble told"}`;
        if (!allowed.includes(status)) throw new Error(`while ${what} it became ${last}`);
        return done(answer.body) ? answer.body : null;
      }, LOOK_EVERY_MS);
    } catch (error) {
      throw new Error(`${error instanceof Error ? error.message : String(error)} (last seen: ${last})`);
    }
  }
}

/** Keeps `width` authors at work until it is stopped; those at work then go on to the end of their post. */
export class Authors {
  readonly #options: AuthorOptions;
  readonly #width: number;
  readonly #active = new Set<Promise<void>>();
  #feeding = false;
  #begun = 0;

  constructor(options: AuthorOptions, width: number) {
    this.#options = options;
    this.#width = width;
  }

  start(): void {
    this.#feeding = true;
    while (this.#active.size < this.#width) this.#next();
  }

  #next(): void {
    const work: Promise<void> = writePost(this.#options, ++this.#begun).then(() => {
      this.#active.delete(work);
      // After a violation nothing new is begun: the chain ends with what there is.
      if (this.#feeding && this.#options.ledger.violations.length === 0) this.#next();
    });
    this.#active.add(work);
  }

  /** Resolves when every post that was begun is at its end. */
  async finish(): Promise<void> {
    this.#feeding = false;
    while (this.#active.size > 0) await Promise.all(this.#active);
  }
}
