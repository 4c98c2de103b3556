/** `/inbox`: what people said to all personas, unanswered first, and the forms to answer it. The tab of one persona shows the same. */
import type { Context, Hono } from "hono";
import { getHeard, type InboxOptions, listInbox } from "../../../db/read/inbox.ts";
import { listPersonas } from "../../../db/read/personas.ts";
import type { Sql } from "../../../db/sql.ts";
import { commandSchemas } from "../../api/schemas/command.ts";
import { route } from "../../route.ts";
import { flash, partial, pieces } from "../answers.tsx";
import { type Console, page, type PageOf } from "../context.tsx";
import { formOf, give, type Given } from "../giving.ts";
import { cssId } from "../parts/dead_letters.tsx";
import { whyLeftAlone } from "../left_alone.ts";
import type { AnswerAttempt } from "../parts/answering.tsx";
import { Heard, HeardCard, type HeardsProps } from "../parts/heard.tsx";
import { Pager } from "../parts/small.tsx";

/** Personas to choose from in the filter; the tab of any other leads here. */
const FILTER_PERSONAS = 200;
const INBOX_PAGE = 50;

export function addInbox(app: Hono, con: Console): void {
  route(app, "GET", "/inbox", "persona.list", (c) => page(c, con, (sql) => inboxPage(c, con, sql)), {
    persona: null,
  });
  route(
    app,
    "POST",
    "/personas/:personaId/interactions/:interactionId/reply",
    "persona.command",
    (c) => answer(c, con),
  );
}

export async function readInbox(
  sql: Sql,
  { now, ...options }: InboxOptions & { now: number },
): Promise<HeardsProps & { next: string | null }> {
  const { items, next } = await listInbox(sql, { limit: INBOX_PAGE, ...options });
  return { heard: items, what: options.what ?? "answerable", now, next };
}

async function inboxPage(c: Context, con: Console, sql: Sql): Promise<PageOf> {
  const { persona = "", what: asked = "", after = null } = c.req.query();
  const what = asked === "signs" ? "signs" : "answerable";
  const chosen = persona === "" ? undefined : persona;
  const { next, ...shown } = await readInbox(sql, { persona: chosen, what, after, now: con.now() });
  const personas = await listPersonas(sql, { limit: FILTER_PERSONAS });
  const isLive = after === null && what === "answerable";
  const query = (over: Record<string, string>) => {
    const parameters = new URLSearchParams({
      ...(chosen === undefined ? {} : { persona }),
      ...(what === "signs" ? { what } : {}),
      ...over,
    });
    return parameters.size === 0 ? "/inbox" : `/inbox?${parameters}`;
  };
  return {
    title: "Inbox",
    place: "inbox",
    topics: isLive ? [chosen === undefined ? "inbox" : `inbox:${chosen}`] : [],
    body: (
      <div class="narrow">
        <div class="page-head">
          <div>
            <h1>Inbox</h1>
            <p class="sub">
              What people say to your personas, unanswered first. j and k move, A lets the persona answer, E
              is for your own words, C composes them with pictures or as a thread. Every answer waits for
              review.
            </p>
          </div>
        </div>
        <form class="filters" method="get" action="/inbox" data-filters="" hx-ignore="">
          <div class="field">
            <label for="heard-by">Persona</label>
            <select id="heard-by" name="persona">
              <option value="">All</option>
              {personas.items.map((one) => (
                <option value={one.id} selected={one.id === persona}>{one.name}</option>
              ))}
              {chosen !== undefined && !personas.items.some((one) => one.id === persona) && (
                <option value={persona} selected>this one</option>
              )}
            </select>
          </div>
          <div class="field">
            <label for="heard-what">What</label>
            <select id="heard-what" name="what">
              <option value="">Mentions, replies, quotes</option>
              <option value="signs" selected={what === "signs"}>Likes, reposts, followers</option>
            </select>
          </div>
          <button class="btn">Filter</button>
        </form>
        <section id={!isLive ? "inbox-older" : chosen === undefined ? "inbox" : `inbox-${cssId(chosen)}`}>
          <Heard {...shown} />
        </section>
        <Pager
          newer={after === null ? null : query({})}
          older={next === null ? null : query({ after: next })}
        />
      </div>
    ),
  };
}

async function answer(c: Context, con: Console): Promise<Response> {
  const personaId = c.req.param("personaId") ?? "";
  const { sql } = con.program;
  const interactionId = c.req.param("interactionId") ?? "";
  const typed = await formOf(c);
  const how = typed.how === "text" ? "text" : "brief";
  const wanted = how === "text"
    ? { type: "reply" as const, interactionId, parts: [{ text: typed.text ?? "" }] }
    : { type: "reply" as const, interactionId, ...(typed.brief?.trim() ? { brief: typed.brief } : {}) };
  const asked = await getHeard(sql, personaId, interactionId);
  const checked = commandSchemas.reply.safeParse(wanted);
  const leftAlone = asked && await whyLeftAlone(sql, asked);
  const given: Given = leftAlone !== null
    ? { ok: false, status: 422, code: "left_alone", message: leftAlone }
    : checked.success
    ? await give(c, con, personaId, checked.data)
    : {
      ok: false,
      status: 422,
      code: "invalid",
      message: sentence(how, checked.error.issues[0]?.message),
      field: how,
    };
  const one = await getHeard(sql, personaId, interactionId);
  if (one === null) return pieces(c, [flash("This is not known any more.", "bad")], 404);
  const draw = (attempt?: AnswerAttempt) =>
    partial(
      `#heard-${cssId(interactionId)}`,
      "outerMorph",
      <HeardCard {...{ one, attempt }} now={con.now()} />,
    );
  if (!given.ok) {
    const errors = { [given.field === how ? how : "form"]: given.message };
    return pieces(c, [draw({ how, typed, errors }), flash(given.message, "bad")], given.status);
  }
  const link = one.answer !== null && <a class="link" href={`/posts/${one.answer.id}`}>See it</a>;
  return pieces(c, [
    draw(),
    flash(<>{how === "text" ? "Kept: it waits for review." : "It is being written."} {link}</>),
  ]);
}

function sentence(how: "brief" | "text", reason = "is not right"): string {
  return `${how === "text" ? "The answer" : "What to say"} ${reason}.`;
}
