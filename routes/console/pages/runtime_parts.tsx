/** What the Runtime page shows, drawn anew as a whole: numbers over everything, a table of cells and their actors. */
import type { ActorPhase, ActorStatus, CellStatus } from "../../../actors/supervisor/supervisor_port.ts";
import { boundedCrash } from "../../runtime.ts";
import { bytes, span } from "../parts/measure.ts";
import { Chip, count, Dot, Empty, plural } from "../parts/small.tsx";
import { Marked } from "../parts/text.tsx";
import { say, Time } from "../parts/time.tsx";
import { type Group, type RuntimeView, viewAddress } from "../runtime_view.ts";
import { nextWords, whoWords } from "../words.ts";
import type { RuntimeProps } from "./runtime.tsx";

/** Longer than any decision takes. */
const LONG_IN_HAND_MS = 5_000;
/** A cell says something every second (`BEAT_MS`). */
const LONG_SILENT_MS = 3_000;
const MANY_LETTERS = 100;
const SHOWN_HOSTS = 3;
const COLUMNS = 9;

export function RuntimeBody(props: RuntimeProps) {
  const { rows, view, look } = props;
  return (
    <>
      <Numbers {...props} />
      {view.state !== "all" && (
        <p class="row small" id="runtime-filter">
          <Chip tone="acc">
            {count(rows.total)} {STATES[view.state].word}
          </Chip>
          <a class="link" href="/runtime">Show all</a>
        </p>
      )}
      {rows.groups.length === 0
        ? (
          view.state === "all"
            ? (
              <Empty title="Nothing runs">
                A persona wakes up when something is asked of it or due; its cell and its actor then appear
                here.
              </Empty>
            )
            : <Empty title={`Nobody is ${STATES[view.state].word}`}>Who is will appear here by itself.</Empty>
        )
        : (
          <table class="table actors">
            <thead>
              <tr>
                <th scope="col">Actor</th>
                <th scope="col">State</th>
                <th scope="col" class="num">Mailbox</th>
                <th scope="col">In hand</th>
                <th scope="col" class="num">Effects</th>
                <th scope="col" class="num">Heap</th>
                <th scope="col" class="num">Restarts</th>
                <th scope="col">Next activity</th>
                <th scope="col">
                  <span class="sr">What to do</span>
                </th>
              </tr>
            </thead>
            {rows.groups.map((group) => (
              <>
                <GroupHead {...{ group, look, view }} />
                {group.actors.map((actor) => <Actor {...{ actor, props }} />)}
              </>
            ))}
          </table>
        )}
      <Pages view={view} page={rows.page} pages={rows.pages} />
    </>
  );
}

function Numbers({ look, view }: RuntimeProps) {
  const { states, live, maxLive, cells } = look;
  const filter = (state: ActorPhase, words: string, tone: "" | "warn" | "bad") => (
    <a
      class="tile"
      href={viewAddress({ state: view.state === state ? "all" : state, page: 1 })}
      aria-current={view.state === state ? "true" : undefined}
    >
      <b class={states[state] > 0 ? tone : "faint"}>{count(states[state])}</b>
      <span class="soft small">{words}</span>
    </a>
  );
  return (
    <div class="tiles numbers" id="runtime-numbers">
      <div class="tile">
        <b class={live >= maxLive ? "warn" : undefined}>
          {count(live)} <span class="faint small">of {count(maxLive)}</span>
        </b>
        <span class="soft small">live</span>
      </div>
      {filter("waiting", "wait for room", "warn")}
      {filter("restarting", "restarting", "warn")}
      {filter("parked", "parked", "bad")}
      {filter("asleep", "hibernated", "")}
      <div class="tile">
        <b>{count(cells.length)}</b>
        <span class="soft small">
          {cells.length === 1 ? "cell" : "cells"} · {bytes(look.cellsRssBytes)}
        </span>
      </div>
      <div class="tile">
        <b>{bytes(look.mainRssBytes)}</b>
        <span class="soft small">main process</span>
      </div>
      <div class="tile">
        <b>{count(look.position)}</b>
        <span class="soft small">events · epoch {count(look.epoch)}</span>
      </div>
    </div>
  );
}

function GroupHead({ group, look, view }: { group: Group } & Pick<RuntimeProps, "look" | "view">) {
  if (group.kind === "cell") return <CellHead cell={group.cell} now={Date.parse(look.at)} />;
  const [title, sub] = group.kind === "outside"
    ? ["Without a cell", "parked, restarting, or waiting for room"]
    : view.state === "asleep"
    ? ["Hibernated", "until something is asked of them, or due"]
    : ["Hibernated", "with a crash behind them, or letters in the mailbox"];
  return (
    <tbody class="group" id={`group-${group.kind}`}>
      <tr>
        <th colspan={COLUMNS} scope="rowgroup">
          <b>{title}</b> <span class="soft">{sub}</span>
        </th>
      </tr>
    </tbody>
  );
}

function CellHead({ cell, now }: { cell: CellStatus; now: number }) {
  const { number, pid, state, hosts, rssBytes, startedAt, silentMs, personas } = cell;
  const more = hosts.length - SHOWN_HOSTS;
  return (
    <tbody class="group" id={`cell-${number}`}>
      <tr>
        <th colspan={COLUMNS} scope="rowgroup">
          <b>Cell {number}</b>
          {state !== "ready" && <Chip tone="warn">{state}</Chip>}
          <span class="soft">pid {pid}</span>
          <span class="soft">{plural(personas.length, "actor")}</span>
          <span class="soft">{rssBytes === null ? "size not said yet" : `${bytes(rssBytes)} resident`}</span>
          <span class="soft">
            up <Since at={startedAt} now={now} />
          </span>
          {silentMs > LONG_SILENT_MS
            ? <span class="warn">silent for {span(silentMs)}</span>
            : <span class="soft">heard {span(silentMs)} ago</span>}
          <span class="hosts faint" title={hosts.join("\n")}>
            {hosts.length === 0 ? "speaks to nobody" : (
              <>
                speaks to {hosts.slice(0, SHOWN_HOSTS).join(", ")}
                {more > 0 && ` and ${more} more`}
              </>
            )}
          </span>
        </th>
      </tr>
    </tbody>
  );
}

const STATES: Record<
  ActorPhase,
  { word: string; tone: "" | "ok" | "warn" | "bad"; dot: "" | "sleep" | "warn" | "bad" }
> = {
  running: { word: "running", tone: "", dot: "" },
  starting: { word: "starting", tone: "ok", dot: "" },
  restarting: { word: "restarting", tone: "warn", dot: "warn" },
  waiting: { word: "waiting for room", tone: "", dot: "sleep" },
  parked: { word: "parked", tone: "bad", dot: "bad" },
  asleep: { word: "hibernated", tone: "", dot: "sleep" },
};

/** Cells without anything to say are empty, so that a phone leaves them out; there are always the same number of them. */
function Actor({ actor, props }: { actor: ActorStatus; props: RuntimeProps }) {
  const { personas, now } = props;
  const { personaId, state, mailboxDepth, effects, restarts } = actor;
  const name = personas.get(personaId)?.name ?? "a deleted persona";
  const { word, tone, dot } = STATES[state];
  return (
    <tbody id={`actor-${personaId}`} class="actor" data-state={state}>
      <tr>
        <td class="name">
          <a href={`/personas/${personaId}`} dir="auto" data-focus="">
            <Marked text={name} />
          </a>
        </td>
        <td class="state">
          <span class="row">
            <Dot tone={dot} title="" />
            <span class={tone}>{word}</span>
            {actor.alone && (
              <Chip
                tone="warn"
                title="Suspected of having brought a cell down: it runs in a cell of its own until it has been healthy for a while"
              >
                alone
              </Chip>
            )}
          </span>
        </td>
        <td class="num" data-label="mailbox">
          {mailboxDepth > 0 && (
            <span class={mailboxDepth >= MANY_LETTERS ? "warn" : undefined}>{count(mailboxDepth)}</span>
          )}
        </td>
        <td class="hand" data-label="in hand">
          <InHand actor={actor} now={now} />
        </td>
        <td class="num" data-label="effects">{effects > 0 && count(effects)}</td>
        <td class="num" data-label="heap">
          <Heap actor={actor} />
        </td>
        <td class="num" data-label="restarts">{restarts > 0 && count(restarts)}</td>
        <td class="next">
          <Next actor={actor} props={props} />
        </td>
        <td class="do">
          <Buttons actor={actor} name={name} />
        </td>
      </tr>
      {(actor.lastCrash !== null || actor.parked !== null) && (
        <tr class="more">
          <td colspan={COLUMNS}>
            <Parked actor={actor} props={props} />
            <LastCrash actor={actor} props={props} />
          </td>
        </tr>
      )}
    </tbody>
  );
}

function InHand({ actor: { inHand }, now }: { actor: ActorStatus; now: number }) {
  if (inHand === null) return null;
  const ms = now - Date.parse(inHand.since);
  return (
    <>
      <code>{inHand.type}</code> <span class={ms > LONG_IN_HAND_MS ? "warn" : "soft"}>{span(ms)}</span>
    </>
  );
}

function Heap({ actor: { heapBytes, externalBytes } }: { actor: ActorStatus }) {
  if (heapBytes === null) return null;
  const outside = externalBytes === null ? "" : `, and ${bytes(externalBytes)} in buffers outside it`;
  return (
    <span title={`${bytes(heapBytes)} of heap in use${outside}`}>
      {bytes(heapBytes + (externalBytes ?? 0))}
    </span>
  );
}

function Next({ actor, props: { next, now, personas } }: { actor: ActorStatus; props: RuntimeProps }) {
  const { personaId, nextAt, state } = actor;
  const zone = personas.get(personaId)?.zone ?? "UTC";
  if (state === "parked") return null;
  if (state === "restarting") {
    return nextAt === null ? null : (
      <>
        starts <In at={nextAt} {...{ zone, now }} />
      </>
    );
  }
  const due = next.get(personaId);
  const at = due?.at ?? nextAt;
  if (at === null) return null;
  const isDue = Date.parse(at) <= now;
  return (
    <>
      {due === undefined ? "wakes" : nextWords(due.reason, isDue)} <In at={at} {...{ zone, now }} />
    </>
  );
}

function In({ at, zone, now }: { at: string; zone: string; now: number }) {
  const ms = Date.parse(at) - now;
  return (
    <time class="soft" datetime={at} title={say(at, zone, "full")}>{ms <= 0 ? "now" : `in ${span(ms)}`}</time>
  );
}

function Since({ at, now }: { at: string; now: number }) {
  return <time datetime={at} title={say(at, "UTC", "full")}>{span(now - Date.parse(at))}</time>;
}

/** Always three, in their places: what has the focus does not vanish under it. */
function Buttons({ actor: { personaId, state }, name }: { actor: ActorStatus; name: string }) {
  const up = state === "running" || state === "starting";
  const wakes = state === "asleep" || state === "waiting";
  const parked = state === "parked";
  return (
    <form method="post" action={`/personas/${personaId}/runtime`} id={`do-${personaId}`}>
      <button name="what" value="restart" class="btn quiet" disabled={!up} aria-label={`Restart ${name}`}>
        Restart
      </button>
      {up
        ? (
          <button name="what" value="hibernate" class="btn quiet" aria-label={`Hibernate ${name}`}>
            Hibernate
          </button>
        )
        : (
          <button name="what" value="wake" class="btn quiet" disabled={!wakes} aria-label={`Wake ${name}`}>
            Wake
          </button>
        )}
      {parked
        ? <button name="what" value="unpark" class="btn" aria-label={`Unpark ${name}`}>Unpark</button>
        : (
          <button
            type="button"
            class="btn quiet"
            data-park={personaId}
            data-name={name}
            aria-label={`Park ${name}`}
          >
            Park…
          </button>
        )}
    </form>
  );
}

function Parked(
  { actor: { parked, personaId }, props: { users, personas, now } }: {
    actor: ActorStatus;
    props: RuntimeProps;
  },
) {
  if (parked === null) return null;
  const zone = personas.get(personaId)?.zone ?? "UTC";
  return (
    <p class="small bad">
      {parked.by === "system" ? "Parked after repeated crashes" : (
        <>
          Parked by <Marked text={whoWords(parked.by, users)} />
        </>
      )}, <Time at={parked.at} {...{ zone, now }} />
      {parked.reason !== "" && (
        <>
          : <Marked text={parked.reason} />
        </>
      )}
    </p>
  );
}

/** The stack may quote what people outside wrote: text, bounded, never more. */
function LastCrash(
  { actor: { lastCrash, personaId }, props: { personas, now } }: { actor: ActorStatus; props: RuntimeProps },
) {
  if (lastCrash === null) return null;
  const { at, reason, stack, charged } = boundedCrash(lastCrash);
  const zone = personas.get(personaId)?.zone ?? "UTC";
  return (
    <details class="fold" id={`crash-${personaId}`}>
      <summary>
        <span class="nowrap">
          {charged ? "Crashed" : "Ended with its cell"} <Since at={at} now={now} /> ago
        </span>
        <span class="soft truncate">
          {" "}
          · <Marked text={reason === "" ? "no reason was said" : reason} />
        </span>
      </summary>
      <p class="small">
        <Time at={at} {...{ zone, now }} style="full" /> ·{" "}
        {charged ? "charged to this persona" : "not charged to this persona"}
      </p>
      <p class="small">
        <Marked text={reason} />
      </p>
      {stack === ""
        ? <p class="small soft">Nobody knows where it was thrown.</p>
        : (
          <pre class="data" hx-ignore="" tabindex={0} aria-label="Stack">
          <Marked text={stack} />
          </pre>
        )}
    </details>
  );
}

function Pages({ view, page, pages }: { view: RuntimeView; page: number; pages: number }) {
  if (pages === 1) return null;
  const to = (other: number) => viewAddress({ ...view, page: other });
  return (
    <nav class="pager" aria-label="Pages">
      {page > 1 && <a class="btn" href={to(page - 1)} rel="prev">← Before</a>}
      {page < pages && <a class="btn" href={to(page + 1)} rel="next">After →</a>}
      <span>page {page} of {pages}</span>
    </nav>
  );
}
