/** A persona's accounts: connect, look after, disconnect. Credentials go to the vault and are never shown again. */
import type { Context, Hono } from "hono";
import { limitsOf } from "../../../actors/persona/platforms/limits.ts";
import { getConnection, listConnections } from "../../../db/read/connections.ts";
import type { PersonaRead } from "../../../db/read/personas.ts";
import { platformUse } from "../../../db/platform_use.ts";
import type { Sql } from "../../../db/sql.ts";
import { callbackAddress } from "../../oauth/callback.ts";
import { route } from "../../route.ts";
import { flash, go, pieces } from "../answers.tsx";
import { by, type Console } from "../context.tsx";
import { formOf, give } from "../giving.ts";
import { Notice, Post } from "../parts/small.tsx";
import { Marked } from "../parts/text.tsx";
import { type Account, AccountCard } from "./connections_account.tsx";
import { addConnecting } from "./connections_connect.tsx";
import { addConfirming } from "./connections_confirm.tsx";
import { ConnectForm, REAL_PLATFORMS, type RealPlatform } from "./connections_forms.tsx";
import { personaPage } from "./persona.tsx";

/** Longest wait for what a platform says of a connection; the page tells of it later, too. */
const CHECK_WAIT_MS = 10_000;

export function addConnections(app: Hono, con: Console): void {
  const at = "/personas/:personaId/connections";
  route(app, "GET", at, "persona.read", (c) =>
    personaPage(c, con, "connections", async (sql, persona) => ({
      body: <Page {...await pageOf(c, con, sql, persona)} />,
    })));
  route(app, "POST", `${at}/sandbox`, "persona.connect", (c) => linkSandbox(c, con));
  addConnecting(app, con);
  addConfirming(app, con);
  route(app, "POST", `${at}/:connectionId/check`, "persona.command", (c) => check(c, con));
  route(app, "POST", `${at}/:connectionId/words`, "persona.connect", (c) => setWords(c, con));
  route(app, "POST", `${at}/:connectionId/unlink`, "persona.connect", (c) => unlink(c, con));
}

interface PageProps {
  persona: PersonaRead;
  accounts: Account[];
  /** Handles of accounts that were disconnected. */
  former: { platform: string; handle: string }[];
  /** Whose form is shown; null: none. */
  shown: RealPlatform | null;
  callback: string | null;
  app: string | null;
  now: number;
}

async function pageOf(c: Context, con: Console, sql: Sql, persona: PersonaRead): Promise<PageProps> {
  const { connections } = con.program;
  const now = con.now();
  const all = await listConnections(sql, persona.id);
  const linked = all.filter((one) => one.linked);
  const [described, use] = await Promise.all([
    connections.describe(linked),
    platformUse(sql, linked.map((one) => one.id), now),
  ]);
  const accounts = linked.map((connection): Account => ({
    connection,
    description: described.get(connection.id) ?? null,
    use: use.get(connection.id) ?? { windows: [], spent: [], lastAt: null, lastOkAt: null, error: null },
  }));
  const shown = shownForm(c.req.query("connect"), accounts);
  return {
    persona,
    accounts,
    former: all.filter((one) => !one.linked).map(({ platform, handle }) => ({
      platform: limitsOf(platform).label,
      handle,
    })),
    shown,
    callback: shown === "x" || shown === "linkedin" ? callbackAddress(c, shown) : null,
    app: shown === "x" || shown === "linkedin" ? connections.apps()[shown] : null,
    now,
  };
}

/** The one that was asked for, or else the first that needs a person, or else the first that is not there. */
function shownForm(asked: string | undefined, accounts: Account[]): RealPlatform | null {
  const of = (platform: RealPlatform) => accounts.find((one) => one.connection.platform === platform);
  return REAL_PLATFORMS.find((platform) => platform === asked) ??
    REAL_PLATFORMS.find((platform) => of(platform)?.connection.health === "lost") ??
    REAL_PLATFORMS.find((platform) => of(platform) === undefined) ?? null;
}

function Page({ persona, accounts, former, shown, callback, app, now }: PageProps) {
  const account = accounts.find(({ connection }) => connection.platform === shown);
  return (
    <div class="cols">
      <section>
        <div class="head">
          <h2>Accounts</h2>
          <span>an account belongs to one persona only</span>
        </div>
        {accounts.map((account) => <AccountCard persona={persona} account={account} now={now} />)}
        {!accounts.some(({ connection }) => connection.platform === "sandbox") && (
          <div class="panel stack">
            <h2>Sandbox</h2>
            <p class="small soft">
              A small social network inside digi-persona: no account is needed, it answers back, and nobody
              outside sees it.
            </p>
            <Post action={`/personas/${persona.id}/connections/sandbox`}>
              <button class="btn go">Connect the sandbox</button>
            </Post>
          </div>
        )}
        {former.length > 0 && (
          <details class="fold">
            <summary>Disconnected</summary>
            {former.map(({ platform, handle }) => (
              <p class="small soft">
                {platform}: <Marked text={handle} />
              </p>
            ))}
          </details>
        )}
      </section>
      <div id="connect">
        {persona.kind === "real_person"
          ? <Notice tone="warn">A persona of a real living person cannot have a real account.</Notice>
          : (
            <>
              <Choose persona={persona} shown={shown} />
              {shown !== null && (
                <ConnectForm
                  platform={shown}
                  persona={persona}
                  typed={shown === "bluesky" && account !== undefined
                    ? { identifier: account.connection.handle }
                    : undefined}
                  again={account !== undefined}
                  callback={callback}
                  app={app}
                />
              )}
            </>
          )}
      </div>
    </div>
  );
}

function Choose({ persona, shown }: { persona: PersonaRead; shown: RealPlatform | null }) {
  return (
    <nav class="tabs" aria-label="Platform to connect">
      {REAL_PLATFORMS.map((platform) => (
        <a
          href={`/personas/${persona.id}/connections?connect=${platform}#connect`}
          aria-current={platform === shown ? "page" : undefined}
        >
          {limitsOf(platform).label}
        </a>
      ))}
    </nav>
  );
}

async function linkSandbox(c: Context, con: Console): Promise<Response> {
  const personaId = c.req.param("personaId") ?? "";
  const answer = await con.program.connections.linkSandbox(personaId, by(c));
  if (answer.kind === "refused") return pieces(c, [flash(answer.message, "bad")], 422);
  return go(c, `/personas/${personaId}/connections`);
}

/** Asks the persona to look, and waits for what it says. */
async function check(c: Context, con: Console): Promise<Response> {
  const personaId = c.req.param("personaId") ?? "";
  const connectionId = c.req.param("connectionId") ?? "";
  const checked = Promise.withResolvers<void>();
  const stop = con.program.log.subscribe((events) => {
    const found = events.some((event) =>
      event.type === "ConnectionChecked" && event.stream === personaId &&
      event.data.connectionId === connectionId
    );
    if (found) checked.resolve();
  });
  const timer = setTimeout(checked.resolve, CHECK_WAIT_MS);
  try {
    const given = await give(c, con, personaId, { type: "check_connection", connectionId });
    if (!given.ok) return pieces(c, [flash(given.message, "bad")], given.status);
    await checked.promise;
  } finally {
    clearTimeout(timer);
    stop();
  }
  return go(c, `/personas/${personaId}/connections`);
}

async function setWords(c: Context, con: Console): Promise<Response> {
  const personaId = c.req.param("personaId") ?? "";
  const { show } = await formOf(c);
  const connectionId = c.req.param("connectionId") ?? "";
  const answer = await con.program.connections.setWordsToModel(
    personaId,
    connectionId,
    show === "yes",
    by(c),
  );
  if (answer.kind === "refused") return pieces(c, [flash(answer.message, "bad")], 422);
  return go(c, `/personas/${personaId}/connections`);
}

async function unlink(c: Context, con: Console): Promise<Response> {
  const personaId = c.req.param("personaId") ?? "";
  const connectionId = c.req.param("connectionId") ?? "";
  const connection = await getConnection(con.program.sql, connectionId);
  if (connection === null || connection.persona !== personaId) {
    return pieces(c, [flash("There is no such connection.", "bad")], 404);
  }
  const answer = await con.program.connections.unlink(personaId, connectionId, by(c));
  if (answer.kind === "refused") return pieces(c, [flash(answer.message, "bad")], 422);
  return go(c, `/personas/${personaId}/connections`);
}
