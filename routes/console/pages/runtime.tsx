/** `/runtime`: supervisor, cells and actors as they are now, and what a person may do to an actor. */
import type { Context, Hono } from "hono";
import { reasonOf } from "../../../actors/persona/text.ts";
import type { ActorControl } from "../../../actors/supervisor/supervisor_port.ts";
import {
  nextActivities,
  type NextActivity,
  type PersonaCard,
  personaCards,
  userNames,
} from "../../../db/read/console.ts";
import type { Sql } from "../../../db/sql.ts";
import type { Program } from "../../program.ts";
import { route } from "../../route.ts";
import { lookAtRuntime, MAX_PARK_REASON, type RuntimeLook } from "../../runtime.ts";
import { flash, go, pieces } from "../answers.tsx";
import { by, type Console, page, snapshot } from "../context.tsx";
import { formOf } from "../giving.ts";
import { Input } from "../parts/field.tsx";
import { Marked } from "../parts/text.tsx";
import { rowsOf, type RuntimeRows, type RuntimeView, viewId, viewOf } from "../runtime_view.ts";
import { missing } from "./missing.tsx";
import { RuntimeBody } from "./runtime_parts.tsx";

export interface RuntimeProps {
  look: RuntimeLook;
  view: RuntimeView;
  rows: RuntimeRows;
  personas: ReadonlyMap<string, PersonaCard>;
  next: ReadonlyMap<string, NextActivity>;
  /** Names of people by id. */
  users: ReadonlyMap<string, string>;
  /** ms since the epoch. */
  now: number;
}

export function addRuntime(app: Hono, con: Console): void {
  const all = { persona: null };
  route(app, "GET", "/runtime", "runtime.read", (c) => runtimePage(c, con), all);
  route(app, "POST", "/personas/:personaId/runtime", "runtime.control", (c) => controlFromForm(c, con));
  route(
    app,
    "POST",
    "/personas/:personaId/start-again",
    "runtime.control",
    (c) => control(c, con, "unpark", undefined),
  );
}

async function runtimePage(c: Context, con: Console): Promise<Response> {
  const view = viewOf(c.req.query("state"), c.req.query("page"));
  return await page(c, con, async (sql) => ({
    title: "Runtime",
    place: "runtime",
    topics: [`runtime:${viewId(view)}`],
    body: (
      <>
        <div class="page-head">
          <div>
            <h1>Runtime</h1>
            <p class="sub">
              Each persona runs as an actor in a cell, a process of its own. What fails is restarted; what
              fails again and again is parked until a person looks at it.
            </p>
          </div>
        </div>
        <div id="runtime">
          <RuntimeBody {...await readRuntime(sql, con.program, view, con.now())} />
        </div>
        <ParkPanel />
      </>
    ),
  }));
}

/** What one view shows; of what may be thousands only the actors of its page are looked up. */
export async function readRuntime(
  sql: Sql,
  program: Pick<Program, "supervisor" | "log">,
  view: RuntimeView,
  now: number,
): Promise<RuntimeProps> {
  const look = lookAtRuntime(program);
  const rows = rowsOf(look, view);
  const actors = rows.groups.flatMap((group) => group.actors);
  const ids = actors.map(({ personaId }) => personaId);
  const users = actors.some(({ parked }) => parked !== null)
    ? await userNames(sql)
    : new Map<string, string>();
  const personas = await personaCards(sql, ids);
  const next = await nextActivities(sql, ids);
  return { look, view, rows, personas, next, users, now };
}

/** One for all rows, and outside of what is drawn anew: what is typed in it is touched by nobody. */
function ParkPanel() {
  return (
    <div id="park" class="panel" popover="auto" role="dialog" aria-labelledby="park-title">
      <form method="post" action="/runtime" class="stack" id="park-form">
        <h2 id="park-title">
          Park <span data-park-name="" dir="auto"></span>?
        </h2>
        <p class="small soft">
          Its worker ends, and nothing of it goes out until somebody unparks it. Whoever asks it something is
          told so.
        </p>
        <input type="hidden" name="what" value="park" />
        <Input
          name="why"
          label="Why?"
          hint="Shown on its page, with your name."
          required
          maxlength={MAX_PARK_REASON}
          scope="park"
          autofocus
        />
        <div class="row">
          <button class="btn danger">Park it</button>
          <button type="button" class="btn quiet" popovertarget="park" popovertargetaction="hide">
            Cancel
          </button>
        </div>
      </form>
    </div>
  );
}

const DONE: Record<ActorControl, string> = {
  restart: "restarts as soon as nothing of it is under way.",
  hibernate: "hibernates as soon as nothing of it is under way.",
  wake: "wakes up as soon as there is room.",
  park: "is parked as soon as nothing of it is under way.",
  unpark: "is unparked and starts.",
};

async function controlFromForm(c: Context, con: Console): Promise<Response> {
  const { what = "", why = "" } = await formOf(c);
  const reason = reasonOf(why.trim()).slice(0, MAX_PARK_REASON).toWellFormed();
  if (!isControl(what)) {
    return pieces(c, [flash("This is nothing that can be done to an actor.", "bad")], 422);
  }
  if (what === "park" && reason === "") {
    return pieces(c, [flash("Say why it is parked: whoever finds it stopped will ask.", "bad")], 422);
  }
  return await control(c, con, what, reason === "" ? undefined : reason);
}

function isControl(what: string): what is ActorControl {
  return Object.hasOwn(DONE, what);
}

/** From the persona's own page it leads back there; on the Runtime page the line to the program shows what came of it. */
async function control(
  c: Context,
  con: Console,
  what: ActorControl,
  why: string | undefined,
): Promise<Response> {
  const personaId = c.req.param("personaId") ?? "";
  const card = await snapshot(con, async (sql) => (await personaCards(sql, [personaId])).get(personaId));
  if (card === undefined) return await missing(c, con, "persona");
  const answer = await con.program.supervisor.control(personaId, what, by(c), why);
  if (!answer.ok) {
    return pieces(c, [flash(
      <>
        <Marked text={card.name} />: <Marked text={answer.reason} />
      </>,
      "bad",
    )], 409);
  }
  const isOnItsPage = c.req.path.endsWith("/start-again");
  if (isOnItsPage || c.req.header("hx-request") !== "true") {
    return go(c, isOnItsPage ? `/personas/${personaId}` : "/runtime");
  }
  return pieces(c, [flash(
    <>
      <Marked text={card.name} /> {DONE[what]}
    </>,
  )]);
}
