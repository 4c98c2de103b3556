/** `/find`: personas, posts, an event by its position. What Ctrl K leads to. */
import type { Hono } from "hono";
import { find } from "../../../db/read/console.ts";
import { route } from "../../route.ts";
import { type Console, page } from "../context.tsx";
import { Empty, Face } from "../parts/small.tsx";
import { Marked } from "../parts/text.tsx";

const MAX_WORDS = 200;
const PLACES = [
  { words: "new persona create import template", label: "New persona", href: "/new" },
  { words: "review approve waiting drafts", label: "Review", href: "/review" },
  { words: "activity events stream feed log", label: "Activity", href: "/activity" },
  { words: "sandbox network timeline", label: "Sandbox", href: "/sandbox" },
  {
    words: "settings writer model tokens password keyboard stop posting",
    label: "Settings",
    href: "/settings",
  },
];

export function addFind(app: Hono, con: Console): void {
  route(app, "GET", "/find", "persona.list", (c) =>
    page(c, con, async (sql) => {
      const words = (c.req.query("q") ?? "").replaceAll("\0", "").trim().slice(0, MAX_WORDS).toWellFormed();
      const found = words === "" ? { personas: [], posts: [] } : await find(sql, words);
      const number = /^#?([\d,]{1,16})$/.exec(words)?.[1]?.replaceAll(",", "");
      const places = words === ""
        ? PLACES
        : PLACES.filter((one) => `${one.label} ${one.words}`.toLowerCase().includes(words.toLowerCase()));
      const nothing = found.personas.length + found.posts.length + places.length === 0 &&
        number === undefined;
      return {
        title: words === "" ? "Find" : `Find ${words}`,
        place: "find",
        topics: [],
        query: words,
        body: (
          <div class="narrow stack">
            <h1>
              {words === "" ? "Find" : (
                <>
                  Found for “<Marked text={words} />”
                </>
              )}
            </h1>
            {nothing && (
              <Empty title="Nothing found">
                Names of personas, words of posts and briefs, positions of events and places of the console
                are looked through.
              </Empty>
            )}
            {number !== undefined && (
              <div class="lines">
                <a href={`/events/${number}`} data-focus="">Event {number}</a>
              </div>
            )}
            {found.personas.length > 0 && (
              <section>
                <h2>Personas</h2>
                <div class="lines">
                  {found.personas.map(({ id, name }) => (
                    <a class="row" href={`/personas/${id}`} data-focus="">
                      <Face name={name} small />{" "}
                      <span dir="auto">
                        <Marked text={name} />
                      </span>
                    </a>
                  ))}
                </div>
              </section>
            )}
            {found.posts.length > 0 && (
              <section>
                <h2>Posts</h2>
                <div class="lines">
                  {found.posts.map((post) => (
                    <a href={`/posts/${post.id}`} data-focus="">
                      <span class="small soft">
                        <Marked text={post.name ?? "a deleted persona"} />
                      </span>
                      <br />
                      <span dir="auto">
                        <Marked text={post.text === "" ? post.brief : post.text} />
                      </span>
                    </a>
                  ))}
                </div>
              </section>
            )}
            {places.length > 0 && (
              <section>
                <h2>Places</h2>
                <div class="lines">
                  {places.map(({ label, href }) => <a href={href} data-focus="">{label}</a>)}
                </div>
              </section>
            )}
          </div>
        ),
      };
    }), { persona: null });
}
