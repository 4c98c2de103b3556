/** What the buttons of a card do: one command each, answered with the card as it is afterwards. */
import type { Context, Hono } from "hono";
import type { z } from "zod";
import type { PersonaCommand } from "../../actors/persona/commands.ts";
import { limitsOf } from "../../actors/persona/platforms/limits.ts";
import { userNames } from "../../db/read/console.ts";
import { getPost, type PostRead } from "../../db/read/posts.ts";
import { refuseUnless } from "../access/middleware.ts";
import { commandSchemas } from "../api/schemas/command.ts";
import { route } from "../route.ts";
import { flash, partial, pieces } from "./answers.tsx";
import { cardOf, type Console } from "./context.tsx";
import { readMore } from "./card_more.ts";
import { formOf, give, type Given } from "./giving.ts";
import { doubtsPart } from "./pages/uncertain.tsx";
import { type Attempt, Card } from "./parts/card.tsx";
import { stopOf } from "./parts/stops.tsx";
import { say, zoneName } from "./parts/time.tsx";

type Fields = Record<string, string>;

interface CardCommand {
  /** The panel whose form it is. */
  panel: Attempt["panel"];
  /** The command as the form says it; checked by the API's schemas before it is given. */
  command(postId: string, fields: Fields): Record<string, unknown>;
  /** What happened, for the flash. */
  done(post: PostRead, fields: Fields, now: number): string;
}

const COMMANDS: Record<string, CardCommand> = {
  reject: {
    panel: "reject",
    command: (postId, fields) => ({ type: "reject", postId, reason: fields.reason ?? "" }),
    done: () => "Rejected.",
  },
  rewrite: {
    panel: "rewrite",
    command: (postId, fields) => ({
      type: "rewrite",
      postId,
      ...(fields.reason?.trim() ? { reason: fields.reason } : {}),
    }),
    done: () => "It is being written again.",
  },
  schedule: {
    panel: "schedule",
    command: (postId, { at = "", zone = "", also, contentHash = "" }) =>
      also === "approve"
        ? { type: "approve", postId, contentHash, then: { kind: "schedule", at, zone } }
        : { type: "schedule", postId, at, zone },
    done: (post, { also }, now) =>
      post.slot === null
        ? "The time is set."
        : `${also === "approve" ? "Approved. It" : "It"} goes out ${
          say(post.slot.at, post.slot.zone, "short", now)
        } (${zoneName(post.slot.zone)})${post.status === "scheduled" ? "" : ", once it is approved"}.`,
  },
  approve: {
    panel: "none",
    command: (postId, { contentHash = "", then, acknowledged = "", seen = "" }) => ({
      type: "approve",
      postId,
      contentHash,
      ...(then === "publish" ? { then: { kind: "publish" } } : {}),
      ...(acknowledged === "" ? {} : { acknowledged: [acknowledged] }),
      ...(seen === "" ? {} : { seen: seen.split(",") }),
    }),
    done: (post) =>
      post.status === "approved"
        ? "Approved."
        : post.status === "scheduled"
        ? "Approved; it goes out at its time."
        : "Approved. It is on its way.",
  },
  publish: {
    panel: "none",
    command: (postId) => ({ type: "publish", postId }),
    done: () => "It is on its way.",
  },
  submit: {
    panel: "none",
    command: (postId) => ({ type: "submit", postId }),
    done: () => "It waits for review.",
  },
  unschedule: {
    panel: "none",
    command: (postId) => ({ type: "unschedule", postId }),
    done: () => "It has no time any more.",
  },
  withdraw: { panel: "none", command: (postId) => ({ type: "withdraw", postId }), done: () => "Withdrawn." },
  resolve: {
    panel: "resolve",
    command: (postId, { outcome = "", url = "" }) => ({
      type: "resolve",
      postId,
      outcome,
      ...(url.trim() === "" ? {} : { url: url.trim() }),
    }),
    done: (post, { outcome }) => outcome === "went_out" ? "Counted as published." : didNot(post),
  },
  "part-out": {
    panel: "part_out",
    command: (postId, { url = "" }) => ({
      type: "resolve",
      postId,
      outcome: "part_went_out",
      ...(url.trim() === "" ? {} : { url: url.trim() }),
    }),
    done: () => "That part is out; the rest is sent below it.",
  },
  "check-again": {
    panel: "none",
    command: (postId) => ({ type: "check_again", postId }),
    done: () => "It is looked for now; what is found appears here.",
  },
  measure: {
    panel: "none",
    command: (postId) => ({ type: "measure", postId }),
    done: () => "The platform is asked; the numbers appear here.",
  },
  delete: {
    panel: "delete",
    command: (postId) => ({ type: "delete_post", postId }),
    done: (post) => `It is being deleted on ${limitsOf(post.platform).label}.`,
  },
};

function didNot({ status }: PostRead): string {
  if (status === "pending_review") return "It did not go out: it waits for review again.";
  return status === "withdrawn" ? "It did not go out: withdrawn." : "It did not go out: it is sent again.";
}

/** They let something out, or take it away for good: as much as an approval. */
const APPROVALS: ReadonlySet<string> = new Set(["approve", "resolve", "part-out", "delete"]);

export function addPostCommands(app: Hono, con: Console): void {
  for (const [name, how] of Object.entries(COMMANDS)) {
    const action = APPROVALS.has(name) ? "sandbox.approve" : "persona.command";
    route(app, "POST", `/personas/:personaId/posts/:postId/${name}`, action, (c) => act(c, con, name, how));
  }
}

async function act(c: Context, con: Console, name: string, how: CardCommand): Promise<Response> {
  const { sql } = con.program;
  const personaId = c.req.param("personaId") ?? "";
  const before = await getPost(sql, c.req.param("postId") ?? "");
  if (before === null || before.persona !== personaId) return gone(c);
  const fields = await formOf(c);
  const wanted = how.command(before.id, fields);
  if (APPROVALS.has(name)) {
    const facts = { platform: before.platform, platformIsReal: limitsOf(before.platform).real };
    const refusal = refuseUnless(c, "persona.approve", personaId, facts);
    if (refusal) return refusal;
  }
  const checked = check(wanted);
  const given = checked.ok
    ? await refusedByRules(con, personaId, checked.command) ?? await give(c, con, personaId, checked.command)
    : { ...checked, status: 422 as const, code: "invalid" };
  const post = await getPost(sql, before.id);
  if (post === null) return gone(c);
  if (given.ok) return pieces(c, [await cardPart(c, con, post), flash(how.done(post, fields, con.now()))]);
  const panel = fields.outcome === "did_not" ? "did_not" : how.panel;
  const field = given.field !== undefined && FIELDS[panel].includes(given.field) ? given.field : "form";
  return pieces(c, [
    await cardPart(c, con, post, { panel, typed: fields, errors: { [field]: given.message } }),
    flash(given.message, "bad"),
  ], given.status);
}

/** What the rules say that look beyond one persona: they are asked again when it is sent, so that is no place to first hear of it. */
async function refusedByRules(
  { program }: Console,
  personaId: string,
  command: PersonaCommand,
): Promise<Extract<Given, { ok: false }> | null> {
  if (command.type !== "approve") return null;
  const { acknowledged = [], seen = [] } = command;
  const verdicts = await program.rules.check(personaId, command.postId, { acknowledged, seen });
  const blocked = verdicts.find(({ level }) => level === "block");
  return blocked === undefined
    ? null
    : { ok: false, status: 422, code: "blocked_by_policy", message: blocked.message };
}

/** The card as it is now, for the page that the form was sent from. In the inbox of doubts one that is settled leaves. */
export async function cardPart(c: Context, con: Console, post: PostRead, attempt?: Attempt): Promise<string> {
  const { sql, supervisor } = con.program;
  const target = `#post-${post.id.replace(/[^A-Za-z0-9_-]/g, "")}`;
  if (pathOf(c) === "/uncertain" && post.status !== "uncertain") {
    return partial(target, "delete", "") + await doubtsPart(c, con);
  }
  const named = pathOf(c) === "/review";
  const stops = supervisor.stops();
  const held = stopOf(stops, { kind: "post", personaId: post.persona, postId: post.id }) ??
    (named ? stopOf(stops, { kind: "persona", personaId: post.persona }) : null);
  const shown = {
    post,
    persona: await cardOf(sql, post.persona),
    users: await userNames(sql),
    more: (await readMore(sql, [post], { stops, now: con.now() })).get(post.id),
    now: con.now(),
  };
  return partial(target, "outerMorph", <Card {...shown} {...{ held, named, attempt }} />);
}

/** The page that the form was sent from. */
function pathOf(c: Context): string {
  const url = c.req.header("hx-current-url") ?? "";
  return URL.canParse(url) ? new URL(url).pathname : url;
}

export function gone(c: Context): Response {
  return pieces(c, [flash("There is no such post any more.", "bad")], 404);
}

/** The fields of each panel: what is wrong with another one is said above the form. */
const FIELDS: Record<Attempt["panel"], string[]> = {
  edit: ["text"],
  reject: ["reason"],
  rewrite: ["reason"],
  schedule: ["at", "zone"],
  resolve: ["url"],
  part_out: ["url"],
  did_not: [],
  delete: [],
  hold: ["reason"],
  none: [],
};

function check(
  wanted: Record<string, unknown>,
): { ok: true; command: PersonaCommand } | { ok: false; message: string; field?: string } {
  const schema: z.ZodType | undefined = Object.entries(commandSchemas).find(([type]) => type === wanted.type)
    ?.[1];
  const parsed = schema?.safeParse(wanted);
  if (parsed?.success) return { ok: true, command: parsed.data as PersonaCommand };
  const issue = parsed?.error.issues[0];
  const field = issue?.path.map(String).at(-1);
  return { ok: false, message: sentence(field, issue?.message), field };
}

function sentence(field: string | undefined, reason = "is not right"): string {
  const names: Record<string, string> = {
    text: "The text",
    reason: "The reason",
    at: "The time",
    zone: "The time zone",
    url: "The address",
  };
  return `${names[field ?? ""] ?? "This"} ${reason}.`;
}
