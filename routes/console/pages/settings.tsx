/** `/settings`: the writer and its test, the switch over posting, tokens for programs, the password, the keyboard. */
import type { Context, Hono } from "hono";
import type { Scope } from "../../access/authorize.ts";
import { SCOPES } from "../../access/authorize.ts";
import { principalOf, refuseUnless } from "../../access/middleware.ts";
import { MAX_TOKENS, type TokenInfo } from "../../access/tokens.ts";
import { route } from "../../route.ts";
import { flash, partial, pieces } from "../answers.tsx";
import { by, type Console, page } from "../context.tsx";
import { formOf } from "../giving.ts";
import { ChangePassword } from "../access_pages.tsx";
import { Check, type Errors, FormError, Input } from "../parts/field.tsx";
import { Chip, Empty, Notice, Post } from "../parts/small.tsx";
import { Marked } from "../parts/text.tsx";
import { Time } from "../parts/time.tsx";

const SCOPE_WORDS: Record<Scope, string> = {
  read: "Read everything",
  write: "Create, edit and command personas",
  approve: "Approve in the sandbox",
  "approve:real": "Approve on real accounts too (needs the one above; shown as a token's approval)",
  metrics: "Read the metrics",
};
const WRITER_TEST_MS = 30_000;

export function addSettings(app: Hono, con: Console): void {
  const all = { persona: null };
  route(app, "GET", "/settings", "settings.read", async (c) => {
    const tokens = await con.access.tokens.list();
    return await page(c, con, () =>
      Promise.resolve({
        title: "Settings",
        place: "settings",
        topics: [],
        body: <Settings con={con} tokens={tokens} isUser={principalOf(c).kind === "user"} />,
      }));
  }, all);
  route(app, "POST", "/settings/writer/test", "settings.read", (c) => testWriter(c, con), all);
  route(app, "POST", "/settings/tokens", "tokens.manage", (c) => createToken(c, con), all);
  route(app, "POST", "/settings/tokens/:tokenId/revoke", "tokens.manage", async (c) => {
    await con.access.tokens.revoke(c.req.param("tokenId") ?? "");
    return pieces(c, [
      partial("#tokens", "outerHTML", <Tokens tokens={await con.access.tokens.list()} now={con.now()} />),
      flash("Revoked."),
    ]);
  }, all);
  route(app, "POST", "/posting/stop", "posting.stop", async (c) => {
    await con.program.supervisor.stopPosting(by(c), (await formOf(c)).why?.trim().slice(0, 2_000) ?? "");
    return back(c);
  }, all);
  route(app, "POST", "/posting/lift", "posting.lift", async (c) => {
    await con.program.supervisor.liftStop(by(c));
    return back(c);
  }, all);
}

/** To where the button was pressed. */
function back(c: Context): Response {
  if (c.req.header("hx-request") !== "true") return c.redirect("/", 303);
  c.header("hx-refresh", "true");
  return c.body(null, 200);
}

function Settings({ con, tokens, isUser }: { con: Console; tokens: TokenInfo[]; isUser: boolean }) {
  const { writer, settings, supervisor } = con.program;
  const posting = supervisor.posting();
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
      <section class="panel stack">
        <h2>Posting</h2>
        {posting.stopped ? <p class="bad">All posting is stopped. The bar above lifts it.</p> : (
          <p>
            Posts go out once they are approved. <b>Stop all posting</b>{" "}
            holds everything of all personas back until a person lifts it, also over a restart.
          </p>
        )}
        {!posting.stopped && (
          <Post action="/posting/stop" class="stack">
            <Input name="why" label="Why? (may be empty)" maxlength={2000} />
            <div class="row">
              <button class="btn danger">Stop all posting</button>
            </div>
          </Post>
        )}
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
          <button class="btn">Log out</button>
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

function Tokens({ tokens, now, typed = {}, errors = {}, secret }: {
  tokens: TokenInfo[];
  now: number;
  typed?: Record<string, string>;
  errors?: Errors;
  /** Of the one that was just made: shown this once. */
  secret?: string;
}) {
  return (
    <section class="panel stack" id="tokens">
      <h2>Tokens for programs</h2>
      {secret !== undefined && (
        <Notice tone="ok">
          Copy it now; it is not shown again:
          <pre class="data">{secret}</pre>
        </Notice>
      )}
      {tokens.length === 0 && (
        <Empty title="No tokens">
          A program that uses the API sends one as <code>Authorization: Bearer …</code>
        </Empty>
      )}
      {tokens.length > 0 && (
        <table class="table stacking">
          <thead>
            <tr>
              <th>Name</th>
              <th>May</th>
              <th>Last used</th>
              <th></th>
            </tr>
          </thead>
          <tbody>
            {tokens.map((token) => (
              <tr>
                <td class="name">
                  <Marked text={token.name} />
                </td>
                <td class="wide">
                  <span class="chips">{token.scopes.map((scope) => <Chip>{scope}</Chip>)}</span>
                </td>
                <td class="small soft">
                  {token.lastUsedAt === null ? "never" : <Time at={token.lastUsedAt} zone="UTC" now={now} />}
                  {token.expiresAt !== null && (
                    <>
                      , until <Time at={token.expiresAt} zone="UTC" now={now} />
                    </>
                  )}
                </td>
                <td>
                  <Post action={`/settings/tokens/${token.id}/revoke`}>
                    <button class="btn danger">Revoke</button>
                  </Post>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <Post action="/settings/tokens" class="stack">
        <FormError errors={errors} />
        <div class="two">
          <Input
            name="name"
            label="Name"
            scope="token"
            value={typed.name}
            errors={errors}
            hint="What uses it: nightly report."
            maxlength={64}
          />
          <Input
            name="days"
            label="Ends after days"
            scope="token"
            value={typed.days}
            errors={errors}
            hint="May be empty: then it does not end."
          />
        </div>
        <fieldset class="stack">
          {SCOPES.map((scope) => (
            <Check
              name={`scope-${scope}`}
              label={
                <>
                  {SCOPE_WORDS[scope]} <code class="faint">{scope}</code>
                </>
              }
              checked={typed[`scope-${scope}`] !== undefined ||
                (scope === "read" && Object.keys(typed).length === 0)}
            />
          ))}
          {errors.scopes !== undefined && <span class="error" role="alert">{errors.scopes}</span>}
        </fieldset>
        <div class="row">
          <button class="btn">Make a token</button>
        </div>
      </Post>
    </section>
  );
}

async function testWriter(c: Context, con: Console): Promise<Response> {
  const answer = await con.program.writer.test(AbortSignal.timeout(WRITER_TEST_MS));
  const words = answer.ok
    ? <span class="ok">✓ {answer.model} answered in {(answer.ms / 1_000).toFixed(1)} s.</span>
    : <span class="bad">✕ {answer.reason.replaceAll("_", " ")}: {answer.detail}</span>;
  return pieces(c, [partial("#writer-answer", "innerHTML", words)]);
}

async function createToken(c: Context, con: Console): Promise<Response> {
  const typed = await formOf(c);
  const { tokens } = con.access;
  const again = async (errors: Errors) =>
    pieces(c, [
      partial(
        "#tokens",
        "outerHTML",
        <Tokens
          tokens={await tokens.list()}
          now={con.now()}
          typed={{ ...typed, sent: "1" }}
          errors={errors}
        />,
      ),
    ], 422);
  const scopes = SCOPES.filter((scope) => typed[`scope-${scope}`] !== undefined);
  const name = (typed.name ?? "").trim();
  const days = (typed.days ?? "").trim();
  if (name === "") return await again({ name: "Give it a name." });
  if (days !== "" && !/^[1-9]\d{0,3}$/.test(days)) {
    return await again({ days: "Say a whole number of days, up to 9999." });
  }
  if (scopes.length === 0) return await again({ scopes: "Say what it may do." });
  if (scopes.includes("approve:real")) {
    if (!scopes.includes("approve")) {
      return await again({ scopes: "Approving on real accounts needs approving in the sandbox too." });
    }
    const refusal = refuseUnless(c, "tokens.grant_real_approval", null);
    if (refusal) return refusal;
  }
  const principal = principalOf(c);
  const made = await tokens.create({
    name: name.slice(0, 64),
    scopes,
    userId: principal.kind === "user" ? principal.id : null,
    expiresAt: days === "" ? null : new Date(con.now() + Number(days) * 86_400_000).toISOString(),
  });
  if (made === null) {
    return await again({ form: `There are ${MAX_TOKENS} tokens already: revoke one first.` });
  }
  return pieces(c, [
    partial(
      "#tokens",
      "outerHTML",
      <Tokens tokens={await tokens.list()} now={con.now()} secret={made.token} />,
    ),
  ]);
}
