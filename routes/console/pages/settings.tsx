/** `/settings`: the writer and its test, stops of posting, tokens for programs, the password, the keyboard. */
import type { Context, Hono } from "hono";
import { principalOf } from "../../access/middleware.ts";
import type { TokenInfo } from "../../access/tokens.ts";
import { route } from "../../route.ts";
import { partial, pieces } from "../answers.tsx";
import { type Console, page } from "../context.tsx";
import { ChangePassword } from "../access_pages.tsx";
import { createToken, revokeToken, Tokens } from "./settings_tokens.tsx";
import { Notice, Post } from "../parts/small.tsx";
import { StopForm } from "../parts/stops.tsx";
import { addPeople } from "./settings_people.tsx";
import { OpenStops, type OpenStopsProps, readOpenStops } from "./settings_stops.tsx";

const WRITER_TEST_MS = 30_000;

export function addSettings(app: Hono, con: Console): void {
  const all = { persona: null };
  route(app, "GET", "/settings", "settings.read", async (c) => {
    const tokens = await con.access.tokens.list();
    return await page(c, con, async (sql) => {
      const after = c.req.query("stops") ?? null;
      const stops = await readOpenStops(sql, con.program.supervisor.stops(), con.now(), after);
      return {
        title: "Settings",
        place: "settings",
        topics: after === null ? ["stops"] : [],
        body: <Settings {...{ con, tokens, stops }} isUser={principalOf(c).kind === "user"} />,
      };
    });
  }, all);
  route(app, "POST", "/settings/writer/test", "settings.read", (c) => testWriter(c, con), all);
  addPeople(app, con);
  route(app, "POST", "/settings/tokens", "tokens.manage", (c) => createToken(c, con), all);
  route(app, "POST", "/settings/tokens/:tokenId/revoke", "tokens.manage", (c) => revokeToken(c, con), all);
}

function Settings({ con, tokens, stops, isUser }: {
  con: Console;
  tokens: TokenInfo[];
  stops: OpenStopsProps;
  isUser: boolean;
}) {
  const { writer, settings } = con.program;
  return (
    <div class="narrow">
      <div class="page-head">
        <div>
          <h1>Settings</h1>
          <p class="sub">
            digi-persona {settings.version}
            {settings.publicUrl !== null && <>at {settings.publicUrl}</>}
          </p>
        </div>
      </div>
      <section class="panel stack" id="writer">
        <h2>Writer</h2>
        <p>{writer.describe()}</p>
        {writer.offline()
          ? (
            <Notice>
              To let a language model write, add this line to the file <code>.env</code> and start again:
              <pre class="data">OPENAI_API_KEY=…</pre>
              For any other OpenAI-compatible endpoint, also a local one, add{" "}
              <code>OPENAI_BASE_URL=http://127.0.0.1:11434/v1</code> and <code>OPENAI_MODEL=…</code>
            </Notice>
          )
          : (
            <p class="small soft">
              To change it: <code>OPENAI_MODEL=…</code> in the file{" "}
              <code>.env</code>, then start again. Without <code>OPENAI_API_KEY</code>{" "}
              the offline writer takes over.
            </p>
          )}
        <Post action="/settings/writer/test" class="row">
          <button class="btn">Test the writer</button>
          <span id="writer-answer" class="small soft" role="status"></span>
        </Post>
      </section>
      <section class="panel stack" id="posting-stops">
        <h2>Posting</h2>
        <p>
          Posts go out once they are approved. A stop holds them back at once, also over a restart, until a
          person lifts it. One persona is stopped on its page, one post on its card.
        </p>
        <StopForm />
        <div class="stack" id={stops.after === null ? "stops" : "stops-older"}>
          <OpenStops {...stops} />
        </div>
      </section>
      <section class="panel stack">
        <h2>People outside</h2>
        <p>
          How long what others say is kept, who asked to be left alone, and the erasure of what one person
          said.
        </p>
        <div class="row">
          <a class="btn" href="/settings/people">Open</a>
        </div>
      </section>
      <section class="panel stack">
        <h2>Keyboard</h2>
        <p class="small soft">
          On a card: <kbd>A</kbd> approve, <kbd>E</kbd> edit, <kbd>R</kbd> reject, <kbd>G</kbd> write again.
          {" "}
          <kbd>j</kbd> <kbd>k</kbd> move, <kbd>Ctrl K</kbd> finds, <kbd>/</kbd> goes to the command line.
        </p>
        <label class="check">
          <input type="checkbox" data-keys-switch="" checked />
          <span>Single-key shortcuts, in this browser</span>
        </label>
      </section>
      <section class="panel stack">
        <h2>This session</h2>
        <Post action="/logout">
          <button class="btn">End this session</button>
        </Post>
      </section>
      <Tokens tokens={tokens} now={con.now()} />
      {isUser && (
        <section class="panel stack">
          <h2>Password</h2>
          <div id="password">
            <ChangePassword errors={{}} notice={null} changed={false} />
          </div>
        </section>
      )}
    </div>
  );
}

async function testWriter(c: Context, con: Console): Promise<Response> {
  const answer = await con.program.writer.test(AbortSignal.timeout(WRITER_TEST_MS));
  const words = answer.ok
    ? <span class="ok">✓ {answer.model} answered in {(answer.ms / 1_000).toFixed(1)} s.</span>
    : <span class="bad">✕ {answer.reason.replaceAll("_", " ")}: {answer.detail}</span>;
  return pieces(c, [partial("#writer-answer", "innerHTML", words)]);
}
