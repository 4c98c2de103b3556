/** `/uncertain`: every post that may have gone out, the oldest first, with what is known of it, for a person to decide. */
import type { Context, Hono } from "hono";
import type { Stop } from "../../../actors/supervisor/supervisor_port.ts";
import { personaCards, userNames } from "../../../db/read/console.ts";
import { listPosts } from "../../../db/read/posts.ts";
import type { Sql } from "../../../db/sql.ts";
import { route } from "../../route.ts";
import { partial } from "../answers.tsx";
import { readMore } from "../card_more.ts";
import { type Console, page, type PageOf } from "../context.tsx";
import { Doubts, type DoubtsProps } from "../parts/doubt.tsx";
import { Pager } from "../parts/small.tsx";

/** Each has its whole story: more than these nobody decides at a sitting. */
const DOUBTS_PAGE = 20;

export function addUncertain(app: Hono, con: Console): void {
  route(
    app,
    "GET",
    "/uncertain",
    "persona.list",
    (c) => page(c, con, (sql) => uncertainPage(c, con, sql)),
    { persona: null },
  );
}

export async function readDoubts(
  sql: Sql,
  { after = null, stops, now }: { after?: string | null; stops: readonly Stop[]; now: number },
): Promise<DoubtsProps & { next: string | null }> {
  const { items, next } = await listPosts(sql, { statuses: ["uncertain"], after, limit: DOUBTS_PAGE });
  const personas = await personaCards(sql, items.map(({ persona }) => persona));
  const more = await readMore(sql, items, { stops, now });
  return {
    doubts: items.map((post) => ({
      post,
      persona: personas.get(post.persona) ?? { name: post.personaName ?? "a deleted persona", zone: "UTC" },
      life: more.get(post.id)?.doubt?.life ?? "retired",
      events: more.get(post.id)?.doubt?.events ?? [],
    })),
    users: await userNames(sql),
    stops,
    now,
    next,
  };
}

async function uncertainPage(c: Context, con: Console, sql: Sql): Promise<PageOf> {
  const after = c.req.query("after") ?? null;
  const { next, ...shown } = await readDoubts(sql, {
    after,
    stops: con.program.supervisor.stops(),
    now: con.now(),
  });
  return {
    title: "May have gone out",
    place: "uncertain",
    topics: after === null ? ["uncertain"] : [],
    body: (
      <div class="doubts">
        <div class="page-head">
          <div>
            <h1>May have gone out</h1>
            <p class="sub">
              Posts that were sent and got no certain answer, the oldest first. They are looked for by
              themselves and never sent again blindly. j and k move; W went out, P a part did, N did not, L
              looks again.
            </p>
          </div>
        </div>
        <section
          id={after === null ? "uncertain" : "uncertain-older"}
          tabindex={-1}
          data-hands-on=""
          aria-label="Posts that may have gone out"
        >
          <Doubts {...shown} />
        </section>
        <Pager
          newer={after === null ? null : "/uncertain"}
          older={next === null ? null : `/uncertain?after=${next}`}
        />
      </div>
    ),
  };
}

/** The list as it is now; nothing on the page of older ones, which only loses what was decided. */
export async function doubtsPart(c: Context, con: Console): Promise<string> {
  if (/[?&]after=/.test(c.req.header("hx-current-url") ?? "")) return "";
  const { next: _next, ...shown } = await readDoubts(con.program.sql, {
    stops: con.program.supervisor.stops(),
    now: con.now(),
  });
  return partial("#uncertain", "innerMorph", <Doubts {...shown} />);
}
