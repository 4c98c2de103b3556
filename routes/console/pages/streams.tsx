/** `/review`: all that waits over all personas. `/activity`: everything that happens. `/events/:id`: one fact, its cause and what came of it. */
import type { Context, Hono } from "hono";
import type { StoredEvent } from "../../../db/log/log.ts";
import { getEffects, getEvent, listEvents } from "../../../db/read/events.ts";
import { listPersonas } from "../../../db/read/personas.ts";
import { BadPage } from "../../../db/read/page.ts";
import type { Sql } from "../../../db/sql.ts";
import { route } from "../../route.ts";
import { type Console, page, type PageOf } from "../context.tsx";
import { feedLine, KIND_WORDS, KINDS } from "../feed_words.ts";
import { EmptyFeed, Feed } from "../parts/feed.tsx";
import { ReviewList } from "../parts/lists.tsx";
import { Chip, count, Empty, Pager } from "../parts/small.tsx";
import { Marked } from "../parts/text.tsx";
import { say, Time } from "../parts/time.tsx";
import { FEED_PAGE, feedContext, review } from "../reading.ts";
import { whoWords } from "../words.ts";
import { missing } from "./missing.tsx";
import { ZoneList } from "./persona_parts.tsx";

/** Personas to choose from in the filter; with more the persona's own page leads here. */
const FILTER_PERSONAS = 200;

export function addStreams(app: Hono, con: Console): void {
  const all = { persona: null };
  route(app, "GET", "/review", "persona.list", (c) => page(c, con, (sql) => reviewPage(c, con, sql)), all);
  route(app, "GET", "/activity", "events.read", (c) => page(c, con, (sql) => activityPage(c, con, sql)), all);
  route(
    app,
    "GET",
    "/events/:eventId",
    "events.read",
    (c) => page(c, con, (sql) => eventPage(c, con, sql)),
    all,
  );
}

async function reviewPage(c: Context, con: Console, sql: Sql): Promise<PageOf> {
  const after = c.req.query("after") ?? null;
  const waiting = await review(sql, { after, now: con.now(), stops: con.program.supervisor.stops() });
  return {
    title: "Review",
    place: "review",
    topics: after === null ? ["review"] : [],
    body: (
      <div class="narrow">
        <div class="page-head">
          <div>
            <h1>Review</h1>
            <p class="sub">
              Nothing goes out before somebody approved it. j and k move, A approves, E edits, R rejects, G
              writes again.
            </p>
          </div>
        </div>
        <section id={after === null ? "review" : "review-older"} aria-label="Waiting for you">
          <ReviewList {...waiting} />
        </section>
        <Pager
          newer={after === null ? null : "/review"}
          older={waiting.next === null ? null : `/review?after=${waiting.next}`}
        />
        <ZoneList />
      </div>
    ),
  };
}

async function activityPage(c: Context, con: Console, sql: Sql): Promise<PageOf> {
  const { persona = "", kind = "", before = "" } = c.req.query();
  const chosen = Object.hasOwn(KINDS, kind) ? kind as keyof typeof KINDS : null;
  const events = await listEvents(sql, {
    stream: persona === "" ? undefined : persona,
    types: chosen === null ? undefined : KINDS[chosen],
    before: before === "" ? null : before,
    limit: FEED_PAGE,
  });
  const context = await feedContext(sql, events.items);
  const personas = await listPersonas(sql, { limit: FILTER_PERSONAS });
  const named = persona === "";
  const query = (over: Record<string, string>) => {
    const parameters = Object.entries({ persona, kind: chosen ?? "", ...over }).filter(([, value]) =>
      value !== ""
    );
    return `/activity${parameters.length === 0 ? "" : `?${new URLSearchParams(parameters)}`}`;
  };
  const feedId = before !== "" ? "feed-older" : named ? "feed" : `feed-${persona}`;
  const zone = personas.items.find((one) => one.id === persona)?.zone ?? "UTC";
  return {
    title: "Activity",
    place: "activity",
    topics: before !== "" ? [] : [named ? "feed" : `feed:${persona}`],
    body: (
      <div>
        <div class="page-head">
          <div>
            <h1>Activity</h1>
            <p class="sub">Everything that happened, newest first, each at its persona's own time.</p>
          </div>
        </div>
        <form class="filters" method="get" action="/activity" data-filters="" hx-ignore="">
          <div class="field">
            <label for="by-persona">Persona</label>
            <select id="by-persona" name="persona">
              <option value="">All</option>
              {personas.items.map((one) => (
                <option value={one.id} selected={one.id === persona}>{one.name}</option>
              ))}
              {persona !== "" && !personas.items.some((one) => one.id === persona) && (
                <option value={persona} selected>this one</option>
              )}
            </select>
          </div>
          <div class="field">
            <label for="by-kind">Kind</label>
            <select id="by-kind" name="kind">
              <option value="">Everything</option>
              {Object.entries(KIND_WORDS).map(([value, label]) => (
                <option value={value} selected={value === chosen}>{label}</option>
              ))}
            </select>
          </div>
          <button class="btn">Filter</button>
        </form>
        {events.items.length === 0 && (
          chosen === null && persona === "" ? <EmptyFeed /> : (
            <Empty title="Nothing of this kind">
              <a class="link" href="/activity">Show everything</a>
            </Empty>
          )
        )}
        <Feed
          id={feedId}
          events={events.items}
          kind={chosen ?? undefined}
          now={con.now()}
          {...{ context, named, zone }}
        />
        <Pager
          newer={before === "" ? null : query({})}
          older={events.next === null ? null : query({ before: events.next })}
        />
      </div>
    ),
  };
}

async function eventPage(c: Context, con: Console, sql: Sql): Promise<PageOf | Response> {
  let event: StoredEvent | null;
  try {
    event = await getEvent(sql, c.req.param("eventId") ?? "");
  } catch (error) {
    if (!(error instanceof BadPage)) throw error;
    event = null;
  }
  if (event === null) return await missing(c, con, "event");
  const cause = event.cause === null ? null : await getEvent(sql, event.cause);
  const { effects, related } = await getEffects(sql, event.id);
  const context = await feedContext(sql, [event, ...(cause === null ? [] : [cause]), ...effects, ...related]);
  const line = feedLine(event, context);
  const persona = context.personas.get(event.stream);
  const zone = persona?.zone ?? "UTC";
  const feed = { context, zone, now: con.now(), named: false };
  const promptRefs = refsOf(event);
  return {
    title: `Event ${count(event.position)}`,
    place: "activity",
    topics: null,
    body: (
      <>
        <div class="page-head">
          <div>
            <h1>{line.title}</h1>
            <p class="sub">
              Event {count(event.position)} · <Time at={event.at} zone={zone} style="full" />
            </p>
          </div>
          <div class="row end">
            {event.position > 1 && (
              <a class="btn" href={`/events/${event.position - 1}`}>← {count(event.position - 1)}</a>
            )}
            <a class="btn" href={`/events/${event.position + 1}`}>{count(event.position + 1)} →</a>
          </div>
        </div>
        <div class="cols">
          <section class="stack">
            <dl class="dl">
              <dt>What</dt>
              <dd>
                <code>{event.type}</code> <span class="faint">schema {event.schema}</span>
              </dd>
              <dt>Whose</dt>
              <dd>
                {persona === undefined
                  ? <code>{event.stream}</code>
                  : <a class="link" href={`/personas/${event.stream}`}>{persona.name}</a>}
                <span class="faint">· number {count(event.version)} of its stream</span>
              </dd>
              <dt>Who</dt>
              <dd>
                {whoWords(event.by, context.users)} <code class="faint">{event.by}</code>
              </dd>
              <dt>When</dt>
              <dd>
                {say(event.at, zone, "full")}
                <br />
                <code class="faint">{event.at}</code>
              </dd>
              <dt>Id</dt>
              <dd>
                <code>{event.id}</code>
              </dd>
              {line.postId !== null && (
                <>
                  <dt>Post</dt>
                  <dd>
                    <a class="link" href={`/posts/${line.postId}`}>The post</a> ·{" "}
                    <a class="link" href={`/posts/${line.postId}/why`}>Why this?</a>
                  </dd>
                </>
              )}
              {promptRefs && line.postId !== null && (
                <>
                  <dt>Model</dt>
                  <dd>
                    <a class="link" href={`/posts/${line.postId}/why#model`}>
                      What it was asked, and what it answered
                    </a>
                  </dd>
                </>
              )}
            </dl>
            <h2>Data</h2>
            <pre class="data" hx-ignore=""><Marked text={JSON.stringify(event.data, null, 2)} /></pre>
          </section>
          <section class="stack">
            <h2>Cause</h2>
            {cause !== null ? <Feed id="cause" events={[cause]} {...feed} /> : (
              <p class="soft">
                {event.cause === null ? "It had none inside digi-persona." : (
                  <>
                    A command: <code>{event.cause}</code>
                  </>
                )}
              </p>
            )}
            <h2>What came of it</h2>
            {effects.length === 0
              ? <p class="soft">Nothing directly.</p>
              : <Feed id="effects" events={effects} {...feed} />}
            {related.length > 0 && (
              <>
                <h2>Set off by the same command</h2>
                <Feed id="related" events={related} {...feed} />
              </>
            )}
            {event.correlation !== null && (
              <p>
                <Chip>
                  correlation <code>{event.correlation}</code>
                </Chip>
              </p>
            )}
          </section>
        </div>
      </>
    ),
  };
}

function refsOf(event: StoredEvent): boolean {
  const writing = event.data.writing;
  return typeof event.data.promptRef === "string" ||
    (writing !== null && typeof writing === "object" && "promptRef" in writing);
}
