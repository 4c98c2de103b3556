/** Somebody who brings posts from a brief to the platform, or leaves them, and remembers what may go out. */
import type { Answer, Client } from "./client.ts";
import type { PlatformName } from "./plan.ts";
import { until } from "./wait.ts";

/** Longest time for a post to be written or to go out, crashes and backoff included. */
const STEP_MS = 120_000;
const LOOK_EVERY_MS = 60;
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
  published: Set<string>;
  /** Drafts that nobody approved. */
  unapproved: Set<string>;
  violations: string[];
}

export const emptyLedger = (): Ledger => ({
  approved: new Map(),
  published: new Set(),
  unapproved: new Set(),
  violations: [],
});

export interface AuthorOptions {
  client: Client;
  personaId: string;
  platform: PlatformName;
  ledger: Ledger;
  random: () => number;
}

/** One post from its brief to its end. What should not be is written down as a violation. */
export async function writePost(options: AuthorOptions): Promise<void> {
  const { ledger } = options;
  const postId = crypto.randomUUID();
  try {
    await new Author(options, postId).run();
  } catch (error) {
    ledger.violations.push(`post ${postId}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

class Author {
  readonly #options: AuthorOptions;
  readonly #postId: string;

  constructor(options: AuthorOptions, postId: string) {
    this.#options = options;
    this.#postId = postId;
  }

  async run(): Promise<void> {
    const { platform, ledger, random } = this.#options;
    const postId = this.#postId;
    const [left, revised, atOnce] = [random() < 0.15, random() < 0.6, random() < 0.5];
    const sign = Math.floor(random() * 1e9).toString(36);
    if (left) ledger.unapproved.add(postId);
    await this.#command("compose", { platform, brief: `what a linden does in week ${sign}`, postId });
    let post = await this.#drafted();
    if (revised) {
      await this.#command("revise", { postId, text: `Look up: ${sign} leaves over the tram stop.` });
      post = await this.#drafted();
    }
    if (left) {
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
    ledger.published.add(postId);
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
      await this.#command("rewrite", { postId: this.#postId }, `rewrite-${attempt}`);
    }
  }

  async #command(type: string, fields: Record<string, unknown>, step = type): Promise<void> {
    const { client, personaId } = this.#options;
    const key = `${this.#postId}/${step}`;
    const { status, body } = await client.command(personaId, { type, ...fields }, key);
    if (status !== 200) throw new Error(`${type} was answered ${status}: ${JSON.stringify(body)}`);
  }

  async #wait(what: string, done: (post: Post) => boolean, allowed: string[]): Promise<Post> {
    const { client, personaId } = this.#options;
    let last = "";
    try {
      return await until(`waiting ${what}`, STEP_MS, async () => {
        const path = `/api/v1/personas/${personaId}/posts/${this.#postId}`;
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

  constructor(options: AuthorOptions, width: number) {
    this.#options = options;
    this.#width = width;
  }

  start(): void {
    this.#feeding = true;
    while (this.#active.size < this.#width) this.#next();
  }

  #next(): void {
    const work: Promise<void> = writePost(this.#options).then(() => {
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
