/** What the buttons do that stop posting and let it go on; each is answered with what the page shows of it then. */
import type { Context, Hono } from "hono";
import { storable } from "../../actors/persona/text.ts";
import { readStopKey } from "../../actors/supervisor/stop_scope.ts";
import { type StopScope, TooManyStops } from "../../actors/supervisor/supervisor_port.ts";
import { getPersona } from "../../db/read/personas.ts";
import { getPost, type PostRead } from "../../db/read/posts.ts";
import type { Sql } from "../../db/sql.ts";
import { refuseUnless } from "../access/middleware.ts";
import { MAX_REASON_LENGTH } from "../api/limits.ts";
import { route } from "../route.ts";
import { flash, partial, pieces } from "./answers.tsx";
import { by, type Console } from "./context.tsx";
import { formOf } from "./giving.ts";
import { personaStoppedPart, postingParts, stopsPart } from "./stop_parts.tsx";
import { PersonaStopForm, StopForm } from "./parts/stops.tsx";
import { cardPart, gone } from "./post_commands.tsx";

export function addStopCommands(app: Hono, con: Console): void {
  const all = { persona: null };
  route(app, "POST", "/posting/stop", "posting.stop", (c) => stop(c, con), all);
  route(app, "POST", "/posting/lift", "posting.lift", (c) => lift(c, con), all);
  const post = "/personas/:personaId/posts/:postId";
  route(app, "POST", `${post}/hold`, "posting.stop", (c) => hold(c, con));
  route(app, "POST", `${post}/let-go`, "posting.lift", (c) => letGo(c, con));
}

async function stop(c: Context, con: Console): Promise<Response> {
  const { sql } = con.program;
  const fields = await formOf(c);
  const scope = readStopKey(fields.scope ?? "");
  // A post is held on its card, which knows what can be held.
  if (scope === null || scope.kind === "post") return unknownScope(c);
  const personaId = scope.kind === "persona" ? scope.personaId : null;
  const refusal = refuseUnless(c, "posting.stop", personaId);
  if (refusal) return refusal;
  const persona = personaId === null ? null : await getPersona(sql, personaId);
  if (personaId !== null && persona === null) {
    return pieces(c, [flash("There is no such persona any more.", "bad")], 404);
  }
  const refused = await stopping(c, con, scope, fields.why);
  if (refused !== null) return refused;
  if (c.req.header("hx-request") !== "true") return c.redirect("/", 303);
  return pieces(c, [
    ...await shown(sql, con, scope),
    // The form comes back empty.
    persona === null
      ? partial("#stop-form", "outerHTML", <StopForm />)
      : partial(`#stop-form-${cssId(persona.id)}`, "outerHTML", <PersonaStopForm persona={persona} />),
    flash("Stopped. Nothing of it goes out until a person lifts it."),
  ]);
}

async function lift(c: Context, con: Console): Promise<Response> {
  const { supervisor, sql } = con.program;
  const scope = readStopKey((await formOf(c)).scope ?? "");
  if (scope === null) return unknownScope(c);
  const refusal = refuseUnless(c, "posting.lift", "personaId" in scope ? scope.personaId : null);
  if (refusal) return refusal;
  await supervisor.lift(scope, by(c));
  if (c.req.header("hx-request") !== "true") return c.redirect("/", 303);
  return pieces(c, [...await shown(sql, con, scope), flash("Lifted: what is approved goes out.")]);
}

async function hold(c: Context, con: Console): Promise<Response> {
  const post = await postOf(c, con);
  if (post === null) return gone(c);
  const fields = await formOf(c);
  const refused = await stopping(c, con, scopeOf(post), fields.reason);
  if (refused !== null) return refused;
  return pieces(c, [await cardPart(c, con, post), flash("Held. It does not go out until a person lets it.")]);
}

async function letGo(c: Context, con: Console): Promise<Response> {
  const post = await postOf(c, con);
  if (post === null) return gone(c);
  await con.program.supervisor.lift(scopeOf(post), by(c));
  return pieces(c, [await cardPart(c, con, post), flash("It may go out.")]);
}

/** Null where it was stopped, else the answer that says why not. */
async function stopping(
  c: Context,
  con: Console,
  scope: StopScope,
  why = "",
): Promise<Response | null> {
  try {
    await con.program.supervisor.stop(scope, by(c), storable(why.trim().slice(0, MAX_REASON_LENGTH)));
    return null;
  } catch (error) {
    if (!(error instanceof TooManyStops)) throw error;
    return pieces(c, [flash(error.message, "bad")], 409);
  }
}

async function postOf(c: Context, con: Console): Promise<PostRead | null> {
  const post = await getPost(con.program.sql, c.req.param("postId") ?? "");
  return post?.persona === c.req.param("personaId") ? post : null;
}

const scopeOf = (post: PostRead): StopScope => ({ kind: "post", personaId: post.persona, postId: post.id });

/** Everything on any page that says something of this scope. */
async function shown(sql: Sql, con: Console, scope: StopScope): Promise<string[]> {
  const { supervisor } = con.program;
  const seen = { stops: supervisor.stops(), now: con.now() };
  return [
    await postingParts(sql, seen),
    await stopsPart(sql, seen),
    scope.kind === "persona" ? await personaStoppedPart(sql, scope.personaId, seen) : "",
  ];
}

function unknownScope(c: Context): Response {
  return pieces(c, [flash("This form does not say what to stop: reload the page.", "bad")], 422);
}

function cssId(id: string): string {
  return id.replace(/[^A-Za-z0-9_-]/g, "");
}
