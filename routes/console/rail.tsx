/** The rail beside every page: where one can go, who is there, what waits. */
import type { ActorStatus } from "../../actors/supervisor/supervisor_port.ts";
import type { Rail } from "../../db/read/console.ts";
import { MAX_COUNTED } from "../../db/read/inbox.ts";
import { count, Dot, Post } from "./parts/small.tsx";
import { Marked } from "./parts/text.tsx";
import { doing } from "./words.ts";

export type Place =
  | "dashboard"
  | "activity"
  | "review"
  | "uncertain"
  | "inbox"
  | "sandbox"
  | "runtime"
  | "settings"
  | "new"
  | "find"
  | "persona"
  | "none";

interface RailProps {
  rail: Rail;
  place: Place;
  current: string | null;
  statusOf(personaId: string): ActorStatus;
  user: string;
}

export function RailNav({ rail, place, current, statusOf, user }: RailProps) {
  const here = (one: Place) => place === one ? "page" : undefined;
  return (
    <nav class="rail" aria-label="Main">
      <a class="brand" href="/">
        <i></i>digi-persona
      </a>
      <a href="/" aria-current={here("dashboard")}>
        <span class="ico" aria-hidden="true">◫</span>
        <span>Overview</span>
      </a>
      <a href="/activity" aria-current={here("activity")}>
        <span class="ico" aria-hidden="true">≋</span>
        <span>Activity</span>
      </a>
      <a href="/review" aria-current={here("review")}>
        <span class="ico" aria-hidden="true">✓</span>
        <span>Review</span>
        <RailWaiting waiting={rail.waiting} />
      </a>
      <a class="doubts" href="/uncertain" aria-current={here("uncertain")}>
        <span class="ico" aria-hidden="true">?</span>
        <span>In doubt</span>
        <RailDoubts doubts={rail.doubts} />
      </a>
      <a href="/inbox" aria-current={here("inbox")}>
        <span class="ico" aria-hidden="true">@</span>
        <span>Inbox</span>
        <RailUnanswered unanswered={rail.unanswered} />
      </a>
      <a href="/sandbox" aria-current={here("sandbox")}>
        <span class="ico" aria-hidden="true">▤</span>
        <span>Sandbox</span>
      </a>
      <a href="/runtime" aria-current={here("runtime")}>
        <span class="ico" aria-hidden="true">⌁</span>
        <span>Runtime</span>
      </a>
      <a href="/settings" aria-current={here("settings")}>
        <span class="ico" aria-hidden="true">⚙</span>
        <span>Settings</span>
      </a>
      <h2>Personas</h2>
      <RailPersonas rail={rail} current={current} statusOf={statusOf} />
      {rail.total > rail.personas.length && <a class="persona" href="/">All {count(rail.total)} personas</a>}
      <a class="persona" href="/new" aria-current={here("new")}>+ New persona</a>
      <footer>
        <span class="truncate">{user}</span>
        <Post action="/logout">
          <button>Log out</button>
        </Post>
      </footer>
    </nav>
  );
}

/** The number that stands at Review; replaced live. */
export function RailWaiting({ waiting }: { waiting: number }) {
  return (
    <span class={waiting > 0 ? "n hot" : "n"} id="rail-waiting">
      {waiting > 0 && (
        <>
          {count(waiting)}
          <span class="sr">waiting for a person</span>
        </>
      )}
    </span>
  );
}

/** How many posts may have gone out; replaced live. With none the style sheet leaves the way there out. */
export function RailDoubts({ doubts }: { doubts: number }) {
  return (
    <span class="n bad" id="rail-doubts">
      {doubts > 0 && (
        <>
          {count(doubts)}
          <span class="sr">posts that may have gone out</span>
        </>
      )}
    </span>
  );
}

/** The number that stands at Inbox; replaced live. */
export function RailUnanswered({ unanswered }: { unanswered: number }) {
  return (
    <span class={unanswered > 0 ? "n hot" : "n"} id="rail-unanswered">
      {unanswered > 0 && (
        <>
          {unanswered > MAX_COUNTED ? `${count(MAX_COUNTED)}+` : count(unanswered)}
          <span class="sr">not answered</span>
        </>
      )}
    </span>
  );
}

function RailPersonas({ rail, current, statusOf }: Pick<RailProps, "rail" | "current" | "statusOf">) {
  return (
    <div id="rail-personas" class="stack-0">
      {rail.personas.map((one) => {
        const state = doing(one.life, statusOf(one.id));
        return (
          <a
            class="persona"
            href={`/personas/${one.id}`}
            aria-current={one.id === current ? "page" : undefined}
          >
            <RailDot personaId={one.id} tone={state.dot} title={state.text} />
            <span class="truncate" dir="auto">
              <Marked text={one.name} />
            </span>
            <RailCount personaId={one.id} waiting={one.waiting} />
          </a>
        );
      })}
    </div>
  );
}

export function RailDot({ personaId, tone, title }: {
  personaId: string;
  tone: "" | "sleep" | "warn" | "bad";
  title: string;
}) {
  return (
    <span id={`rail-dot-${personaId}`}>
      <Dot tone={tone} title={title} />
    </span>
  );
}

export function RailCount({ personaId, waiting }: { personaId: string; waiting: number }) {
  return (
    <span class={waiting > 0 ? "n hot" : "n"} id={`rail-count-${personaId}`}>
      {waiting > 0 ? count(waiting) : ""}
    </span>
  );
}
