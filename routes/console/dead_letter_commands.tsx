/** `/failed`: all commands that failed twice, and what the buttons of one do. */
import type { Context, Hono } from "hono";
import { userNames } from "../../db/read/console.ts";
import { getDeadLetter } from "../../db/read/dead_letters.ts";
import type { Sql } from "../../db/sql.ts";
import { judge } from "../api/commands.ts";
import { route } from "../route.ts";
import { flash, partial, pieces } from "./answers.tsx";
import { cardOf, type Console, page, type PageOf } from "./context.tsx";
import { give } from "./giving.ts";
import { cssId, DeadLetterCard, DeadLetterCards } from "./parts/dead_letters.tsx";
import { Empty, Pager } from "./parts/small.tsx";
import { deadLetters } from "./reading.ts";

const DONE = {
  retry_dead_letter: "It was done now.",
  drop_dead_letter: "Dropped.",
} as const;

export function addDeadLetters(app: Hono, con: Console): void {
  route(app, "GET", "/failed", "persona.list", (c) => page(c, con, (sql) => failedPage(c, con, sql)), {
    persona: null,
  });
  const at = "/personas/:personaId/dead-letters/:deadLetterId";
  // Which right a retry needs lies with the command that is retried: asked for below, beside this one.
  route(app, "POST", `${at}/retry`, "persona.command", (c) => act(c, con, "retry_dead_letter"));
  route(app, "POST", `${at}/drop`, "persona.command", (c) => act(c, con, "drop_dead_letter"));
}

async function failedPage(c: Context, con: Console, sql: Sql): Promise<PageOf> {
  const { persona: asked = "", after = null } = c.req.query();
  const persona = asked === "" ? undefined : asked;
  const { next, ...shown } = await deadLetters(sql, { persona, after, now: con.now() });
  const query = (over: Record<string, string>) => {
    const parameters = new URLSearchParams({ ...(persona === undefined ? {} : { persona }), ...over });
    return parameters.size === 0 ? "/failed" : `/failed?${parameters}`;
  };
  return {
    title: "Commands that failed twice",
    place: "review",
    personaId: persona ?? null,
    topics: after === null && persona === undefined ? ["letters"] : [],
    body: (
      <div class="narrow">
        <div class="page-head">
          <div>
            <h1>Commands that failed twice</h1>
            <p class="sub">
              Each made its persona stop, was given once more, and made it stop again. It was put aside so
              that the persona can go on. j and k move, T tries again, D drops.
            </p>
          </div>
        </div>
        <section id={after === null && persona === undefined ? "letters" : "letters-older"}>
          {shown.letters.length === 0 ? <NoDeadLetters /> : <DeadLetterCards {...shown} />}
        </section>
        <Pager
          newer={after === null ? null : query({})}
          older={next === null ? null : query({ after: next })}
        />
      </div>
    ),
  };
}

export function NoDeadLetters() {
  return (
    <Empty title="No command has failed twice">
      One that makes its persona stop twice appears here, with what was asked and the error.
    </Empty>
  );
}

async function act(c: Context, con: Console, type: keyof typeof DONE): Promise<Response> {
  const { sql } = con.program;
  const personaId = c.req.param("personaId") ?? "";
  const id = c.req.param("deadLetterId") ?? "";
  if (await getDeadLetter(sql, personaId, id) === null) {
    return pieces(c, [flash("There is no such command any more.", "bad")], 404);
  }
  const command = { type, deadLetterId: id };
  const refusal = await judge(c, con.program, personaId, command);
  if (refusal !== null) return refusal;
  const given = await give(c, con, personaId, command);
  const letter = await getDeadLetter(sql, personaId, id);
  if (letter === null) return pieces(c, [flash(DONE[type])]);
  const { zone } = await cardOf(sql, personaId);
  const users = await userNames(sql);
  const named = !(c.req.header("hx-current-url") ?? "").includes(`/personas/${personaId}`);
  const draw = (refused?: string) =>
    partial(
      `#letter-${cssId(id)}`,
      "outerMorph",
      <DeadLetterCard {...{ letter, zone, users, named, refused }} now={con.now()} />,
    );
  return given.ok
    ? pieces(c, [draw(), flash(DONE[type])])
    : pieces(c, [draw(given.message), flash(given.message, "bad")], given.status);
}
