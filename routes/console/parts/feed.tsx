/** The activity stream: one line an event, newest first, each leading to the event's page. */
import type { StoredEvent } from "../../../db/log/log.ts";
import { type FeedContext, feedLine } from "../feed_words.ts";
import { Empty } from "./small.tsx";
import { Marked } from "./text.tsx";
import { dayName, Time } from "./time.tsx";

const MAX_QUOTE = 600;

interface FeedItemProps {
  event: StoredEvent;
  context: FeedContext;
  /** In streams of several personas: says whose it is. */
  named: boolean;
  /** It has just come in. */
  fresh?: boolean;
}

/** `id` is the event's position: the same event never stands on a page twice. */
export function FeedItem({ event, context, named, fresh = false }: FeedItemProps) {
  const { mark, tone, kind, title, detail, quote, postId } = feedLine(event, context);
  const persona = context.personas.get(event.stream);
  return (
    <li id={`event-${event.position}`} class={fresh ? "new" : undefined} data-kind={kind}>
      <span class={`mark ${tone}`.trim()} aria-hidden="true">{mark}</span>
      <div class="line">
        {named && persona !== undefined && (
          <>
            <a href={`/personas/${event.stream}`} dir="auto">
              <Marked text={persona.name} />
            </a>:{" "}
          </>
        )}
        <b>{postId === null ? title : <a href={`/posts/${postId}`}>{title}</a>}</b>
        {detail !== "" && (
          <>
            {" "}
            <span>
              <Marked text={detail} />
            </span>
          </>
        )}
        {quote !== null && (
          <q dir="auto" hx-ignore="">
            <Marked text={quote.length > MAX_QUOTE ? `${quote.slice(0, MAX_QUOTE)}…` : quote} />
          </q>
        )}
      </div>
      <a href={`/events/${event.position}`} title={`Event ${event.position}`}>
        <Time at={event.at} zone={persona?.zone ?? "UTC"} style="clock" />
      </a>
    </li>
  );
}

interface FeedProps {
  /** `feed` for all personas, `feed-<id>` for one: what live updates are put into. */
  id: string;
  events: StoredEvent[];
  context: FeedContext;
  named: boolean;
  /** Only events of this kind are let in live. */
  kind?: string;
  zone: string;
  now: number;
}

export function Feed({ id, events, context, named, kind, zone, now }: FeedProps) {
  return (
    <ol class="feed" id={id} reversed data-feed={kind ?? ""}>
      <FeedItems {...{ events, context, named, zone, now }} />
    </ol>
  );
}

/** The lines, with the day between them wherever it changes. */
export function FeedItems({ events, context, named, zone, now }: Omit<FeedProps, "id" | "kind">) {
  let day = dayName(new Date(now).toISOString(), zone, now);
  return (
    <>
      {events.map((event) => {
        const own = dayName(event.at, context.personas.get(event.stream)?.zone ?? zone, now);
        const heading = own === day ? null : own;
        day = own;
        return (
          <>
            {heading !== null && (
              <li class="day">
                <span class="mark" aria-hidden="true">·</span>
                <span>{heading}</span>
              </li>
            )}
            <FeedItem {...{ event, context, named }} />
          </>
        );
      })}
    </>
  );
}

export function EmptyFeed() {
  return (
    <Empty title="Nothing has happened yet">
      <p>
        Everything a persona does appears here the moment it is done: writing, review, publishing, what others
        say.
      </p>
    </Empty>
  );
}
