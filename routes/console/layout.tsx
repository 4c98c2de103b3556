/** The frame of every page: rail, header, line state, the switch over posting, the command bar's place. */
import type { Child } from "hono/jsx";
import type { Stop } from "../../actors/supervisor/supervisor_port.ts";
import type { Rail } from "../../db/read/console.ts";
import type { Assets } from "./assets.ts";
import { StopBanners, StopButton, type Users } from "./parts/stops.tsx";
import { type Place, RailNav } from "./rail.tsx";
import { count } from "./parts/small.tsx";
import type { ActorStatus } from "../../actors/supervisor/supervisor_port.ts";

/**
 * Marks our script tags and `body` for `hx-csp`. Nothing inside a page carries it: the console's markup holds no acting `hx-`
 * attribute (forms are boosted from `body`), so `hx-csp` strips every one that an injection could bring. Fragments need no nonce.
 */
const SCRIPT_NONCE = crypto.randomUUID();

const HTMX_CONFIG = JSON.stringify({
  extensions: "hx-csp,ws",
  history: false,
  includeIndicatorCSS: false,
  prefix: "",
  // Ours are plain data attributes: `hx-csp` would strip the others from what is swapped in.
  morphSkip: "[hx-morph-skip],[data-editing]",
  morphSkipChildren: "[hx-morph-skip-children],[data-stream]",
  defaultTimeout: 30_000,
  ws: { reconnectDelay: 300, reconnectMaxDelay: 10_000 },
});

/** What the frame shows besides the page. */
export interface Frame {
  assets: Assets;
  rail: Rail;
  statusOf(personaId: string): ActorStatus;
  /** All that are open. */
  stops: readonly Stop[];
  /** Names of people by id, where something is stopped on every page. */
  users: Users;
  /** ms since the epoch. */
  now: number;
  user: string;
  /** Position of the last event that the page shows. */
  position: number;
}

interface LayoutProps {
  frame: Frame;
  title: string;
  place: Place;
  personaId?: string | null;
  /** What the page wants to hear of, beside what every page hears of; see `LiveSource`. Null: the page stays as it is. */
  topics?: string[] | null;
  command?: Child;
  query?: string;
  flash?: Child;
  children?: Child;
}

export function Layout(props: LayoutProps) {
  const { frame, title, place, personaId = null, topics = [], command, query = "", flash, children } = props;
  const line = topics === null ? null : liveAddress(["dashboard", "posting", ...topics], frame.position);
  return (
    <Html assets={frame.assets} title={title}>
      <body
        hx-nonce={SCRIPT_NONCE}
        hx-boost:inherited="swap:none,push:false"
        hx-headers:inherited='{"X-Digi-Persona": "1"}'
        data-position={String(frame.position)}
      >
        <a class="skip" href="#main">To the page's content</a>
        <div class="app">
          <RailNav
            rail={frame.rail}
            place={place}
            current={personaId}
            statusOf={frame.statusOf}
            user={frame.user}
          />
          <div>
            <header class="top">
              <form class="find" action="/find" method="get" role="search" hx-ignore="">
                <input
                  class="bare"
                  type="search"
                  name="q"
                  value={query}
                  aria-label="Find a persona, post, event or command"
                  placeholder="Find a persona, post, event, command"
                  data-find=""
                  autocomplete="off"
                />
                <kbd>Ctrl K</kbd>
              </form>
              <div
                class="live"
                id="line"
                role="status"
                data-line={line === null ? "off" : "waiting"}
                data-at={String(frame.position)}
                title="The line to the program: what you see is as of this event"
                data-editing=""
              >
                <i class="dot sleep" aria-hidden="true"></i>
                <span data-line-words="">as of event {count(frame.position)}</span>
              </div>
              <StopButton stops={frame.stops} />
            </header>
            <StopBanners stops={frame.stops} users={frame.users} now={frame.now} />
            <main id="main" class={command === undefined ? "plain" : undefined}>{children}</main>
          </div>
        </div>
        {command}
        <div id="flash" aria-live="polite">{flash}</div>
        {line !== null && (
          <div id="socket" hx-ws:connect={line} hx-swap="none" hx-target="#socket" hidden></div>
        )}
        <Scripts assets={frame.assets} />
      </body>
    </Html>
  );
}

/** The socket's address: `topics` joined by commas, `after` the position that the page was read at. */
export function liveAddress(topics: string[], position: number): string {
  return `/live?topics=${topics.map(encodeURIComponent).join(",")}&after=${position}`;
}

/** A page without frame: set-up, log-in, recovery. */
export function Door({ assets, title, foot, children }: {
  assets: Assets;
  title: string;
  foot?: Child;
  children?: Child;
}) {
  return (
    <Html assets={assets} title={title}>
      <body class="door">
        <div>
          <div class="brand">
            <i></i>digi-persona
          </div>
          <main class="panel" id="main">{children}</main>
          {foot !== undefined && <p class="foot">{foot}</p>}
        </div>
      </body>
    </Html>
  );
}

/**
 * At the end of `body` and not deferred: htmx then starts once all of them are there. Deferred ones may come in after htmx has
 * started, and its extensions would miss the page.
 */
function Scripts({ assets }: { assets: Assets }) {
  const files = [
    "console.js",
    "forms.js",
    "compose.js",
    "htmx.min.js",
    "ext/hx-csp.min.js",
    "ext/hx-ws.min.js",
    "live.js",
  ];
  const paths = files.map((name) => assets.pathOf(name)).filter((path) => path !== null);
  return <>{paths.map((path) => <script src={path} nonce={SCRIPT_NONCE}></script>)}</>;
}

function Html({ assets, title, children }: { assets: Assets; title: string; children?: Child }) {
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover" />
        <meta name="color-scheme" content="light dark" />
        <meta name="robots" content="noindex" />
        <title>{title} · digi-persona</title>
        <link rel="icon" href={assets.pathOf("icon.svg") ?? "/favicon.ico"} type="image/svg+xml" />
        <link rel="stylesheet" href={assets.pathOf("console.css") ?? ""} />
        <meta name="htmx-config" content={HTMX_CONFIG} />
      </head>
      {children}
    </html>
  );
}
