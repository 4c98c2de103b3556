/** What is promised of the parts of posts: which went out, in which order, how often, as whose answer, and which are gone. */
import type { PostState } from "../../actors/persona/state.ts";
import type { Payload } from "../../actors/persona/platforms/port.ts";
import type { StoredEvent } from "../../db/log/log.ts";
import { KEYED, wasSaidTo } from "./platform.ts";
import type { World } from "./world.ts";

/** What was decided to go out under a key. */
export interface Intent {
  stream: string;
  postId: string;
  /** From 0. */
  part: number;
  /** Of the platform: what the post answers. */
  target: string | null;
}

/** Statuses in which a part may appear. */
const GOING_OUT: ReadonlySet<string> = new Set(["publishing", "uncertain"]);

export class Parts {
  #world: World;
  #intents = new Map<string, Intent>();
  /** How often each part of each post became visible. */
  #out = new Map<string, number>();
  /** Parts that were deleted. */
  #gone = new Set<string>();
  /** Which post answered what somebody said. */
  #answers = new Map<string, string>();
  /** Posts that a look did not find. */
  #foundAbsent = new Set<string>();
  /** What was taken in. */
  #heard = new Set<string>();

  constructor(world: World) {
    this.#world = world;
  }

  intentOf(key: string): Intent | null {
    return this.#intents.get(key) ?? null;
  }

  /** A part can be seen; `post` is that of its intent as the log has it. */
  visible(key: string, post: PostState | null): void {
    const violate = (invariant: string) => this.#world.violate(invariant, `${key} is visible`);
    const intent = this.intentOf(key);
    if (intent === null || post === null) return violate("no effect without its committed intent");
    const { postId, part, target } = intent;
    const count = this.#count(postId, part) + 1;
    this.#out.set(name(postId, part), count);
    // Once it was deleted, the key is free again: what is still on its way brings it back.
    const isBack = this.#gone.has(name(postId, part)) && this.#mayComeLate(post);
    if (count > 1 && !isBack) {
      violate(`at most one visible post per part and intent, not ${count} of part ${part + 1}`);
    }
    if (part > 0 && this.#count(postId, part - 1) === 0) violate("parts go out in their order");
    if (!GOING_OUT.has(post.status) && !this.#mayComeLate(post)) {
      violate(`nothing of a held-back post is out, which is ${post.status}`);
    }
    if (target === null || part > 0) return;
    if (!wasSaidTo(target, post.connectionId)) violate(`an answer goes to what was said, not to ${target}`);
    const answered = this.#answers.get(target) ?? postId;
    if (answered !== postId) violate(`an interaction is answered once: ${target}`);
    this.#answers.set(target, postId);
  }

  gone(key: string): void {
    const intent = this.intentOf(key);
    if (intent !== null) this.#gone.add(name(intent.postId, intent.part));
  }

  /** `post` as it is after the event. */
  committed({ stream, type, data }: StoredEvent, post: PostState | undefined): void {
    if (post === undefined) return;
    if (type === "PublishRequested") return this.#intend(stream, post.id, data.payload as unknown as Payload);
    if (type === "PublishFoundAbsent") this.#foundAbsent.add(post.id);
    if (type === "PostHeldBack") return this.#held(post);
    if (type === "PostPublished" && data.how !== "said_by_person") this.#published(post);
    if (type === "PostRemoved") this.#removed(post);
  }

  /** Something that others said was taken in; `id` is the platform's. */
  heard(stream: string, id: string): void {
    if (this.#heard.has(`${stream} ${id}`)) this.#world.violate("what was said is taken in once", id);
    this.#heard.add(`${stream} ${id}`);
  }

  #intend(stream: string, postId: string, { keys, records }: Payload): void {
    for (const [part, key] of keys.entries()) {
      this.#intents.set(key, { stream, postId, part, target: targetOf(records[part]) });
    }
  }

  /** Of what goes back to a person nothing is out but what is known to be. */
  #held(post: PostState): void {
    const { id, sent } = post;
    if (this.#count(id, sent.length) === 0 || this.#mayComeLate(post)) return;
    this.#world.violate("nothing of a held-back post is out", `part ${sent.length + 1} of ${id} is`);
  }

  /**
   * With keys, absent means that a repetition under the same key is harmless, not that nothing is on its way any more: where
   * the post went back to a person meanwhile, it may come late.
   */
  #mayComeLate({ id, platform }: PostState): boolean {
    return KEYED[platform] === true && this.#foundAbsent.has(id);
  }

  #published({ id, content }: PostState): void {
    const missing = content?.parts.findIndex((_part, index) => this.#count(id, index) === 0) ?? -1;
    if (missing === -1) return;
    this.#world.violate("what is said to be out is out", `part ${missing + 1} of ${id} is not`);
  }

  #removed({ id, sent }: PostState): void {
    const left = sent.findIndex((_sent, index) => !this.#gone.has(name(id, index)));
    if (left === -1) return;
    this.#world.violate(
      "a deleted post is gone, or it is said that it is not",
      `part ${left + 1} of ${id} is there`,
    );
  }

  #count(postId: string, part: number): number {
    return this.#out.get(name(postId, part)) ?? 0;
  }
}

function name(postId: string, part: number): string {
  return `${postId}/${part}`;
}

/** What a record says that it answers, on either platform. */
function targetOf(record: Record<string, unknown> | undefined): string | null {
  const reply = record?.reply as { id?: string; parent?: { uri: string } } | undefined;
  return reply?.id ?? reply?.parent?.uri ?? null;
}
