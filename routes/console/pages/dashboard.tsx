/** `/`: all personas with how they are doing, what waits for a person, what comes next, and trouble. */
import type { Hono } from "hono";
import { nextActivities } from "../../../db/read/console.ts";
import { dashboardCounts } from "../../../db/read/dashboard.ts";
import { listPersonas, type PersonaLife } from "../../../db/read/personas.ts";
import { route } from "../../route.ts";
import { type Console, page } from "../context.tsx";
import { Empty, Pager, plural } from "../parts/small.tsx";
import { PersonaTableRow, Tiles } from "./dashboard_parts.tsx";
import { FirstSteps } from "./first_steps.tsx";

const PAGE = 50;
const LIVES: PersonaLife[] = ["active", "paused", "retired"];

export function addDashboard(app: Hono, con: Console): void {
  route(app, "GET", "/", "persona.list", (c) =>
    page(c, con, async (sql) => {
      const after = c.req.query("after") ?? null;
      const life = LIVES.find((one) => one === c.req.query("life"));
      const counts = await dashboardCounts(sql);
      const total = counts.personas.active + counts.personas.paused + counts.personas.retired;
      if (total === 0) {
        return { title: "First steps", place: "dashboard", body: <FirstSteps zone="UTC" /> };
      }
      const { items, next } = await listPersonas(sql, { after, life, limit: PAGE });
      const upcoming = await nextActivities(sql, items.map((persona) => persona.id));
      const now = con.now();
      const query = (cursor: string) => `/?after=${cursor}${life === undefined ? "" : `&life=${life}`}`;
      const body = (
        <>
          <div class="page-head">
            <div>
              <h1>Overview</h1>
              <p class="sub">{plural(total, "persona")}. Nothing goes out without a person's approval.</p>
            </div>
            <a class="btn go end" href="/new">New persona</a>
          </div>
          <div class="tiles" id="tiles">
            <Tiles counts={counts} />
          </div>
          <div class="head">
            <h2>Personas</h2>
            {total > PAGE && (
              <span class="row">
                {[undefined, ...LIVES].map((one) => (
                  <a
                    class={one === life ? "" : "link"}
                    href={one === undefined ? "/" : `/?life=${one}`}
                    aria-current={one === life ? "true" : undefined}
                  >
                    {one ?? "all"}
                  </a>
                ))}
              </span>
            )}
          </div>
          {items.length === 0
            ? (
              <Empty title="No persona here">
                {life === undefined ? "This page is past the last one." : `None is ${life}.`}
              </Empty>
            )
            : (
              <table class="table stacking">
                <thead>
                  <tr>
                    <th>Persona</th>
                    <th>Doing</th>
                    <th>Waits for you</th>
                    <th>Next activity</th>
                    <th>Accounts and trouble</th>
                  </tr>
                </thead>
                <tbody>
                  {items.map((persona) => (
                    <PersonaTableRow
                      persona={persona}
                      actor={con.program.supervisor.status(persona.id)}
                      next={upcoming.get(persona.id) ?? null}
                      now={now}
                    />
                  ))}
                </tbody>
              </table>
            )}
          <Pager
            newer={after === null ? null : life === undefined ? "/" : `/?life=${life}`}
            older={next === null ? null : query(next)}
            shown={total > PAGE ? `${plural(items.length, "persona")} of ${total} on this page` : undefined}
          />
        </>
      );
      return { title: "Overview", place: "dashboard", body };
    }), { persona: null });
}
