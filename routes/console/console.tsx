/** The console: every page of it, on one Hono app. Access must stand before it; see `docs/architecture.md`. */
import { Hono } from "hono";
import type { Program } from "../program.ts";
import { Assets } from "./assets.ts";
import { addCommandBar } from "./command_bar.tsx";
import { addCompose } from "./compose/routes.tsx";
import type { Console, ConsoleAccess } from "./context.tsx";
import { addDeadLetters } from "./dead_letter_commands.tsx";
import { addMedia } from "./media.ts";
import { addConnections } from "./pages/connections.tsx";
import { addDashboard } from "./pages/dashboard.tsx";
import { addFind } from "./pages/find.tsx";
import { addFirstSteps } from "./pages/first_steps.tsx";
import { addIdentity } from "./pages/identity.tsx";
import { addInbox } from "./pages/inbox.tsx";
import { addUncertain } from "./pages/uncertain.tsx";
import { addImport } from "./pages/import.tsx";
import { addPersonaPages } from "./pages/persona.tsx";
import { addPostPages } from "./pages/post.tsx";
import { addRuntime } from "./pages/runtime.tsx";
import { addSandbox } from "./pages/sandbox.tsx";
import { addSettings } from "./pages/settings.tsx";
import { addStreams } from "./pages/streams.tsx";
import { addPostCommands } from "./post_commands.tsx";
import { addStopCommands } from "./stop_commands.tsx";
import { Uploads } from "./uploads.ts";

export interface ConsoleOptions {
  /** ms since the epoch. @default the system's clock */
  now?: () => number;
  /** Bytes free where the data lies. @default without end */
  freeBytes?: () => Promise<number>;
  /** @default read from `static/` and the htmx package */
  assets?: Assets;
}

/**
 * Adds the console's routes to `app`, whose access middleware must stand already. Gives what `missing` and `failed` need, the
 * pages for addresses that nobody knows and for what went wrong.
 */
export function addConsole(
  app: Hono,
  program: Program,
  access: ConsoleAccess,
  options: ConsoleOptions = {},
): Console {
  const now = options.now ?? Date.now;
  const assets = options.assets ?? Assets.load();
  const freeBytes = options.freeBytes ?? (() => Promise.resolve(Infinity));
  const con: Console = { program, access, assets, uploads: new Uploads(now), now, freeBytes };
  assets.register(app);
  for (
    const add of [
      addDashboard,
      addFirstSteps,
      addImport,
      addPersonaPages,
      addIdentity,
      addConnections,
      addCommandBar,
      addPostCommands,
      addCompose,
      addMedia,
      addStreams,
      addPostPages,
      addUncertain,
      addInbox,
      addSandbox,
      addRuntime,
      addSettings,
      addStopCommands,
      addDeadLetters,
      addFind,
    ]
  ) add(app, con);
  return con;
}

/** The console as an app of its own, to be mounted with `app.route("/", …)` behind access. */
export function consoleRoutes(program: Program, access: ConsoleAccess, options: ConsoleOptions = {}): Hono {
  const app = new Hono();
  addConsole(app, program, access, options);
  return app;
}
