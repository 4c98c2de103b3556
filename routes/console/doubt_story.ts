/** What is known of a post that may have gone out, as a short story, and what follows when a person says that it did not. Pure. */
import { limitsOf } from "../../actors/persona/platforms/limits.ts";
import type { Sent } from "../../actors/persona/platforms/port.ts";
import { stopFor } from "../../actors/supervisor/stop_scope.ts";
import type { Stop } from "../../actors/supervisor/supervisor_port.ts";
import type { StoredEvent } from "../../db/log/log.ts";
import { type Known, known } from "../../db/projections/row.ts";
import type { PostRead } from "../../db/read/posts.ts";
import { whoWords } from "./words.ts";

export interface Step {
  kind: "sent" | "doubt" | "look" | "asked" | "absent" | "waits";
  /** ISO; `until` is the last of several that came to the same. */
  at: string;
  until: string | null;
  times: number;
  title: string;
  detail: string;
}

export interface DoubtStory {
  steps: Step[];
  /** When it is looked for next: ISO; null where nobody looks for it by itself. */
  nextAt: string | null;
  /** Looking again means something: it is known what would have gone out. */
  canLook: boolean;
}

/** `events`: those of sending and looking for this post, in order. */
export function storyOf(
  post: Pick<PostRead, "platform" | "attempts">,
  events: readonly StoredEvent[],
  users: ReadonlyMap<string, string>,
): DoubtStory {
  const steps: Step[] = [];
  let nextAt: string | null = null;
  for (const stored of events) {
    const event = known(stored);
    const step = stepOf(event, limitsOf(post.platform).label, users);
    if (event.type === "PublishUncertain") nextAt = timeOf(event.data.nextCheckAt);
    if (step === null) continue;
    const before = steps.at(-1);
    if (step.kind === "look" && before?.kind === "look" && before.detail === step.detail) {
      Object.assign(before, { until: step.at, times: before.times + 1 });
    } else steps.push(step);
  }
  return { steps, nextAt, canLook: isIntended(post, events) };
}

function stepOf(event: Known, label: string, users: ReadonlyMap<string, string>): Step | null {
  const step = (kind: Step["kind"], title: string, detail = ""): Step => (
    { kind, at: event.at, until: null, times: 1, title, detail }
  );
  const person = event.by.startsWith("actor:") || event.by === "system" ? null : whoWords(event.by, users);
  switch (event.type) {
    case "PublishAttempted": {
      const { attempt } = event.data;
      return step("sent", `Sent to ${label}`, attempt > 1 ? `try ${attempt}` : "");
    }
    case "PublishUncertain": {
      const { checks, reason, evidence = [], sent } = event.data;
      if (person !== null) return step("asked", `${person} had it looked for again`);
      const found = [reason, partsOut(sent), mayBe(evidence.length)].filter((one) => one !== "").join(" ");
      return checks === 0
        ? step("doubt", "Whether it went out is not known", found)
        : step("look", "Looked for it", found);
    }
    case "PublishFoundAbsent":
      return person === null
        ? step("absent", "It was not there", "It may be sent again.")
        : step("absent", `${person} said that it had not gone out`);
    case "PublishDeferred":
      return step(
        "waits",
        "It did not leave",
        event.data.reason,
      );
    default:
      return null;
  }
}

function partsOut(sent: Sent[] | undefined): string {
  if (sent === undefined || sent.length === 0) return "";
  return sent.length === 1 ? "Part 1 is out." : `Parts 1 to ${sent.length} are out.`;
}

function mayBe(found: number): string {
  if (found === 0) return "";
  return found === 1 ? "One post there may be it." : `${found} posts there may be it.`;
}

function timeOf(ms: number): string | null {
  return ms === 0 ? null : new Date(ms).toISOString();
}

/** Its sending had begun: the exact payload is kept. Else it was only due, in the database that this is a copy of. */
function isIntended({ attempts }: Pick<PostRead, "attempts">, events: readonly StoredEvent[]): boolean {
  return attempts > 0 || events.some(({ type }) => type === "PublishRequested");
}

export interface Follows {
  what: "again" | "review" | "withdrawn";
  /** A sentence or two. */
  says: string;
  button: string;
}

export interface Standing {
  events: readonly StoredEvent[];
  /** Of its persona. */
  life: string;
  stops: readonly Stop[];
  /** ms since the epoch. */
  now: number;
}

/** What happens once a person says that it did not go out. */
export function afterDidNot(post: PostRead, { events, life, stops, now }: Standing): Follows {
  if (life === "retired") {
    return {
      what: "withdrawn",
      says: "The persona is retired, so the post is withdrawn.",
      button: "It did not · withdraw it",
    };
  }
  const review = (says: string): Follows => (
    { what: "review", says: `${says} It goes back to review.`, button: "It did not · back to review" }
  );
  if (!isIntended(post, events)) return review("Its sending had not begun here.");
  if (post.account !== null && post.content !== null && post.account.accountId !== post.content.accountId) {
    return review("The connection leads to another account now.");
  }
  if (post.approval === null || Date.parse(post.approval.expiresAt) <= now) {
    return review("Its approval has run out.");
  }
  const { label } = limitsOf(post.platform);
  const missing = post.sent.length > 0 ? "What is missing of it" : "It";
  const waits = waitsFor(post, life, stops);
  return {
    what: "again",
    says: `${missing} is sent again to ${label}, exactly as it stands here, ${
      waits ?? "at once"
    }. If it is there after all, people will see it twice.`,
    button: waits === null ? "It did not · send it again" : "It did not · send it again later",
  };
}

function waitsFor(post: PostRead, life: string, stops: readonly Stop[]): string | null {
  if (stopFor(stops, { personaId: post.persona, platform: post.platform, postId: post.id }) !== null) {
    return "once its posting is not stopped any more";
  }
  if (life === "paused") return "once the persona is resumed";
  const { account } = post;
  return account === null || !account.linked || account.health === "lost"
    ? "once the account is connected again"
    : null;
}

/** Where a person sees what an account has posted; null where only its own page here shows that. */
export function profileOf({ platform, account }: Pick<PostRead, "platform" | "account">): string | null {
  if (account === null) return null;
  const handle = encodeURIComponent(account.handle.replace(/^@/, ""));
  switch (platform) {
    case "x":
      return `https://x.com/${handle}`;
    case "bluesky":
      return `https://bsky.app/profile/${encodeURIComponent(account.accountId)}`;
    case "linkedin": {
      const page = /^urn:li:organization:(\d+)$/.exec(account.accountId)?.[1];
      return page === undefined
        ? "https://www.linkedin.com/in/me/recent-activity/all/"
        : `https://www.linkedin.com/company/${page}/posts/`;
    }
    case "sandbox":
      return `/sandbox?account=${handle}`;
    default:
      return platform satisfies never;
  }
}
