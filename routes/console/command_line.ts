/** The command bar's language: what a line means, or what about it cannot be understood. Pure; dates by the persona's calendar. */
import { limitsOf, PLATFORMS } from "../../actors/persona/platforms/limits.ts";
import type { Platform } from "../../actors/persona/platforms/port.ts";
import { readWhen, type When } from "./when.ts";

export interface LineContext {
  /** Of the persona: what "tomorrow" means. */
  zone: string;
  /** ms since the epoch. */
  now: number;
  /** Platforms that the persona is connected to, the first is taken when none is named. */
  platforms: Platform[];
}

export type Understood =
  | {
    ok: true;
    kind: "compose";
    platform: Platform;
    brief: string;
    at: { local: string; ms: number; zone: string } | null;
  }
  | { ok: true; kind: "pause" | "resume" | "stop" | "help" }
  /** Nothing was typed yet. */
  | { ok: true; kind: "nothing" }
  | { ok: false; message: string };

export const LINE_COMMANDS = ["compose", "pause", "resume", "stop", "help"] as const;

/** Names that people use for places, known ones and those that are not there yet. */
const NAMES: Record<string, Platform | null> = {
  ...Object.fromEntries(PLATFORMS.map((platform) => [limitsOf(platform).label.toLowerCase(), platform])),
  bsky: "bluesky",
  "bluesky": "bluesky",
  x: null,
  twitter: null,
  linkedin: null,
  mastodon: null,
  threads: null,
};
const PLACE = new RegExp(`^(?:for|on|to|in)\\s+(?:the\\s+)?(${Object.keys(NAMES).join("|")})$`, "i");
const TRAILING_PLACE = new RegExp(
  `^(.*\\S)\\s+((?:for|on|to|in)\\s+(?:the\\s+)?(?:${Object.keys(NAMES).join("|")}))$`,
  "is",
);

const MAX_LINE = 5_000;

/** A line without a slash is a brief. */
export function readLine(line: string, context: LineContext): Understood {
  const text = line.trim();
  if (text === "" || text === "/") return { ok: true, kind: "nothing" };
  if (text.length > MAX_LINE) {
    return no(`That is longer than ${MAX_LINE.toLocaleString("en-US")} characters.`);
  }
  if (!text.startsWith("/")) return compose(text, context);
  const [, name = "", rest = ""] = /^\/(\S*)\s*(.*)$/s.exec(text) ?? [];
  switch (name.toLowerCase()) {
    case "compose":
    case "write":
      return compose(rest, context);
    case "pause":
    case "resume":
    case "stop":
    case "help":
      return rest === ""
        ? { ok: true, kind: name.toLowerCase() as "pause" }
        : no(`/${name} stands alone: “${rest}” is not understood.`);
    default: {
      const near = LINE_COMMANDS.find((command) => name !== "" && command.startsWith(name.toLowerCase()));
      return no(
        `There is no /${name}. ${
          near === undefined
            ? `There are ${LINE_COMMANDS.map((one) => `/${one}`).join(", ")}.`
            : `Did you mean /${near}?`
        }`,
      );
    }
  }
}

/** `[about] BRIEF[, for PLATFORM][, WHEN]`: the last two in any order, each behind a comma; the platform also without one. */
function compose(text: string, context: LineContext): Understood {
  let platform: Platform | undefined;
  let at: Extract<Understood, { kind: "compose" }>["at"] = null;
  const clauses = text.split(/,\s+/);
  while (clauses.length > 1) {
    const clause = (clauses.at(-1) ?? "").trim().replace(/[.!]$/, "");
    const place = placeOf(clause);
    if (place !== null && platform === undefined) {
      if (place.platform === null) {
        return no(`${place.name} cannot be posted to yet: say for ${known(context)}.`);
      }
      platform = place.platform;
      clauses.pop();
      continue;
    }
    const when: When | null = at === null ? readWhen(clause, context.zone, context.now) : null;
    if (when === null) break;
    if (!when.ok) return no(when.message);
    at = { local: when.local, ms: when.ms, zone: context.zone };
    clauses.pop();
  }
  let brief = clauses.join(", ").trim();
  const trailing = platform === undefined ? TRAILING_PLACE.exec(brief) : null;
  const place = trailing === null ? null : placeOf(trailing[2] ?? "");
  // "letters to X" may be a brief: only what can be posted to is taken without a comma.
  if (place?.platform && trailing !== null) {
    platform = place.platform;
    brief = trailing[1] ?? "";
  }
  brief = brief.replace(/^about\s+/i, "").replace(/[,\s]+$/, "").trim();
  if (brief === "" || /^about$/i.test(brief)) {
    return no("Say what it is about: /compose about the first frost, for the sandbox, tomorrow 9:00");
  }
  const chosen = platform ?? context.platforms[0];
  if (chosen === undefined) {
    return no("This persona has no account yet: connect the sandbox or Bluesky first.");
  }
  if (!context.platforms.includes(chosen)) {
    return no(
      `This persona has no ${limitsOf(chosen).label} account: connect one, or say for ${known(context)}.`,
    );
  }
  return { ok: true, kind: "compose", platform: chosen, brief, at };
}

function placeOf(clause: string): { name: string; platform: Platform | null } | null {
  const name = PLACE.exec(clause)?.[1];
  return name === undefined ? null : { name, platform: NAMES[name.toLowerCase()] ?? null };
}

function known({ platforms }: LineContext): string {
  return platforms.map((platform) => limitsOf(platform).label).join(" or ") || "the sandbox";
}

function no(message: string): Understood {
  return { ok: false, message };
}
