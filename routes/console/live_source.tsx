/** What live updates show: each committed batch drawn once for everybody, and the state that a (re)connecting page starts from. */
import type { StoredEvent } from "../../db/log/log.ts";
import { headPosition, nextActivities, railPersonas } from "../../db/read/console.ts";
import { dashboardCounts } from "../../db/read/dashboard.ts";
import { listEvents } from "../../db/read/events.ts";
import { getPersona } from "../../db/read/personas.ts";
import type { Sql } from "../../db/sql.ts";
import type { LiveFragment, LiveSource } from "../live/source.ts";
import type { Program } from "../program.ts";
import { partial } from "./answers.tsx";
import { attentionOf, PersonaTableRow, Tiles } from "./pages/dashboard_parts.tsx";
import { PersonaHead } from "./pages/persona_parts.tsx";
import { readInbox } from "./pages/inbox.tsx";
import { readRuntime } from "./pages/runtime.tsx";
import { RuntimeBody } from "./pages/runtime_parts.tsx";
import { PostPage, readPostPage } from "./pages/post_parts.tsx";
import { readDoubts } from "./pages/uncertain.tsx";
import { KINDS } from "./feed_words.ts";
import { DeadLetterCards } from "./parts/dead_letters.tsx";
import { Doubts } from "./parts/doubt.tsx";
import { FeedItem, FeedItems } from "./parts/feed.tsx";
import { Heard } from "./parts/heard.tsx";
import { ReviewList } from "./parts/lists.tsx";
import { RailCount, RailDot, RailDoubts, RailUnanswered, RailWaiting } from "./rail.tsx";
import { deadLetters, FEED_PAGE, feedContext, headOf, review } from "./reading.ts";
import { viewOf } from "./runtime_view.ts";
import { personaStoppedPart, postingParts, stopsPart, stopTopics } from "./stop_parts.tsx";
import { doing } from "./words.ts";

export type { LiveFragment, LiveSource };

/** They change the list of commands that failed twice. */
const LETTER_EVENTS: ReadonlySet<string> = new Set(KINDS.failures);
/** Lines that a reconnecting page is sent one by one; past it the stream is drawn anew. */
const MAX_TAIL = 200;
/** Personas whose lines in the overview are drawn for one batch; past it those in the rail are. */
const MAX_ROWS = 50;

/** As the hub knows it; `wanted`: the topics that somebody looks at, so that nothing else is drawn. @default all */
interface ConsoleSource extends LiveSource {
  render(events: StoredEvent[], wanted?: ReadonlySet<string>): Promise<LiveFragment[]>;
}

/**
 * Topics: `feed`, `feed:<personaId>`, `review`, `review:<personaId>`, `uncertain`, `inbox`, `inbox:<personaId>`, `persona:<personaId>`, `dashboard`, `post:<postId>`, `posting`,
 * `stops`,
 * `runtime:<state>-<page>`; an unknown one adds nothing.
 */
export function createLiveSource(program: Program, now: () => number = Date.now): ConsoleSource {
  const { sql } = program;
  const context = (): Drawing => ({ program, now: now() });

  const snapshot = <T,>(read: (sql: Sql) => Promise<T>): Promise<T> =>
    sql.transaction(async (inside) => {
      await inside.query("set transaction isolation level repeatable read, read only");
      return await read(inside);
    });

  return {
    state: (topics, after) =>
      snapshot(async (inside) => {
        const position = await headPosition(inside);
        const drawn: string[] = [];
        for (const topic of new Set(topics)) {
          drawn.push(await stateOf(inside, topic, after, position, context()));
        }
        return { position, html: drawn.filter((html) => html !== "").join("\n") };
      }),

    render: (events, wanted) =>
      snapshot(async (inside) => {
        const drawing = context();
        const wants = (topic: string) => wanted === undefined || wanted.has(topic);
        const fragments = await feedFragments(inside, events, wants);
        const streams = [...new Set(events.map((event) => event.stream))];
        const postIds = new Set(
          events.map((event) => event.data.postId).filter((id) => typeof id === "string"),
        );
        const draw = async (topic: string) => {
          if (!wants(topic)) return;
          fragments.push({ topic, html: await stateOf(inside, topic, 0, 0, drawing) });
        };
        const topics = stopTopics(events);
        const failed = events.some((event) => LETTER_EVENTS.has(event.type));
        if (failed) topics.add("letters");
        if (failed || postIds.size > 0) {
          topics.add("review");
          for (const stream of streams) topics.add(`review:${stream}`);
        }
        if (postIds.size > 0) topics.add("uncertain");
        if (events.some(isOfInbox)) {
          topics.add("inbox");
          for (const stream of streams) topics.add(`inbox:${stream}`);
        }
        for (const stream of streams) topics.add(`persona:${stream}`);
        for (const postId of postIds) topics.add(`post:${postId}`);
        for (const topic of topics) await draw(topic);
        if (wants("dashboard")) {
          const rows = streams.length > MAX_ROWS ? null : streams;
          fragments.push({ topic: "dashboard", html: await dashboard(inside, rows, drawing) });
        }
        return fragments.filter((fragment) => fragment.html !== "");
      }),

    progress: ({ personaId, postId, text }) => {
      const html = partial(`#writing-${cssId(postId)}`, "textContent", <p>{text}</p>);
      return ["review", `review:${personaId}`, `post:${postId}`].map((topic) => ({ topic, html }));
    },

    paced: (topics) =>
      snapshot(async (inside) => {
        const fragments: LiveFragment[] = [];
        for (const topic of topics) {
          fragments.push({ topic, html: await stateOf(inside, topic, 0, 0, context()) });
        }
        return fragments;
      }),

    async status(personaId, wanted) {
      const own = `persona:${personaId}`;
      if (!wanted.has(own) && !wanted.has("dashboard")) return [];
      return await snapshot(async (inside) => {
        const drawing = context();
        const fragments: LiveFragment[] = [];
        if (wanted.has(own)) {
          fragments.push({ topic: own, html: await stateOf(inside, own, 0, 0, drawing) });
        }
        if (wanted.has("dashboard")) {
          fragments.push({ topic: "dashboard", html: await dashboard(inside, [personaId], drawing) });
        }
        return fragments.filter((fragment) => fragment.html !== "");
      });
    },
  };
}

interface Drawing {
  now: number;
  program: Program;
}

async function stateOf(
  sql: Sql,
  topic: string,
  after: number,
  position: number,
  drawing: Drawing,
): Promise<string> {
  const [name = "", id] = topic.split(/:(.*)/s);
  const { now, program } = drawing;
  const seen = { stops: program.supervisor.stops(), now };
  switch (name) {
    case "feed":
      return position === 0 ? "" : await feedState(sql, id, after, now);
    case "review": {
      const props = await review(sql, { persona: id, now, stops: seen.stops });
      return partial(
        id === undefined ? "#review" : `#review-${cssId(id)}`,
        "innerMorph",
        <ReviewList {...props} />,
      );
    }
    case "uncertain": {
      const { next: _next, ...shown } = await readDoubts(sql, seen);
      return partial("#uncertain", "innerMorph", <Doubts {...shown} />);
    }
    case "inbox": {
      const { next: _next, ...shown } = await readInbox(sql, { persona: id, now });
      return partial(id === undefined ? "#inbox" : `#inbox-${cssId(id)}`, "innerMorph", <Heard {...shown} />);
    }
    case "letters": {
      const { next: _next, ...shown } = await deadLetters(sql, { now });
      return partial("#letters", "innerMorph", <DeadLetterCards {...shown} />);
    }
    case "persona": {
      if (id === undefined) return "";
      const persona = await getPersona(sql, id);
      if (persona === null) return "";
      const head = await headOf(sql, program.supervisor, persona, now);
      return partial(`#head-${cssId(id)}`, "outerMorph", <PersonaHead {...head} />) +
        await personaStoppedPart(sql, id, seen);
    }
    case "post": {
      const props = id === undefined ? null : await readPostPage(sql, id, seen);
      return props === null
        ? ""
        : partial(`#post-page-${cssId(props.post.id)}`, "innerMorph", <PostPage {...props} />);
    }
    case "dashboard":
      return await dashboard(sql, null, drawing);
    case "runtime": {
      const view = viewOf(...(id ?? "").split("-") as [string?, string?]);
      const body = <RuntimeBody {...await readRuntime(sql, program, view, now)} />;
      return partial("#runtime", "innerMorph", body);
    }
    case "posting":
      return await postingParts(sql, seen);
    case "stops":
      return await stopsPart(sql, seen);
    default:
      return "";
  }
}

/** What came after `after`, line by line; drawn anew when it is more than `MAX_TAIL`. */
async function feedState(sql: Sql, persona: string | undefined, after: number, now: number): Promise<string> {
  const target = persona === undefined ? "#feed" : `#feed-${cssId(persona)}`;
  const named = persona === undefined;
  const missed = await listEvents(sql, { stream: persona, after, limit: MAX_TAIL });
  if (missed.next === null) {
    if (missed.items.length === 0) return "";
    const context = await feedContext(sql, missed.items);
    return partial(
      target,
      "afterbegin",
      newestFirst(missed.items).map((event) => <FeedItem {...{ event, context, named }} fresh />),
    );
  }
  const latest = await listEvents(sql, { stream: persona, limit: FEED_PAGE });
  const context = await feedContext(sql, latest.items);
  return partial(
    target,
    "innerMorph",
    <FeedItems events={latest.items} {...{ context, named, now }} zone="UTC" />,
  );
}

async function feedFragments(
  sql: Sql,
  events: StoredEvent[],
  wants: (topic: string) => boolean,
): Promise<LiveFragment[]> {
  const shown = events.filter((event) => wants("feed") || wants(`feed:${event.stream}`));
  if (shown.length === 0) return [];
  const context = await feedContext(sql, shown);
  const lines = (some: StoredEvent[], named: boolean) =>
    newestFirst(some).map((event) => <FeedItem {...{ event, context, named }} fresh />);
  const fragments: LiveFragment[] = [];
  if (wants("feed")) {
    fragments.push({ topic: "feed", html: partial("#feed", "afterbegin", lines(shown, true)) });
  }
  for (const [stream, own] of Map.groupBy(shown, (event) => event.stream)) {
    if (!wants(`feed:${stream}`)) continue;
    fragments.push({
      topic: `feed:${stream}`,
      html: partial(`#feed-${cssId(stream)}`, "afterbegin", lines(own, false)),
    });
  }
  return fragments;
}

/** The numbers over everything and the rail; of `streams` also their lines in the table. Null: all that stand in the rail. */
async function dashboard(sql: Sql, streams: string[] | null, { program, now }: Drawing): Promise<string> {
  const rail = await railPersonas(sql, null);
  const drawn = [
    partial("#tiles", "innerMorph", <Tiles counts={await dashboardCounts(sql)} />),
    partial("#rail-waiting", "outerMorph", <RailWaiting waiting={rail.waiting} />),
    partial("#rail-doubts", "outerMorph", <RailDoubts doubts={rail.doubts} />),
    partial("#rail-unanswered", "outerMorph", <RailUnanswered unanswered={rail.unanswered} />),
  ];
  const ids = streams ?? rail.personas.map((persona) => persona.id);
  const next = await nextActivities(sql, ids);
  for (const id of ids) {
    const persona = await getPersona(sql, id);
    if (persona === null) continue;
    const actor = program.supervisor.status(id);
    const words = doing(persona.life, actor);
    const row = <PersonaTableRow {...{ persona, actor, now }} next={next.get(id) ?? null} />;
    drawn.push(
      partial(
        `#rail-dot-${cssId(id)}`,
        "outerMorph",
        <RailDot personaId={id} tone={words.dot} title={words.text} />,
      ),
      partial(
        `#rail-count-${cssId(id)}`,
        "outerMorph",
        <RailCount personaId={id} waiting={attentionOf(persona)} />,
      ),
      partial(`#row-${cssId(id)}`, "outerMorph", row),
    );
  }
  return drawn.join("\n");
}

/** Something was said, or a post that answers something changed. */
function isOfInbox({ type, data }: StoredEvent): boolean {
  return type === "InteractionReceived" || typeof data.postId === "string";
}

const newestFirst = (events: StoredEvent[]) => [...events].sort((a, b) => b.position - a.position);

/** Ids are UUIDs; anything else must not break out of a selector. */
function cssId(id: string): string {
  return id.replace(/[^A-Za-z0-9_-]/g, "");
}
