/** Stops where people look for them: who stopped what, since when and why, and the way to let it go out again. */
import type { Child } from "hono/jsx";
import { limitsOf, PLATFORMS } from "../../../actors/persona/platforms/limits.ts";
import { stopKey } from "../../../actors/supervisor/stop_scope.ts";
import type { Stop, StopScope } from "../../../actors/supervisor/supervisor_port.ts";
import { whoWords } from "../words.ts";
import { Input, Select } from "./field.tsx";
import { Post } from "./small.tsx";
import { Marked } from "./text.tsx";
import { Time } from "./time.tsx";

export type Users = ReadonlyMap<string, string>;

const ALL: StopScope = { kind: "all" };

/** What concerns every page: stops of everything and of whole platforms. */
export function isEverywhere({ scope }: Stop): boolean {
  return scope.kind === "all" || scope.kind === "platform";
}

/** The stop of exactly this scope. */
export function stopOf(stops: readonly Stop[], scope: StopScope): Stop | null {
  const key = stopKey(scope);
  return stops.find((stop) => stop.scope.kind === scope.kind && stopKey(stop.scope) === key) ?? null;
}

/** Posts that are held by themselves, by id. */
export function heldPosts(stops: readonly Stop[]): ReadonlyMap<string, Stop> {
  return new Map(stops.flatMap((stop) => stop.scope.kind === "post" ? [[stop.scope.postId, stop]] : []));
}

/** In one press from every page. Lifting is on the banner. */
export function StopButton({ stops }: { stops: readonly Stop[] }) {
  return (
    <div id="stop">
      {stopOf(stops, ALL) === null && (
        <Post action="/posting/stop" fields={{ scope: stopKey(ALL) }}>
          <button class="stop" title="Nothing goes out any more until a person lifts it">
            Stop<span>&nbsp;all posting</span>
          </button>
        </Post>
      )}
    </div>
  );
}

/** On every page, one for each: all posting, and whole platforms. */
export function StopBanners({ stops, users, now }: { stops: readonly Stop[]; users: Users; now: number }) {
  return (
    <div id="posting">
      {stops.filter(isEverywhere).map((stop) => (
        <div class="banner" role="alert">
          <b>
            {stop.scope.kind === "platform"
              ? `Posting on ${limitsOf(stop.scope.platform).label} is stopped.`
              : "All posting is stopped."}
          </b>
          <span>
            <WhoSinceWhy {...{ stop, users, now }} zone="UTC" begins />
          </span>
          <Lift scope={stop.scope} danger>
            {stop.scope.kind === "platform"
              ? `Let posts go out on ${limitsOf(stop.scope.platform).label}`
              : "Let posts go out again"}
          </Lift>
        </div>
      ))}
    </div>
  );
}

/** `by Ada since 14:02: typo in the price.` */
export function WhoSinceWhy({ stop, users, zone, now, begins = false }: {
  stop: Stop;
  users: Users;
  zone: string;
  now: number;
  /** Whether a sentence begins with it. */
  begins?: boolean;
}) {
  return (
    <>
      {begins ? "By" : "by"} {whoWords(stop.by, users)} since <Time at={stop.since} zone={zone} now={now} />
      {zone === "UTC" && " UTC"}
      {stop.why === "" ? "." : (
        <>
          : <Marked text={stop.why} />
        </>
      )}
    </>
  );
}

export function Lift({ scope, danger = false, children }: {
  scope: StopScope;
  danger?: boolean;
  children?: Child;
}) {
  return (
    <Post action="/posting/lift" fields={{ scope: stopKey(scope) }}>
      <button class={danger ? "btn danger" : "btn"}>{children}</button>
    </Post>
  );
}

/** On the pages of a persona and of its posts: whether its posting is stopped. Empty where it is not. */
export function PersonaStopped({ persona, stops, users, now }: {
  persona: { id: string; name: string; zone: string };
  stops: readonly Stop[];
  users: Users;
  now: number;
}) {
  const stop = stopOf(stops, { kind: "persona", personaId: persona.id });
  return (
    <div class="stopped" id={`stopped-${persona.id}`}>
      {stop !== null && (
        <div class="notice bad held" role="status">
          <span>
            <b>Nothing of this persona goes out.</b> Stopped{" "}
            <WhoSinceWhy {...{ stop, users, now }} zone={persona.zone} />
          </span>
          <Lift scope={stop.scope}>Let its posts go out</Lift>
        </div>
      )}
    </div>
  );
}

/** Opened by a button with `popovertarget`. */
export function PersonaStopForm({ persona }: { persona: { id: string; name: string } }) {
  const scope = stopKey({ kind: "persona", personaId: persona.id });
  return (
    <div class="pop" id={`stop-form-${persona.id}`} popover="auto">
      <Post action="/posting/stop" fields={{ scope }} class="stack">
        <p>
          <b>
            Stop posting of <Marked text={persona.name} />
          </b>
          <br />
          <span class="small soft">
            Its posts are held from now on, also over a restart, until a person lifts it. It goes on writing
            and listening.
          </span>
        </p>
        <Input
          name="why"
          label="Why? (may be empty)"
          scope={`stop-${persona.id}`}
          maxlength={2000}
          autofocus
        />
        <div class="row">
          <button class="btn danger">Stop its posting</button>
          <button class="btn quiet" type="button" popovertarget={`stop-form-${persona.id}`}>Cancel</button>
        </div>
      </Post>
    </div>
  );
}

/** Everything, or one platform, with a reason. */
export function StopForm() {
  return (
    <Post action="/posting/stop" class="stack" id="stop-form">
      <div class="two">
        <Select
          name="scope"
          label="What?"
          scope="stop"
          value={stopKey(ALL)}
          options={[
            { value: stopKey(ALL), label: "All posting" },
            ...PLATFORMS.map((platform) => ({
              value: stopKey({ kind: "platform", platform }),
              label: `Posting on ${limitsOf(platform).label}`,
            })),
          ]}
        />
        <Input name="why" label="Why? (may be empty)" scope="stop" maxlength={2000} />
      </div>
      <div class="row">
        <button class="btn danger">Stop it</button>
      </div>
    </Post>
  );
}

/** On the card of a post: what holds it, and the way to let it go. */
export function HeldNote({ stop, users, zone, now, lift }: {
  stop: Stop;
  users: Users;
  zone: string;
  now: number;
  /** Where the form of a post's own stop is sent. */
  lift: string;
}) {
  const { scope } = stop;
  return (
    <div class="notice warn held">
      <span>
        <b>{scope.kind === "post" ? "Held" : "Held: posting of this persona is stopped"}</b>{" "}
        <WhoSinceWhy {...{ stop, users, zone, now }} />
      </span>
      {scope.kind === "post"
        ? (
          <Post action={lift}>
            <button class="btn">Let it go out</button>
          </Post>
        )
        : scope.kind === "persona" && (
          <a class="btn" href={`/personas/${scope.personaId}`}>
            See the persona
          </a>
        )}
    </div>
  );
}
