/** The line at the bottom: what was understood is shown before it is sent, by the same rules that then run it. */
import type { Context, Hono } from "hono";
import { limitsOf } from "../../actors/persona/platforms/limits.ts";
import { linkedConnections } from "../../db/read/connections.ts";
import { getPersona, type PersonaRead } from "../../db/read/personas.ts";
import { commandSchemas } from "../api/schemas/command.ts";
import { refuseUnless } from "../access/middleware.ts";
import { route } from "../route.ts";
import { flash, pieces } from "./answers.tsx";
import { LINE_COMMANDS, readLine, type Understood } from "./command_line.ts";
import { by, type Console } from "./context.tsx";
import { formOf, give } from "./giving.ts";
import { missing } from "./pages/missing.tsx";
import { Chip, PlatformChip, Post } from "./parts/small.tsx";
import { Marked } from "./parts/text.tsx";
import { say, zoneName } from "./parts/time.tsx";

export function CommandBar({ persona }: { persona: { id: string; name: string } }) {
  const address = `/personas/${persona.id}/command`;
  return (
    <div class="cmd">
      <output id="understood" data-preview={address} aria-live="polite"></output>
      <Post action={address} data-keep={`line-${persona.id}`} id="command-bar">
        <code aria-hidden="true" class="link">/</code>
        <input
          class="bare"
          name="line"
          id="line-input"
          data-line-input=""
          aria-label={`Command for ${persona.name}`}
          placeholder="compose about why lindens drip, for the sandbox, tomorrow 9:00"
          autocomplete="off"
          maxlength={5000}
        />
        <span class="chip to">to {persona.name} only</span>
        <button class="btn go">
          Send <kbd>↵</kbd>
        </button>
      </Post>
    </div>
  );
}

export function addCommandBar(app: Hono, con: Console): void {
  route(app, "GET", "/personas/:personaId/command", "persona.read", async (c) => {
    const persona = await getPersona(con.program.sql, c.req.param("personaId") ?? "");
    if (persona === null) return c.body(null, 404);
    const understood = await understand(con, persona, c.req.query("line") ?? "");
    return c.html(String(<Preview understood={understood} persona={persona} now={con.now()} />));
  });
  route(app, "POST", "/personas/:personaId/command", "persona.command", (c) => run(c, con));
}

async function understand(con: Console, persona: PersonaRead, line: string): Promise<Understood> {
  const linked = (await linkedConnections(con.program.sql, [persona.id])).get(persona.id) ?? [];
  return readLine(line, {
    zone: persona.zone,
    now: con.now(),
    platforms: linked.map(({ platform }) => platform),
  });
}

function Preview(
  { understood, persona, now }: { understood: Understood; persona: PersonaRead; now: number },
) {
  if (!understood.ok) return <span class="bad small">✕ {understood.message}</span>;
  switch (understood.kind) {
    case "nothing":
      return null;
    case "help":
      return <span class="small">{HELP}</span>;
    case "pause":
      return <span class="small">Pauses {persona.name}: nothing of it goes out until it is resumed.</span>;
    case "resume":
      return <span class="small">Resumes {persona.name}.</span>;
    case "stop":
      return <span class="small bad">Stops all posting, of all personas, until a person lifts it.</span>;
    case "compose":
      return (
        <>
          <span class="small soft">Asks for a draft</span>
          <PlatformChip platform={understood.platform} />
          <span class="small">
            about “<Marked
              text={understood.brief.length > 160 ? `${understood.brief.slice(0, 160)}…` : understood.brief}
            />”
          </span>
          {understood.at === null ? <Chip>no time set</Chip> : (
            <Chip tone="acc">
              goes out {say(new Date(understood.at.ms).toISOString(), understood.at.zone, "short", now)}{" "}
              ({zoneName(understood.at.zone)}), once approved
            </Chip>
          )}
        </>
      );
    default:
      return understood satisfies never;
  }
}

const HELP = `${
  LINE_COMMANDS.map((one) => `/${one}`).join("  ")
} · /compose about WHAT, for WHERE, WHEN: “tomorrow 9:00”, “Fri 18:30”, “in 2 hours”`;

async function run(c: Context, con: Console): Promise<Response> {
  const persona = await getPersona(con.program.sql, c.req.param("personaId") ?? "");
  if (persona === null) return await missing(c, con, "persona");
  const understood = await understand(con, persona, (await formOf(c)).line ?? "");
  const no = (message: string, status: 409 | 422 | 429 | 503 = 422) =>
    pieces(c, [flash(message, "bad")], status);
  if (!understood.ok) return no(understood.message);
  switch (understood.kind) {
    case "nothing":
      return no("Nothing was typed.");
    case "help":
      return pieces(c, [flash(HELP)]);
    case "stop": {
      const refusal = refuseUnless(c, "posting.stop", null);
      if (refusal) return refusal;
      await con.program.supervisor.stop({ kind: "all" }, by(c), "");
      c.header("hx-refresh", "true");
      return pieces(c, [flash("All posting is stopped.")]);
    }
    case "pause":
    case "resume": {
      const given = await give(c, con, persona.id, { type: understood.kind });
      return given.ok
        ? pieces(c, [flash(understood.kind === "pause" ? "Paused." : "Resumed.")])
        : no(given.message, given.status);
    }
    case "compose": {
      const { platform, brief, at } = understood;
      const postId = crypto.randomUUID();
      const checked = commandSchemas.compose.safeParse({ type: "compose", platform, brief, postId });
      if (!checked.success) return no(`The brief ${checked.error.issues[0]?.message ?? "is not right"}.`);
      const given = await give(c, con, persona.id, { type: "compose", platform, brief, postId });
      if (!given.ok) return no(given.message, given.status);
      if (at === null) return pieces(c, [flash(`Asked for a draft for ${limitsOf(platform).label}.`)]);
      const timed = await give(c, con, persona.id, { type: "schedule", postId, at: at.local, zone: at.zone });
      return timed.ok
        ? pieces(c, [
          flash(
            `Asked for a draft; it goes out ${
              say(new Date(at.ms).toISOString(), at.zone, "short", con.now())
            } once it is approved.`,
          ),
        ])
        : pieces(c, [
          flash(`The draft is asked for, but its time could not be set: ${timed.message}`, "bad"),
        ]);
    }
    default:
      return understood satisfies never;
  }
}
