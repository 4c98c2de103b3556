/** `/personas/:id`: what it does, what waits for you, and the line to tell it something; and the lists behind the tabs. */
import type { Context, Hono } from "hono";
import type { Child } from "hono/jsx";
import { userNames } from "../../../db/read/console.ts";
import { listEvents } from "../../../db/read/events.ts";
import { listMemories } from "../../../db/read/memories.ts";
import { getPersona, type PersonaRead } from "../../../db/read/personas.ts";
import { listPosts } from "../../../db/read/posts.ts";
import type { Sql } from "../../../db/sql.ts";
import { route } from "../../route.ts";
import { CommandBar } from "../command_bar.tsx";
import { type Console, page, type PageOf } from "../context.tsx";
import { EmptyFeed, Feed } from "../parts/feed.tsx";
import { Heard } from "../parts/heard.tsx";
import { ReviewList } from "../parts/lists.tsx";
import { Chip, Empty, Notice, Pager, PlatformChip } from "../parts/small.tsx";
import { StatusChip } from "../parts/status_chip.tsx";
import { PersonaStopForm, PersonaStopped } from "../parts/stops.tsx";
import { Foreign, Marked } from "../parts/text.tsx";
import { Time, zoneName } from "../parts/time.tsx";
import { FEED_PAGE, feedContext, headOf, review } from "../reading.ts";
import { readInbox } from "./inbox.tsx";
import { missing } from "./missing.tsx";
import { PersonaHead, type Tab, Tabs, ZoneList } from "./persona_parts.tsx";

export function addPersonaPages(app: Hono, con: Console): void {
  const tab = (path: string, draw: (c: Context) => Promise<Response>) =>
    route(app, "GET", `/personas/:personaId${path}`, "persona.read", draw);
  tab("", (c) => personaPage(c, con, "now", (sql, persona) => nowTab(c, con, sql, persona)));
  tab("/posts", (c) => personaPage(c, con, "posts", (sql, persona) => postsTab(c, con, sql, persona)));
  tab("/inbox", (c) => personaPage(c, con, "inbox", (sql, persona) => inboxTab(c, con, sql, persona)));
  tab("/memory", (c) => personaPage(c, con, "memory", (sql, persona) => memoryTab(c, con, sql, persona)));
}

export interface TabBody {
  body: Child;
  topics?: string[];
}

/** A page of one persona within its head and tabs. */
export async function personaPage(
  c: Context,
  con: Console,
  tab: Tab,
  draw: (sql: Sql, persona: PersonaRead) => Promise<TabBody>,
  status: 200 | 422 | 429 | 409 | 503 = 200,
): Promise<Response> {
  const id = c.req.param("personaId") ?? "";
  return await page(c, con, async (sql): Promise<PageOf | Response> => {
    const persona = await getPersona(sql, id);
    if (persona === null) return await missing(c, con, "persona");
    const { body, topics = [] } = await draw(sql, persona);
    const stops = con.program.supervisor.stops();
    const users = stops.length === 0 ? new Map<string, string>() : await userNames(sql);
    return {
      title: persona.name,
      place: "persona",
      personaId: id,
      topics: [`persona:${id}`, ...topics],
      command: <CommandBar persona={persona} />,
      body: (
        <>
          <PersonaHead {...await headOf(sql, con.program.supervisor, persona, con.now())} />
          <PersonaStopped {...{ persona, stops, users, now: con.now() }} />
          <PersonaStopForm persona={persona} />
          <Tabs persona={persona} tab={tab} />
          {body}
          <ZoneList />
        </>
      ),
    };
  }, status);
}

async function nowTab(c: Context, con: Console, sql: Sql, persona: PersonaRead): Promise<TabBody> {
  const { id, zone } = persona;
  const before = c.req.query("before") ?? null;
  const events = await listEvents(sql, { stream: id, before, limit: FEED_PAGE });
  const waiting = await review(sql, { persona: id, now: con.now(), stops: con.program.supervisor.stops() });
  const context = await feedContext(sql, events.items);
  return {
    topics: [`review:${id}`, ...(before === null ? [`feed:${id}`] : [])],
    body: (
      <>
        {persona.connections.length === 0 && persona.life !== "retired" && (
          <Notice>
            It has no account yet, so it cannot post.{" "}
            <a class="link" href={`/personas/${id}/connections`}>Connect the sandbox or Bluesky</a>.
          </Notice>
        )}
        <div class="cols">
          <section aria-label="Activity">
            <div class="head">
              <h2>Activity</h2>
              <span>everything, newest first · {zoneName(zone)} time</span>
              <a href={`/activity?persona=${id}`}>Filter</a>
            </div>
            {events.items.length === 0 && <EmptyFeed />}
            <Feed
              id={before === null ? `feed-${id}` : "feed-older"}
              events={events.items}
              {...{ context, zone }}
              named={false}
              now={con.now()}
            />
            <Pager
              newer={before === null ? null : `/personas/${id}`}
              older={events.next === null ? null : `/personas/${id}?before=${events.next}`}
            />
          </section>
          <section aria-label="Waiting for you" id={`review-${id}`}>
            <ReviewList {...waiting} />
          </section>
        </div>
      </>
    ),
  };
}

async function postsTab(c: Context, con: Console, sql: Sql, { id, zone }: PersonaRead): Promise<TabBody> {
  const after = c.req.query("after") ?? null;
  const { items, next } = await listPosts(sql, { persona: id, newestFirst: true, after });
  const rows = items.map((post) => {
    const failed = post.status === "draft" && post.writing === "failed";
    return (
      <a class="stack" href={`/posts/${post.id}`} data-focus="">
        <span class="row small soft">
          <PlatformChip platform={post.platform} />
          {failed
            ? <Chip tone="bad">nothing was written</Chip>
            : <StatusChip {...{ post, zone }} now={con.now()} />}
          <span class="end">
            <Time at={post.publishedAt ?? post.createdAt} zone={zone} now={con.now()} />
          </span>
        </span>
        <span dir="auto">
          {post.text === ""
            ? (
              <span class="soft">
                Asked for: <Marked text={post.brief} />
              </span>
            )
            : <Marked text={post.text} />}
        </span>
      </a>
    );
  });
  return {
    body: (
      <section class="narrow">
        {items.length === 0
          ? (
            <Empty title="No posts yet">
              Drafts, published posts and everything between appear here. Write one in the bar below.
            </Empty>
          )
          : <div class="lines">{rows}</div>}
        <Pager
          newer={after === null ? null : `/personas/${id}/posts`}
          older={next === null ? null : `/personas/${id}/posts?after=${next}`}
        />
      </section>
    ),
  };
}

async function inboxTab(c: Context, con: Console, sql: Sql, { id }: PersonaRead): Promise<TabBody> {
  const after = c.req.query("after") ?? null;
  const { next, ...shown } = await readInbox(sql, { persona: id, after, now: con.now() });
  return {
    topics: after === null ? [`inbox:${id}`] : [],
    body: (
      <section class="narrow">
        <p class="small soft">
          <a class="link" href={`/inbox?persona=${id}&what=signs`}>Likes, reposts and followers</a>
        </p>
        <div id={after === null ? `inbox-${id}` : "inbox-older"}>
          <Heard {...shown} />
        </div>
        <Pager
          newer={after === null ? null : `/personas/${id}/inbox`}
          older={next === null ? null : `/personas/${id}/inbox?after=${next}`}
        />
      </section>
    ),
  };
}

async function memoryTab(
  c: Context,
  con: Console,
  sql: Sql,
  { id, zone, identity }: PersonaRead,
): Promise<TabBody> {
  const after = c.req.query("after") ?? null;
  const { items, next } = await listMemories(sql, id, { after });
  return {
    body: (
      <div class="cols">
        <section>
          <div class="head">
            <h2>What it remembers having said</h2>
          </div>
          {items.length === 0
            ? (
              <Empty title="It has said nothing yet">
                What goes out is remembered here, so that it does not repeat itself.
              </Empty>
            )
            : (
              <div class="lines">
                {items.map((memory) => (
                  <p>
                    <span class="small soft">
                      <Time at={memory.at} zone={zone} now={con.now()} />{" "}
                      {memory.postId !== null && <a class="link" href={`/posts/${memory.postId}`}>post</a>}
                    </span>
                    <br />
                    <span dir="auto">
                      <Marked text={memory.text} />
                    </span>
                  </p>
                ))}
              </div>
            )}
          <Pager
            newer={after === null ? null : `/personas/${id}/memory`}
            older={next === null ? null : `/personas/${id}/memory?after=${next}`}
          />
        </section>
        <section>
          <div class="head">
            <h2>What it knows</h2>
            <a href={`/personas/${id}/identity`}>Change</a>
          </div>
          {identity.knowledge.length === 0
            ? <Empty title="No knowledge yet">Facts that it may draw on stand in its identity.</Empty>
            : identity.knowledge.map((one) => (
              <details class="fold">
                <summary dir="auto">
                  <Marked text={one.key} />
                </summary>
                <Foreign text={one.text} />
              </details>
            ))}
        </section>
      </div>
    ),
  };
}
