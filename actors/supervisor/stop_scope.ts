/** What a stop covers, and which of several holds back a post. Pure. */
import type { HeldBack } from "../../db/read/due.ts";
import { limitsOf, PLATFORMS } from "../persona/platforms/limits.ts";
import type { Platform } from "../persona/platforms/port.ts";
import type { Hold } from "../persona/protocol.ts";
import type { Stop, StopScope } from "./supervisor_port.ts";

/** The widest first. */
export const STOP_KINDS = ["all", "platform", "persona", "post"] as const satisfies StopScope["kind"][];

/** One post on its way out. */
export interface Outgoing {
  personaId: string;
  platform: Platform;
  postId: string;
}

/** The same for the same scope, and for no other. */
export function stopKey(scope: StopScope): string {
  switch (scope.kind) {
    case "all":
      return "all";
    case "platform":
      return `platform ${scope.platform}`;
    case "persona":
      return `persona ${scope.personaId}`;
    case "post":
      return `post ${scope.personaId} ${scope.postId}`;
    default:
      return scope satisfies never;
  }
}

/** The scope of a key; null for what is none. Whether there is such a persona or post is not known here. */
export function readStopKey(key: string): StopScope | null {
  const [kind, first = "", second = "", ...more] = key.split(" ");
  const named = (...ids: string[]) => more.length === 0 && ids.every((id) => id !== "");
  switch (kind) {
    case "all":
      return first === "" ? { kind } : null;
    case "platform": {
      const platform = PLATFORMS.find((one) => one === first);
      return platform === undefined || second !== "" ? null : { kind, platform };
    }
    case "persona":
      return named(first) && second === "" ? { kind, personaId: first } : null;
    case "post":
      return named(first, second) ? { kind, personaId: first, postId: second } : null;
    default:
      return null;
  }
}

/** Sorts stops as text: the widest first, then the oldest. No two are alike. */
export function stopOrder({ scope, since }: Stop): string {
  return `${STOP_KINDS.indexOf(scope.kind)} ${since} ${stopKey(scope)}`;
}

/** What holds `post` back, the widest first; null where nothing does. */
export function stopFor(stops: readonly Stop[], post: Outgoing): Stop | null {
  let widest: Stop | null = null;
  for (const stop of stops) {
    if (!covers(stop.scope, post)) continue;
    if (widest === null || rank(stop) < rank(widest)) widest = stop;
  }
  return widest;
}

const rank = ({ scope }: Stop): number => STOP_KINDS.indexOf(scope.kind);

function covers(scope: StopScope, post: Outgoing): boolean {
  switch (scope.kind) {
    case "all":
      return true;
    case "platform":
      return scope.platform === post.platform;
    case "persona":
      return scope.personaId === post.personaId;
    case "post":
      return scope.personaId === post.personaId && scope.postId === post.postId;
    default:
      return scope satisfies never;
  }
}

/** What one persona's actor has to know of them. */
export function holdsOf(stops: readonly Stop[], personaId: string): Hold[] {
  return stops.flatMap(({ scope }): Hold[] => {
    switch (scope.kind) {
      case "all":
        return [{ platform: null, postId: null }];
      case "platform":
        return [{ platform: scope.platform, postId: null }];
      case "persona":
        return scope.personaId === personaId ? [{ platform: null, postId: null }] : [];
      case "post":
        return scope.personaId === personaId ? [{ platform: null, postId: scope.postId }] : [];
      default:
        return scope satisfies never;
    }
  });
}

/** Why a permit is refused, for people: which stop, by whom (as events record it), and why. */
export function stopReason({ scope, by, why }: Stop): string {
  return `${SAYS[scope.kind](scope)} by ${by}${why === "" ? "." : `: ${why}`}`;
}

const SAYS: Record<StopScope["kind"], (scope: StopScope) => string> = {
  all: () => "All posting was stopped",
  platform: (scope) =>
    `Posting on ${scope.kind === "platform" ? limitsOf(scope.platform).label : "a platform"} was stopped`,
  persona: () => "Posting of this persona was stopped",
  post: () => "This post was held",
};

/** What all stops together keep from going out: nobody is woken for that alone. */
export function heldBack(stops: readonly Stop[]): HeldBack {
  const held: HeldBack = { all: false, platforms: [], personas: [], posts: [] };
  for (const { scope } of stops) {
    if (scope.kind === "all") held.all = true;
    else if (scope.kind === "platform") held.platforms.push(scope.platform);
    else if (scope.kind === "persona") held.personas.push(scope.personaId);
    else held.posts.push(scope.postId);
  }
  return held;
}
