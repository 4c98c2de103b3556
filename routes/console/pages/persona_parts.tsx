/** The head of a persona's pages and its tabs. */
import type { ActorStatus } from "../../../actors/supervisor/supervisor_port.ts";
import type { NextActivity } from "../../../db/read/console.ts";
import type { PersonaRead, PersonaSummary } from "../../../db/read/personas.ts";
import { limitsOf } from "../../../actors/persona/platforms/limits.ts";
import { type Health, health } from "../health.ts";
import { Chip, Face, Notice, Post } from "../parts/small.tsx";
import { Marked } from "../parts/text.tsx";
import { nextWords } from "../words.ts";
import { NextWords } from "./dashboard_parts.tsx";

export interface HeadProps {
  persona: PersonaRead | PersonaSummary;
  actor: ActorStatus;
  next: NextActivity | null;
  now: number;
  /** Names of people by id. */
  users: ReadonlyMap<string, string>;
}

export function PersonaHead(props: HeadProps) {
  const { persona, actor, next, now, users } = props;
  const { life, zone } = persona;
  const words = health({ life, actor, next, zone, now, users });
  return (
    <div id={`head-${persona.id}`}>
      <Who {...props} words={words} />
      {words.sentence !== null && (
        <Notice tone={words.tone === "bad" || words.tone === "warn" ? words.tone : ""}>
          <Marked text={words.sentence} />
          {words.startAgain && (
            <Post action={`/personas/${persona.id}/start-again`} class="act">
              <button class="btn">Start it again</button>
            </Post>
          )}
        </Notice>
      )}
    </div>
  );
}

function Who({ persona, actor, next, now, words }: HeadProps & { words: Health }) {
  const mark = { "": "●", sleep: "○", warn: "‖", bad: "!" }[words.dot];
  return (
    <div class="who">
      <Face name={persona.name} />
      <div>
        <h1 dir="auto">
          <Marked text={persona.name} />
        </h1>
        <p class="sub" dir="auto">
          <Marked text={persona.purpose} />
        </p>
      </div>
      <div class="chips">
        <Chip tone={words.tone}>{mark} {words.text}</Chip>
        {persona.operatedBy !== "" && (
          <Chip>
            AI · run by <Marked text={persona.operatedBy} />
          </Chip>
        )}
        {persona.kind === "real_person" && (
          <Chip tone="warn" title="It can never have a real account">a real living person</Chip>
        )}
        {persona.life === "active" && actor.state !== "parked" && next !== null && !words.saysNext && (
          <Chip title={nextWords(next.reason)}>
            <NextWords next={next} zone={persona.zone} now={now} />
          </Chip>
        )}
        {persona.connections.map((connection) =>
          connection.health === "lost"
            ? (
              <a href={`/personas/${persona.id}/connections`}>
                <Chip tone="bad">{limitsOf(connection.platform).label} needs attention</Chip>
              </a>
            )
            : (
              <span
                class={limitsOf(connection.platform).real ? "chip ok" : "chip sandbox"}
                title={connection.handle}
              >
                {limitsOf(connection.platform).label}
              </span>
            )
        )}
        {persona.life !== "retired" && (
          <a class="btn go" href={`/personas/${persona.id}/compose`}>
            New post
          </a>
        )}
        {persona.life === "active" && (
          <Post action={`/personas/${persona.id}/pause`}>
            <button class="btn quiet" title="Nothing of this persona goes out while it is paused">
              Pause
            </button>
          </Post>
        )}
        {persona.life !== "retired" && (
          <button
            class="btn quiet stop-opener"
            type="button"
            popovertarget={`stop-form-${persona.id}`}
            title="Holds its posts at once until a person lifts it; it goes on writing and listening"
          >
            Stop posting
          </button>
        )}
        {persona.life === "paused" && (
          <Post action={`/personas/${persona.id}/resume`}>
            <button class="btn">Resume</button>
          </Post>
        )}
      </div>
    </div>
  );
}

export type Tab = "now" | "posts" | "inbox" | "memory" | "connections" | "identity";

const TABS: { tab: Tab; label: string }[] = [
  { tab: "now", label: "Now" },
  { tab: "posts", label: "Posts" },
  { tab: "inbox", label: "Inbox" },
  { tab: "memory", label: "Memory" },
  { tab: "connections", label: "Connections" },
  { tab: "identity", label: "Identity" },
];

export function Tabs({ persona, tab }: { persona: { id: string; name: string }; tab: Tab }) {
  return (
    <nav class="tabs" aria-label={persona.name}>
      {TABS.map((one) => (
        <a
          href={one.tab === "now" ? `/personas/${persona.id}` : `/personas/${persona.id}/${one.tab}`}
          aria-current={one.tab === tab ? "page" : undefined}
        >
          {one.label}
        </a>
      ))}
    </nav>
  );
}

/** The names of all time zones, for fields with `list="zones"`: once a page. */
export function ZoneList() {
  return (
    <datalist id="zones">
      {Intl.supportedValuesOf("timeZone").map((zone) => <option value={zone}></option>)}
    </datalist>
  );
}
