/** The overview: numbers over everything, and one line a persona. Also drawn for live updates. */
import type { NextActivity } from "../../../db/read/console.ts";
import type { DashboardCounts } from "../../../db/read/dashboard.ts";
import type { PersonaSummary, PostCounts } from "../../../db/read/personas.ts";
import { limitsOf } from "../../../actors/persona/platforms/limits.ts";
import { Chip, count, Dot, Face, plural } from "../parts/small.tsx";
import { Marked } from "../parts/text.tsx";
import { Time, zoneName } from "../parts/time.tsx";
import { type ActorBrief, doing, nextWords } from "../words.ts";

/** Posts that only a person can bring on. */
function postsForPerson({ posts }: { posts: PostCounts }): number {
  return posts.waiting + posts.expired + posts.uncertain + posts.notWritten;
}

/** Everything that only a person can bring on. */
export function attentionOf(persona: { posts: PostCounts; deadLetters: number }): number {
  return postsForPerson(persona) + persona.deadLetters;
}

export function Tiles({ counts }: { counts: DashboardCounts }) {
  const { personas, posts, connections } = counts;
  const toReview = posts.failed + posts.notWritten + connections.lost + counts.deadLetters;
  const trouble = toReview + counts.crashed;
  return (
    <>
      <a class="tile" href="/review">
        <b>{count(posts.waiting + posts.expired)}</b>
        <span class="soft small">wait for review</span>
      </a>
      <a class="tile" href="/review">
        <b>{count(posts.writing)}</b>
        <span class="soft small">being written</span>
      </a>
      <a class="tile" href="/review">
        <b>{count(posts.scheduled)}</b>
        <span class="soft small">have their time</span>
      </a>
      <a class="tile" href="/activity?kind=publishing">
        <b>{count(posts.published)}</b>
        <span class="soft small">published</span>
      </a>
      <a class="tile" href="/inbox">
        <b>{count(counts.interactions)}</b>
        <span class="soft small">reactions</span>
      </a>
      {posts.uncertain > 0 && (
        <a class="tile" href="/uncertain">
          <b class="bad">{count(posts.uncertain)}</b>
          <span class="soft small">may have gone out</span>
        </a>
      )}
      <a class="tile" href={toReview === 0 && trouble > 0 ? "/runtime?state=parked" : "/review"}>
        <b class={trouble > 0 ? "bad" : undefined}>{count(trouble)}</b>
        <span class="soft small">{trouble > 0 ? troubleWords(counts) : "in trouble"}</span>
      </a>
      <div class="tile">
        <b>{count(personas.active)}</b>
        <span class="soft small">
          active{personas.paused > 0 && `, ${count(personas.paused)} paused`}
          {personas.retired > 0 && `, ${count(personas.retired)} retired`}
        </span>
      </div>
    </>
  );
}

function troubleWords({ posts, connections, deadLetters, crashed }: DashboardCounts): string {
  const words: string[] = [];
  if (crashed > 0) words.push(`${plural(crashed, "persona")} stopped after crashes`);
  if (deadLetters > 0) words.push(`${plural(deadLetters, "command")} failed twice`);
  if (posts.notWritten > 0) words.push(`${posts.notWritten} not written`);
  if (posts.failed > 0) words.push(`${posts.failed} refused by a platform`);
  if (connections.lost > 0) words.push(`${plural(connections.lost, "account")} to connect again`);
  return words.join(", ");
}

interface RowProps {
  persona: PersonaSummary;
  actor: ActorBrief;
  next: NextActivity | null;
  now: number;
}

export function PersonaTableRow({ persona, actor, next, now }: RowProps) {
  const words = doing(persona.life, actor);
  const waiting = postsForPerson(persona);
  return (
    <tr id={`row-${persona.id}`} data-row="">
      <td>
        <a class="row" href={`/personas/${persona.id}`} data-focus="">
          <Face name={persona.name} small />
          <span class="name truncate" dir="auto">
            <Marked text={persona.name} />
          </span>
        </a>
      </td>
      <td class="small">
        <Dot tone={words.dot} title="" /> <span class={words.tone}>{words.text}</span>
      </td>
      <td>
        {waiting > 0
          ? <Chip tone="acc">{plural(waiting, "post")} for you</Chip>
          : <span class="faint small">–</span>}
      </td>
      <td class="wide small soft">
        {actor.state === "parked" && next !== null
          ? "nothing until it is started again"
          : <NextWords next={next} zone={persona.zone} now={now} />}
      </td>
      <td class="wide">
        <Troubles persona={persona} />
      </td>
    </tr>
  );
}

export function NextWords({ next, zone, now }: { next: NextActivity | null; zone: string; now: number }) {
  if (next === null) return <>nothing planned</>;
  if (Date.parse(next.at) <= now) return <>now: {nextWords(next.reason, true)}</>;
  return (
    <>
      <Time at={next.at} zone={zone} now={now} /> ({zoneName(zone)}) · {nextWords(next.reason)}
    </>
  );
}

function Troubles({ persona }: { persona: PersonaSummary }) {
  const lost = persona.connections.filter((connection) => connection.health === "lost");
  const { posts, connections } = persona;
  return (
    <span class="chips">
      {connections.length === 0 && persona.life !== "retired" && <Chip>no account yet</Chip>}
      {connections.filter((connection) => connection.health === "ok").map((connection) => (
        <span class={limitsOf(connection.platform).real ? "chip" : "chip sandbox"}>
          {limitsOf(connection.platform).label}
        </span>
      ))}
      {lost.map((connection) => (
        <Chip tone="bad">! {limitsOf(connection.platform).label} needs attention</Chip>
      ))}
      {persona.deadLetters > 0 && (
        <Chip tone="bad">! {plural(persona.deadLetters, "command")} failed twice</Chip>
      )}
      {posts.uncertain > 0 && (
        <a href="/uncertain">
          <Chip tone="bad">! {plural(posts.uncertain, "post")} may have gone out</Chip>
        </a>
      )}
      {posts.notWritten > 0 && <Chip tone="warn">{plural(posts.notWritten, "post")} not written</Chip>}
      {posts.failed > 0 && <Chip tone="warn">{plural(posts.failed, "post")} refused</Chip>}
    </span>
  );
}
