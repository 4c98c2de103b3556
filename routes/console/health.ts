/** How one persona is doing, in sentences: for the head of its pages. Pure. */
import type { ActorStatus, Crash } from "../../actors/supervisor/supervisor_port.ts";
import type { NextActivity } from "../../db/read/console.ts";
import type { Life } from "../../actors/persona/state.ts";
import { say, zoneName } from "./parts/time.tsx";
import { doing, isOutward, nextWords, type Said, whoWords } from "./words.ts";

/** ms for which a page says that the persona was restarted. */
const RECENT_MS = 15 * 60_000;
/** A reason in a sentence; the Runtime page has all of it. */
const MAX_REASON = 200;

export interface Health extends Said {
  /** What happened and what comes of it; null where the few words say everything. Quotes reasons: to be escaped. */
  sentence: string | null;
  /** A person can start it again. */
  startAgain: boolean;
  /** Whether `text` says already what comes next. */
  saysNext: boolean;
}

interface About {
  life: Life;
  actor: ActorStatus;
  next: NextActivity | null;
  zone: string;
  /** ms since the epoch. */
  now: number;
  /** Names of people by id. */
  users: ReadonlyMap<string, string>;
}

export function health(about: About): Health {
  const { life, actor } = about;
  const plain = { ...doing(life, actor), sentence: null, startAgain: false, saysNext: false };
  if (life === "retired") return plain;
  switch (actor.state) {
    case "parked":
      return { ...plain, ...stopped(about), startAgain: true };
    case "restarting":
      return { ...plain, ...restarting(about) };
    case "waiting":
      return {
        ...plain,
        sentence:
          "As many personas are running as may at once. It wakes up as soon as one of them makes room; nothing is lost meanwhile.",
      };
    case "asleep":
      return life === "paused"
        ? { ...plain, sentence: restarted(about) }
        : { ...plain, text: sleepWords(about), saysNext: true };
    case "starting":
    case "running":
      return { ...plain, sentence: restarted(about) };
    default:
      return actor.state satisfies never;
  }
}

function stopped({ actor, users, ...about }: About): Pick<Health, "text" | "sentence"> {
  const { parked, lastCrash } = actor;
  if (parked !== null && parked.by !== "system") {
    const who = whoWords(parked.by, users);
    const why = parked.reason === "" ? "" : `: ${brief(parked.reason)}`;
    return {
      text: `shut down by ${who}`,
      sentence: full(
        `${upper(who)} shut it down at ${time(parked.at, about)}${why}`,
        "It does nothing until it is started again.",
      ),
    };
  }
  const at = parked?.at ?? lastCrash?.at;
  const when = at === undefined ? "" : ` It has been stopped since ${time(at, about)}.`;
  const what = lastCrash === null ? "" : ` The last time: ${brief(lastCrash.reason)}`;
  return {
    text: "stopped after repeated crashes",
    sentence: full(
      `It crashed again and again, so it was stopped.${when}${what}`,
      "It does nothing until it is started again.",
    ),
  };
}

function restarting({ actor, ...about }: About): Pick<Health, "text" | "sentence"> {
  const { lastCrash, nextAt, restarts } = actor;
  if (lastCrash !== null && !lastCrash.charged) {
    return {
      text: "restarting",
      sentence:
        "The process that it ran in ended, not by its fault. It comes back at once, and nothing of it is lost.",
    };
  }
  const what = lastCrash === null ? "It crashed." : crashed(lastCrash, about);
  const which = restarts > 1 ? `Try ${restarts} to start it` : "It starts";
  const when = nextAt === null
    ? "soon"
    : Date.parse(nextAt) <= about.now
    ? "now"
    : `at ${say(nextAt, about.zone, "clock")}`;
  const verb = restarts > 1 ? "begins " : "again ";
  return { text: "restarting after a crash", sentence: `${what} ${which} ${verb}${when}.` };
}

/** Said for a while after it came back. */
function restarted({ actor: { lastCrash }, ...about }: About): string | null {
  if (lastCrash === null || about.now - Date.parse(lastCrash.at) > RECENT_MS) return null;
  if (lastCrash.charged) return `${crashed(lastCrash, about)} It was restarted.`;
  return `It was restarted at ${
    time(lastCrash.at, about)
  } because the process that it ran in ended. Nothing of it was lost.`;
}

function crashed({ at, reason }: Crash, about: Pick<About, "zone" | "now">): string {
  return full(`It crashed at ${time(at, about)}${reason === "" ? "" : `: ${brief(reason)}`}`);
}

function sleepWords({ next, zone, now }: About): string {
  if (next === null) return "asleep until something is asked of it";
  const isDue = Date.parse(next.at) <= now;
  const what = nextWords(next.reason, isDue);
  // What goes outward may be held by a stop: then it sleeps on.
  if (isDue) return isOutward(next.reason) ? `asleep: ${what}` : `asleep, about to wake: ${what}`;
  return `asleep until ${say(next.at, zone, "short", now)} (${zoneName(zone)}): ${what}`;
}

function time(at: string, { zone, now }: Pick<About, "zone" | "now">): string {
  return `${say(at, zone, "short", now)} (${zoneName(zone)})`;
}

function brief(reason: string): string {
  const line = reason.trim().replace(/\s+/g, " ");
  return line.length > MAX_REASON ? `${line.slice(0, MAX_REASON).toWellFormed()}…` : line;
}

/** Sentences, each with its full stop. */
function full(...sentences: string[]): string {
  return sentences.map((one) => /[.!?…]$/.test(one) ? one : `${one}.`).join(" ");
}

function upper(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
